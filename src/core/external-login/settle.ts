import { type Account, administratorRole, type Email } from '../account/account.ts';
import { type CreateNeeds, createAccount } from '../account/create.ts';
import { changesEmail } from '../account/edit.ts';
import { foldName } from '../account/names.ts';
import { isEmail, mustBeEmail, mustBeUsername } from '../account/rules.ts';
import type { AccountEdit, AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Identity } from './identity.ts';
import type { IdentityStore, JoinTerms } from './identity-store.ts';

export interface SettleNeeds {
  readonly clock: Clock;
  readonly accounts: Pick<AccountStore, 'find' | 'edit'>;
  readonly identities: Pick<IdentityStore, 'find' | 'link' | 'addAccount' | 'use'>;
  /** Those of an account. */
  readonly identitiesOf: IdentityStore['ofAccount'];
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
  readonly mailer: Pick<Mailer, 'post'>;
  /** Tells those who may approve that somebody waits. */
  readonly tellApprovers: (account: Account) => Promise<void>;
}

/** Another one came first; what is there by now is looked at again. */
class Overtaken extends Error {}

const mostTries = 3;

/**
 * Somebody for whom a provider has vouched. Nothing that its word changes of an account that was there is written yet: that
 * has to wait until the second factor of the account has held.
 */
export interface Vouched {
  readonly identity: Identity;
  /** As it is stored. */
  readonly account: Account;
  /** Whether the identity is joined with it already. */
  readonly joined: boolean;
  /** The same with the roles that the provider gives. */
  readonly withRoles: Account;
  /**
   * Joins the identity where that is to be, and writes what the provider decides.
   * @param by.factorHeld whether the sign-in has shown a second factor of the account
   * @returns the account as it is then
   * @throws Fault `identity-taken` where the identity has come to somebody else meanwhile, and those of `vouchFor`
   */
  write(by: { readonly factorHeld: boolean }): Promise<Account>;
}

/**
 * Whose account it is that a provider speaks of: the one that is joined with the identity; else one that may be joined by
 * its address or username; else a new one, which is made here. An address alone never decides against the person who has
 * it: where joining is not allowed it is refused, and the password of the account has to be proved once (`linkIdentity`).
 * @throws Fault `identity-address-taken`, `identity-username-taken`, `external-registration-closed`, and those of
 *   `createAccount`
 */
export async function vouchFor(needs: SettleNeeds, identity: Identity, caller: Caller): Promise<Vouched> {
  for (let tries = 0; ; tries++) {
    try {
      const found = await look(needs, identity);
      if (found !== undefined) return vouched(needs, identity, found, caller);
      const account = await create(needs, identity, caller, tries < mostTries);
      const write = async (): Promise<Account> => await Promise.resolve(account);
      return { identity, account, joined: true, withRoles: account, write };
    } catch (cause) {
      if (!(cause instanceof Overtaken) || tries >= mostTries) throw cause;
    }
  }
}

/**
 * The same, written at once and without a word to the owner: for a directory whose people are brought in step.
 * @throws Fault, see `vouchFor`
 */
export async function settle(needs: SettleNeeds, identity: Identity, caller: Caller): Promise<Account> {
  const silent: SettleNeeds = {
    ...needs,
    mailer: { post: async () => await Promise.resolve() },
    // Such a run tells in its own words whose an account is, right before it joins anybody; the store looks once more.
    identitiesOf: async () => await Promise.resolve([]),
  };
  return await (await vouchFor(silent, identity, caller)).write({ factorHeld: false });
}

/** An account that is there. */
interface Found {
  readonly account: Account;
  /** What the account must still be to be joined; undefined where it is joined already. */
  readonly onlyWhile: JoinTerms | undefined;
  /** The address that the provider told the last time. */
  readonly formerAddress: string | undefined;
}

async function look(needs: SettleNeeds, identity: Identity): Promise<Found | undefined> {
  const known = await needs.identities.find(identity.provider, identity.subject);
  if (known === undefined) return await joinable(needs, identity);
  return { account: known.account, onlyWhile: undefined, formerAddress: known.identity.facts['email'] };
}

function vouched(needs: SettleNeeds, identity: Identity, found: Found, caller: Caller): Vouched {
  const { account, onlyWhile } = found;
  const given = identity.roles?.held.filter(needs.roleExists) ?? [];
  return {
    identity,
    account,
    joined: onlyWhile === undefined,
    withRoles: { ...account, roles: [...new Set([...account.roles, ...given])] },
    write: async ({ factorHeld }) => {
      for (let tries = 0; ; tries++) {
        // What was seen before the factor held may be over by now.
        const now = await look(needs, identity);
        if (now?.account.id !== account.id) throw new Fault('identity-taken', { provider: identity.provider });
        try {
          return await written(needs, identity, now, factorHeld, caller);
        } catch (cause) {
          if (!(cause instanceof Overtaken) || tries >= mostTries) throw cause;
        }
      }
    },
  };
}

async function written(
  needs: SettleNeeds,
  identity: Identity,
  { account, onlyWhile, formerAddress }: Found,
  factorHeld: boolean,
  caller: Caller,
): Promise<Account> {
  let now = account;
  if (onlyWhile === undefined) await needs.identities.use(identity, needs.clock.now());
  else {
    // Whoever shows the account's own factor is no stranger to it.
    const { strangerUnlessVerified: _, ...still } = onlyWhile;
    await link(needs, identity, account, factorHeld ? still : onlyWhile, caller);
    now = (await needs.identities.find(identity.provider, identity.subject))?.account ?? account;
  }
  const after = await refreshed(needs, now, identity, formerAddress, caller);
  await tellOwner(needs, {
    before: account,
    after,
    joinedWith: onlyWhile === undefined ? undefined : identity.provider,
  });
  return after;
}

/** Joining and moving are told at the addresses from before, in case it was somebody else. */
async function tellOwner(
  { mailer }: SettleNeeds,
  told: { readonly before: Account; readonly after: Account; readonly joinedWith: string | undefined },
): Promise<void> {
  const { before, after, joinedWith } = told;
  const verified = before.emails.filter((email) => email.verified).map(({ address }) => address);
  if (verified.length === 0) return;
  const mail = { to: verified, language: before.language };
  if (joinedWith !== undefined) {
    await mailer.post({ ...mail, kind: 'identity-linked', facts: { provider: joinedWith } });
  }
  if (!changesEmail(before, after.emails[0]?.address)) return;
  await mailer.post({ ...mail, kind: 'email-changed', facts: { by: 'administrator' } });
}

/** @returns the account that may be joined, and while what; undefined where nobody is in the way of a new one */
async function joinable(needs: SettleNeeds, identity: Identity): Promise<Found | undefined> {
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

/** An import brings names of SAML that mean nothing here (a NameID of one session): who never came with one is no other. */
function othersThatCount({ provider }: Identity): 'any' | 'used' {
  return provider === 'saml' ? 'used' : 'any';
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
