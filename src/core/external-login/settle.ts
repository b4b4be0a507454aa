import { type Account, administratorRole, type Email } from '../account/account.ts';
import { type CreateNeeds, createAccount } from '../account/create.ts';
import { foldName } from '../account/names.ts';
import { isEmail, mustBeEmail, mustBeUsername } from '../account/rules.ts';
import type { AccountEdit, AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Identity } from './identity.ts';
import type { IdentityStore } from './identity-store.ts';

export interface SettleNeeds {
  readonly clock: Clock;
  readonly accounts: Pick<AccountStore, 'find' | 'edit'>;
  readonly identities: Pick<IdentityStore, 'find' | 'link' | 'addAccount' | 'use'>;
  readonly creating: CreateNeeds;
  readonly policy: () => {
    /** Whether people whom nobody knows here may come. */
    readonly mayCreate: boolean;
    readonly mustBeApproved: boolean;
    /** Whether an address that a provider asserts counts as verified here. */
    readonly takesAssertedAsVerified: boolean;
    /** What a new account gets where the provider decides nothing. */
    readonly roles: readonly string[];
  };
  readonly roleExists: (id: string) => boolean;
  /** Tells those who may approve that somebody waits. */
  readonly tellApprovers: (account: Account) => Promise<void>;
}

/** Another one came first; what is there by now is looked at again. */
class Overtaken extends Error {}

const mostTries = 3;

/**
 * The account of somebody whom a provider has named: the one that is joined with the identity; else one that may be
 * joined by its address or username; else a new one. An address alone never decides against the person who has it: where
 * joining is not allowed it is refused, and the password of the account has to be proved once (`linkIdentity`).
 * @throws Fault `identity-address-taken`, `identity-username-taken`, `external-registration-closed`, and those of
 *   `createAccount`
 */
export async function settle(needs: SettleNeeds, identity: Identity, caller: Caller): Promise<Account> {
  for (let tries = 0; ; tries++) {
    const known = await needs.identities.find(identity.provider, identity.subject);
    if (known !== undefined) {
      await needs.identities.use(identity, needs.clock.now());
      return await refreshed(needs, known.account, identity, known.identity.facts['email'], caller);
    }
    try {
      const joined = await join(needs, identity, caller);
      if (joined !== undefined) return await refreshed(needs, joined, identity, undefined, caller);
      return await create(needs, identity, caller, tries < mostTries);
    } catch (cause) {
      if (!(cause instanceof Overtaken) || tries >= mostTries) throw cause;
    }
  }
}

/** @returns the account that is joined from now on; undefined where nobody is in the way of a new one */
async function join(needs: SettleNeeds, identity: Identity, caller: Caller): Promise<Account | undefined> {
  const { joins } = identity;
  for (const { address, asserted } of identity.emails) {
    const owner = isEmail(address).held ? await needs.accounts.find({ by: 'email', value: address }) : undefined;
    if (owner === undefined) continue;
    const own = owner.emails.find((email) => foldName(email.address) === foldName(address));
    const mayJoin = joins.byEmail && asserted && own?.verified === true && owner.kind === 'user';
    if (!mayJoin && !(joins.byUsername && isCalled(owner, identity))) {
      throw new Fault('identity-address-taken', { provider: identity.provider });
    }
    if (mayJoin) return await link(needs, identity, owner, { verifiedAddress: address }, caller);
  }
  if (identity.username === undefined) return undefined;
  const namesake = await needs.accounts.find({ by: 'username', value: slugOf(identity.username) });
  if (namesake === undefined) return undefined;
  // A name that had to be changed to be one here is not the other's name.
  if (!joins.byUsername || !isCalled(namesake, identity) || namesake.kind !== 'user') {
    throw new Fault('identity-username-taken', { provider: identity.provider, username: identity.username });
  }
  return await link(needs, identity, namesake, { username: namesake.username ?? '' }, caller);
}

function isCalled({ username }: Account, identity: Identity): boolean {
  return (
    username !== undefined && identity.username !== undefined && foldName(username) === foldName(identity.username)
  );
}

async function link(
  needs: SettleNeeds,
  identity: Identity,
  account: Account,
  onlyWhile: Parameters<IdentityStore['link']>[2],
  caller: Caller,
): Promise<Account> {
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
  return account;
}

/** @param looksAgain whether a name or an address that was taken at this moment sends it back to look who has it */
async function create(needs: SettleNeeds, identity: Identity, caller: Caller, looksAgain: boolean): Promise<Account> {
  const { mayCreate, mustBeApproved, takesAssertedAsVerified, roles } = needs.policy();
  if (!mayCreate || identity.mayCreate === false) {
    throw new Fault('external-registration-closed', { provider: identity.provider });
  }
  const email = identity.emails.find(({ address }) => isEmail(address).held);
  const username = identity.username === undefined ? undefined : slugOf(identity.username);
  const decided = identity.roles?.held.filter(needs.roleExists) ?? [];
  const initial = (identity.firstRoles ?? roles).filter((role) => role !== administratorRole && needs.roleExists(role));
  const creating: CreateNeeds = {
    ...needs.creating,
    accounts: {
      add: async (account, audit) => {
        const linked = recordOf(
          'identity.link',
          { at: audit.at, caller, actorId: undefined, accountId: account.id },
          { provider: identity.provider, by: 'new' },
        );
        const outcome = await needs.identities.addAccount(account, identity, [audit, linked]);
        if (outcome === 'identity-taken' || (looksAgain && outcome !== 'added')) throw new Overtaken();
        return outcome;
      },
    },
  };
  const account = await createAccount(
    creating,
    {
      username: username === '' ? undefined : username,
      name: nameOf(identity),
      email:
        email === undefined
          ? undefined
          : { address: email.address, verified: email.asserted && takesAssertedAsVerified },
      password: undefined,
      roles: [...new Set([...initial, ...decided])],
      open: !mustBeApproved,
      closedBecause: mustBeApproved ? 'waits-for-approval' : undefined,
      fromElsewhere: true,
    },
    (accountId) =>
      recordOf(
        'account.register',
        { at: needs.clock.now(), caller, actorId: undefined, accountId },
        { provider: identity.provider, username: username ?? '', waits: mustBeApproved },
      ),
  );
  if (mustBeApproved) await needs.tellApprovers(account);
  return account;
}

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
      { provider: identity.provider, fields: Object.keys(edit).join(',') },
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

/** What of a name may stand in a username: letters, digits, `-`, `_` and `.` (providers.md §4.3). */
export function slugOf(username: string): string {
  return username
    .trim()
    .replace(/[^0-9a-zA-Z\-_.]/gu, '')
    .slice(0, 128);
}

function nameOf(identity: Identity): string {
  const [email] = identity.emails;
  const told = [identity.name, identity.username, email?.address.split('@')[0], identity.subject];
  return told.map((text) => cleanName(text ?? '')).find((text) => text !== '') ?? '';
}

/** Without what no name may hold. */
function cleanName(name: string): string {
  return name
    .replace(/[<>/\\%\p{Cc}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
    .slice(0, 256);
}
