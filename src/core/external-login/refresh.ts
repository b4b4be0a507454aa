import type { Account, Email } from '../account/account.ts';
import type { CreateNeeds } from '../account/create.ts';
import { factsOfEdit } from '../account/edit.ts';
import { foldName } from '../account/names.ts';
import { isEmail, mustBeEmail, mustBeUsername } from '../account/rules.ts';
import type { AccountEdit } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Identity } from './identity.ts';
import type { SettleNeeds } from './settle-needs.ts';
import { cleanName, slugOf } from './told-names.ts';

/**
 * What the provider decides of an account that is joined with it: written where it is another by now. Names and addresses
 * that somebody else has by now stay as they are, and so do the roles of the last administrator.
 */
export async function refreshed(
  needs: SettleNeeds,
  account: Account,
  identity: Identity,
  formerAddress: string | undefined,
  caller: Caller,
): Promise<Account> {
  const edits = [
    namesEdit(needs, account, identity),
    emailsEdit(needs, account, identity, formerAddress),
    rolesEdit(needs, account, identity),
  ].filter((edit) => Object.keys(edit).length > 0);
  let now = account;
  for (const edit of edits) {
    const at = needs.clock.now();
    const audit = recordOf(
      'account.edit',
      { at, caller, actorId: undefined, accountId: account.id },
      { provider: identity.provider, ...factsOfEdit(now, edit) },
    );
    if ((await needs.accounts.edit(account.id, edit, at, audit)) === 'done') now = { ...now, ...(edit as object) };
  }
  return now;
}

function namesEdit({ creating }: SettleNeeds, account: Account, { overwrites, ...identity }: Identity): AccountEdit {
  const username = identity.username === undefined ? '' : slugOf(identity.username);
  const name = cleanName(identity.name ?? '');
  return {
    ...(overwrites.username && username !== account.username && mayBeCalled(username, creating).held
      ? { username }
      : {}),
    ...(overwrites.name && name !== '' && name !== account.name ? { name } : {}),
  };
}

function emailsEdit(
  { policy, creating }: SettleNeeds,
  account: Account,
  { overwrites, emails }: Identity,
  formerAddress: string | undefined,
): AccountEdit {
  if (!overwrites.emails) return {};
  const told = emails.find(({ address }) => isEmail(address).held);
  if (told === undefined || !mayBeMailedTo(told.address, creating).held) return {};
  const key = foldName(told.address);
  const own = account.emails.find(({ address }) => foldName(address) === key);
  const verified = own?.verified === true || (told.asserted && policy().takesAssertedAsVerified);
  if (own?.verified === verified && account.emails[0] === own) return {};
  const former = formerAddress === undefined ? undefined : foldName(formerAddress);
  const others = account.emails.filter(({ address }) => foldName(address) !== key && foldName(address) !== former);
  const first: Email = { address: told.address, verified };
  return { emails: [first, ...others] };
}

function rolesEdit({ roleExists }: SettleNeeds, account: Account, { roles }: Identity): AccountEdit {
  if (roles === undefined) return {};
  const held = new Set(roles.held.filter(roleExists));
  const decided = new Set(roles.decided);
  const kept = account.roles.filter((role) => !decided.has(role) || held.has(role));
  const wanted = [...new Set([...kept, ...held])];
  const isSame = wanted.length === account.roles.length && wanted.every((role) => account.roles.includes(role));
  return isSame ? {} : { roles: wanted };
}

/** Whether a name that a provider tells keeps to the rules that hold for everybody: some are reserved. */
function mayBeCalled(username: string, { policy }: CreateNeeds): { readonly held: boolean } {
  return fitsRules(() => {
    mustBeUsername(username, policy());
  });
}

function mayBeMailedTo(address: string, { policy }: CreateNeeds): { readonly held: boolean } {
  return fitsRules(() => {
    mustBeEmail(address, policy());
  });
}

function fitsRules(check: () => void): { readonly held: boolean } {
  try {
    check();
    return { held: true };
  } catch (cause) {
    if (cause instanceof Fault) return { held: false };
    throw cause;
  }
}
