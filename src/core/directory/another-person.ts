import type { Account } from '../account/account.ts';
import { foldName } from '../account/names.ts';
import type { Identity, KeptIdentity } from '../external-login/identity.ts';
import { slugOf } from '../external-login/told-names.ts';

/** Ids of these attributes are given to nobody else, ever. */
const neverGivenAgain = new Set(['objectguid', 'guid', 'entryuuid', 'ibm-entryuuid', 'nsuniqueid', 'dominounid']);

/**
 * Whether an entry is of somebody else than the account, though it bears the same id. Numbers of people who left are given
 * to others, and so are names and addresses. Where the directory itself calls the entry otherwise than before, it is
 * always somebody else. Where it does not tell that, it is whoever has another username and another address; another
 * username alone where there are no two addresses to compare.
 * @param acceptsNewEntries an operator says that the directory was built anew: then an entry is of the same person where
 *   the address is the same, or the username where there are no two addresses
 */
export function isQuiteAnother(
  { username, emails, facts }: Identity,
  { identity, account }: { readonly identity: KeptIdentity; readonly account: Account },
  { acceptsNewEntries = false }: { readonly acceptsNewEntries?: boolean } = {},
): { readonly held: boolean } {
  if (neverGivenAgain.has((facts['idAttribute'] ?? '').toLowerCase())) return { held: false };
  const [entryWas, entryIs] = [identity.facts['entry'], facts['entry']];
  const isAnew = entryWas !== undefined && entryIs !== undefined && entryWas !== entryIs;
  if (isAnew && !acceptsNewEntries) return { held: true };
  const names = folded([identity.facts['username'], account.username]);
  const addresses = folded([identity.facts['email'], ...account.emails.map(({ address }) => address)]);
  const told = folded([username, username === undefined ? undefined : slugOf(username)]);
  const [email] = folded(emails.map(({ address }) => address));
  const isCalledOtherwise = told.length > 0 && names.length > 0 && !told.some((name) => names.includes(name));
  if (email === undefined || addresses.length === 0) {
    return { held: isCalledOtherwise || (isAnew && (told.length === 0 || names.length === 0)) };
  }
  return { held: (isAnew || isCalledOtherwise) && !addresses.includes(email) };
}

function folded(texts: readonly (string | undefined)[]): readonly string[] {
  return texts.flatMap((text) => (text === undefined || text === '' ? [] : [foldName(text)]));
}
