import type { Account } from '../account/account.ts';
import { foldName } from '../account/names.ts';
import type { Identity, KeptIdentity } from '../external-login/identity.ts';
import { slugOf } from '../external-login/settle.ts';

/** Ids of these attributes are given to nobody else, ever. */
const neverGivenAgain = new Set(['objectguid', 'guid', 'entryuuid', 'ibm-entryuuid', 'nsuniqueid', 'dominounid']);

/**
 * Whether an entry is of somebody else than the account, though it bears the same id: its username and its address are
 * both others than what is known of either. Numbers of people who left are given to others, and so are names: there the
 * id that the directory itself gave the entry tells.
 */
export function isQuiteAnother(
  { username, emails, facts }: Identity,
  { identity, account }: { readonly identity: KeptIdentity; readonly account: Account },
): { readonly held: boolean } {
  if (neverGivenAgain.has((facts['idAttribute'] ?? '').toLowerCase())) return { held: false };
  const fold = (texts: readonly (string | undefined)[]): readonly string[] =>
    texts.flatMap((text) => (text === undefined || text === '' ? [] : [foldName(text)]));
  const names = fold([identity.facts['username'], account.username]);
  const addresses = fold([identity.facts['email'], ...account.emails.map(({ address }) => address)]);
  const told = fold([username, username === undefined ? undefined : slugOf(username)]);
  const [email] = fold(emails.map(({ address }) => address));
  const [entryWas, entryIs] = [identity.facts['entry'], facts['entry']];
  if (entryWas !== undefined && entryIs !== undefined && entryWas !== entryIs) {
    // Another entry: of the same person where the address is the same, as in a directory that was built anew.
    return { held: email === undefined || !addresses.includes(email) };
  }
  if (told.length === 0 || email === undefined || names.length === 0 || addresses.length === 0) return { held: false };
  return { held: !told.some((name) => names.includes(name)) && !addresses.includes(email) };
}
