import type { Account } from '../account/account.ts';
import { foldName } from '../account/names.ts';
import { isEmail } from '../account/rules.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Identity } from './identity.ts';
import type { JoinTerms } from './identity-store.ts';
import { Overtaken, type SettleNeeds } from './settle-needs.ts';
import { slugOf } from './told-names.ts';

/** An account that is there. */
export interface Found {
  readonly account: Account;
  /** What the account must still be to be joined; undefined where it is joined already. */
  readonly onlyWhile: JoinTerms | undefined;
  /** The address that the provider told the last time. */
  readonly formerAddress: string | undefined;
}

/** @returns the account that may be joined, and while what; undefined where nobody is in the way of a new one */
export async function joinable(needs: SettleNeeds, identity: Identity): Promise<Found | undefined> {
  const { joins } = identity;
  for (const { address, asserted } of identity.emails) {
    const owner = isEmail(address).held ? await needs.accounts.find({ by: 'email', value: address }) : undefined;
    if (owner === undefined) continue;
    const own = owner.emails.find((email) => foldName(email.address) === foldName(address));
    const mayJoin = joins.byEmail && asserted && own?.verified === true && owner.kind === 'user';
    if (!mayJoin && !(joins.byUsername && isCalled(owner, identity))) {
      throw new Fault('identity-address-taken', { provider: identity.provider });
    }
    if (!mayJoin) continue;
    if ((await isOfAnother(needs, owner, identity)).held) {
      throw new Fault('identity-address-taken', { provider: identity.provider });
    }
    const onlyWhile = { verifiedAddress: address, noOtherOfProvider: othersThatCount(identity) };
    return { account: owner, onlyWhile, formerAddress: undefined };
  }
  if (identity.username === undefined) return undefined;
  const namesake = await needs.accounts.find({ by: 'username', value: slugOf(identity.username) });
  if (namesake === undefined) return undefined;
  // A name that had to be changed to be one here is not the other's name.
  const mayJoin = joins.byUsername && isCalled(namesake, identity) && namesake.kind === 'user';
  if (!mayJoin || (await isOfAnother(needs, namesake, identity)).held) {
    throw new Fault('identity-username-taken', { provider: identity.provider, username: identity.username });
  }
  const asserted = identity.emails.flatMap((email) => (email.asserted ? [email.address] : []));
  const onlyWhile = {
    username: namesake.username ?? '',
    noOtherOfProvider: othersThatCount(identity),
    strangerUnlessVerified: asserted,
  };
  return { account: namesake, onlyWhile, formerAddress: undefined };
}

/**
 * Whether an account is another person's of the same provider. Names and addresses are given again, to whoever comes after
 * somebody who left: an account that a provider knows under another subject is not theirs.
 */
async function isOfAnother(
  { identitiesOf }: SettleNeeds,
  { id }: Account,
  identity: Identity,
): Promise<{ readonly held: boolean }> {
  const counts = othersThatCount(identity);
  const others = (await identitiesOf(id)).filter(
    ({ provider, subject }) => provider === identity.provider && subject !== identity.subject,
  );
  return { held: others.some(({ usedAt }) => counts === 'any' || usedAt !== undefined) };
}

/** Links that say whose an account is, see `Identity.passesUnused`. */
function othersThatCount({ passesUnused }: Identity): 'any' | 'used' {
  return passesUnused === true ? 'used' : 'any';
}

function isCalled({ username }: Account, identity: Identity): boolean {
  return (
    username !== undefined && identity.username !== undefined && foldName(username) === foldName(identity.username)
  );
}

/** Joins them. @throws Overtaken where the account is not what it must be by now */
export async function link(
  needs: SettleNeeds,
  identity: Identity,
  account: Account,
  onlyWhile: JoinTerms,
  caller: Caller,
): Promise<void> {
  const at = needs.clock.now();
  const audit = recordOf(
    'identity.link',
    { at, caller, actorId: account.id, accountId: account.id },
    {
      provider: identity.provider,
      by: onlyWhile.username === undefined ? 'email' : 'username',
    },
  );
  const outcome = await needs.identities.link(identity, account.id, onlyWhile, at, audit);
  if (outcome !== 'linked') throw new Overtaken();
}
