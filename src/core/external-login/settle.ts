import type { Account } from '../account/account.ts';
import { changesEmail } from '../account/edit.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Identity } from './identity.ts';
import { type Found, joinable, link } from './joinable.ts';
import { newAccount } from './new-account.ts';
import { refreshed } from './refresh.ts';
import { mostTries, Overtaken, type SettleNeeds } from './settle-needs.ts';

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
      const account = await newAccount(needs, identity, caller, tries < mostTries);
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
