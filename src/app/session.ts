import type { Account, Claim } from '../core/account/account.ts';
import { endSessionsOf, makeTokenForOther, mustAllowTokenMaking } from '../core/administration/tokens.ts';
import type { GivenPassword } from '../core/password/password.ts';
import type { Caller } from '../core/ports.ts';
import type { SuppliedFactor } from '../core/second-factor/gate.ts';
import { admittedProof } from '../core/session/admitted-code.ts';
import { authenticate } from '../core/session/authenticate.ts';
import { introspect, type Shown } from '../core/session/introspect.ts';
import { type LoggedIn, logIn } from '../core/session/log-in.ts';
import { endOthers, logOut } from '../core/session/log-out.ts';
import { loginCodeProof } from '../core/session/login-code.ts';
import { renewToken } from '../core/session/make-token.ts';
import { beginPending, sendPendingCode, verifyPending } from '../core/session/pending-factor.ts';
import { capOf } from '../core/session/policy.ts';
import { passwordProof, resumeProof } from '../core/session/proofs.ts';
import type { Signed, Token } from '../core/session/token.ts';
import type { Needs } from './needs.ts';
import { noFactor } from './no-factor.ts';

/** Use-cases of `app.session`, given what they need. */
export function sessionCases({
  administering,
  attempting,
  authenticating,
  cache,
  challenges,
  clock,
  coding,
  find,
  flowing,
  loggingIn,
  newDevices,
  notices,
  pending,
  passwordProving,
  settings,
  store,
  tokens,
  uses,
}: Needs) {
  return {
    /** Signs in with a password. @throws Fault, see `logIn` */
    logIn: async (
      claim: Claim,
      password: GivenPassword,
      caller: Caller,
      supplied: SuppliedFactor = noFactor,
    ): Promise<LoggedIn> => await logIn(loggingIn, passwordProof(passwordProving, claim, password), caller, supplied),
    /** Signs in with a token given out earlier; the same token comes back. @throws Fault, see `logIn` */
    resume: async (text: string, caller: Caller): Promise<LoggedIn> =>
      await logIn(
        loggingIn,
        resumeProof({ clock, tokens, limits: attempting.limits, find }, text, caller),
        caller,
        noFactor,
        text,
      ),
    /** Signs in with a one-time code; a used one is used up. @throws Fault `log-in-code-unknown`, and those of `logIn` */
    redeemCode: async (code: string, caller: Caller): Promise<LoggedIn> => {
      const proof = (await admittedProof(flowing, code, caller)) ?? loginCodeProof(coding, code);
      return await logIn(loggingIn, proof, caller, noFactor);
    },
    /** Keeps a log-in that waits for its second factor; gives the id of its challenge. See `beginPending`. */
    beginPending: async (account: Account, kind: string): Promise<string> => await beginPending(pending, account, kind),
    /** @throws Fault, see `sendPendingCode` */
    sendPendingCode: async (challengeId: string, caller: Caller): Promise<void> => {
      await sendPendingCode(pending, challengeId, caller);
    },
    /** Ends such a log-in. @throws Fault, see `verifyPending` */
    verifyPending: async (challengeId: string, supplied: SuppliedFactor, caller: Caller): Promise<LoggedIn> =>
      await verifyPending(pending, challengeId, supplied, caller),
    /** A script token that is resumed on a socket belongs to the interactive pool from then on. */
    makeInteractive: async (token: Token): Promise<void> => {
      if (token.pool === 'script') await tokens.makeInteractive(token.hash, capOf(settings, 'interactive'));
    },
    /** Checks the pair that each request brings. @throws Fault, see `authenticate` */
    authenticate: async (accountId: string, text: string, to?: Parameters<typeof authenticate>[3]): Promise<Signed> =>
      await authenticate(authenticating, accountId, text, to),
    /** What a token that another service was shown is good for; undefined for nothing. See `introspect`. */
    introspect: async (shown: Shown): Promise<Signed | undefined> => await introspect(authenticating, shown),
    /** The token of this hash with its account, also when it has expired. */
    find,
    /** Which of these tokens are alive: what every node asks after an announcement, before it closes sockets. */
    alive: async (hashes: readonly string[]): Promise<ReadonlySet<string>> => await tokens.alive(hashes, clock.now()),
    logOut: async (signed: Signed, caller: Caller): Promise<void> => {
      await logOut({ clock, tokens }, signed, caller);
    },
    endOthers: async (signed: Signed, caller: Caller, personal = false): Promise<number> =>
      await endOthers({ clock, tokens }, signed, caller, personal),
    /** @throws Fault `permission-missing`, `account-unknown` */
    endAllOf: async (signed: Signed, accountId: string, caller: Caller): Promise<void> => {
      await endSessionsOf(administering, signed, accountId, caller);
    },
    /** @throws Fault `not-signed-in`, `account-closed` */
    renew: async (signed: Signed, caller: Caller): Promise<LoggedIn> => await renewToken(loggingIn, signed, caller),
    /** @throws Fault `token-making-refused`: to be asked before the account is looked up */
    mustAllowTokenMaking: (secret: string | undefined): void => {
      mustAllowTokenMaking(administering, secret);
    },
    /** @throws Fault `token-making-refused`, `account-closed`, `account-unknown` */
    makeTokenFor: async (
      signed: Signed,
      account: Account,
      secret: string | undefined,
      caller: Caller,
    ): Promise<LoggedIn> => await makeTokenForOther(administering, signed, account, secret, caller),
    /** When the mails about sign-ins that are done are posted. */
    settled: async (): Promise<void> => {
      await newDevices.settled();
    },
    /** Writes what was noted of the use of tokens. */
    flushUses: async (): Promise<void> => {
      await uses.flush();
    },
    /** Waits until the notices of blocks have been handed over. */
    noticesSent: async (): Promise<void> => {
      await notices.settled();
    },
    /** Drops what is in memory and no longer counts. */
    tidy: (): void => {
      cache.tidy(Number.POSITIVE_INFINITY);
    },
    /** Deletes what has ended, in small steps. */
    sweep: async (): Promise<number> => {
      const limits = attempting.limits();
      const longest = Math.max(limits.account.windowMs, limits.address.windowMs);
      // So few that nobody notices the step, and one kind of them at a time.
      const swept = await tokens.sweep(clock.now(), clock.now() - longest, 5);
      if (swept > 0) return swept;
      const ofApplications = await store.grants.sweep(clock.now(), 5);
      if (ofApplications > 0) return ofApplications;
      const others = (await challenges.sweep(clock.now(), 5)) + (await store.counts.sweep(clock.now(), 5));
      // Browsers of nobody leave such rows behind, and faster than others end.
      const ofOpenId = await store.openIdRecords.sweep(clock.now(), 200);
      return others + ofOpenId + (await store.blocks.bringBack(clock.now(), 5));
    },
  };
}
