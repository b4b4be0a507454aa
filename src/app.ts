import type { Account, Claim, Status } from './core/account/account.ts';
import { type Asked, type CreateNeeds, createAccount } from './core/account/create.ts';
import { listed } from './core/account/rules.ts';
import type { AccountChanges, AccountPage } from './core/account/store.ts';
import { closeOrOpen, removeAccount, setAccountOpen } from './core/administration/close-account.ts';
import { createAccountFor } from './core/administration/create-account.ts';
import { type AskedAdministrator, makeFirstAccounts } from './core/administration/first-accounts.ts';
import {
  makeOwnToken,
  mustBeAllowedPersonalTokens,
  type OwnTokenNeeds,
  removeOwnToken,
  renewOwnToken,
} from './core/administration/personal-tokens.ts';
import { resetFactors, takeFactorsAway } from './core/administration/reset-factors.ts';
import { changeSettings } from './core/administration/settings.ts';
import { endSessionsOf, makeTokenForOther, mustAllowTokenMaking } from './core/administration/tokens.ts';
import { recordOf } from './core/audit/record.ts';
import type { Mailer } from './core/mailer.ts';
import { type MailBody, type OutboxMail, openBody } from './core/outbox.ts';
import { changePassword, mustBePassword } from './core/password/change.ts';
import { changeOwnPassword } from './core/password/change-own.ts';
import type { Hasher } from './core/password/hasher.ts';
import type { GivenPassword } from './core/password/password.ts';
import type { ProveNeeds } from './core/password/prove.ts';
import type { Caller, Clock, Moment, Random, Sealer } from './core/ports.ts';
import { type ChooseStatusNeeds, chooseStatus } from './core/presence/choose-status.ts';
import type { Presence } from './core/presence/presence.ts';
import { type EmailCodeNeeds, sendEmailCode } from './core/second-factor/email-code.ts';
import {
  type AppNeeds,
  backupCodesLeft,
  beginApp,
  confirmApp,
  type Enrolling,
  removeApp,
  renewBackupCodes,
  waitingApp,
} from './core/second-factor/enrol-app.ts';
import { turnEmailOff, turnEmailOn } from './core/second-factor/enrol-email.ts';
import type { Factor } from './core/second-factor/factor.ts';
import {
  type GateNeeds,
  type GateOptions,
  mustHoldFactor,
  mustHoldFactorAtLogIn,
  ownFactors,
  type SuppliedFactor,
} from './core/second-factor/gate.ts';
import { offerPasskeySignIn } from './core/second-factor/passkey-check.ts';
import {
  addPasskey,
  beginPasskey,
  type PasskeyEnrolNeeds,
  removePasskey,
  renamePasskey,
  setPasskeyAlone,
} from './core/second-factor/passkey-enrol.ts';
import type { Passkey } from './core/second-factor/passkey-store.ts';
import { appPolicyOf, emailPolicyOf, siteSettings } from './core/second-factor/policy.ts';
import { type AttemptNeeds, attempt, failureLimitOf } from './core/session/attempt.ts';
import { type AuthenticateNeeds, authenticate, findToken } from './core/session/authenticate.ts';
import { addressKey } from './core/session/device.ts';
import { type EnrolOnlyNeeds, opensToEnrolOnly } from './core/session/enrol-only.ts';
import { type LoggedIn, type LogInNeeds, logIn } from './core/session/log-in.ts';
import { endEverything, endOthers, logOut } from './core/session/log-out.ts';
import { type LoginCodeNeeds, loginCodeProof, makeLoginCode } from './core/session/login-code.ts';
import { makeTokenFor, renewToken } from './core/session/make-token.ts';
import { type PasskeyProofNeeds, passkeyProof } from './core/session/passkey-proof.ts';
import { beginPending, type PendingNeeds, sendPendingCode, verifyPending } from './core/session/pending-factor.ts';
import { makePersonalToken } from './core/session/personal-tokens.ts';
import { capOf, limitsOf, namingOf } from './core/session/policy.ts';
import { passwordProof, resumeProof } from './core/session/proofs.ts';
import type { Signed, Token } from './core/session/token.ts';
import { TokenCache } from './core/session/token-cache.ts';
import { TokenUses } from './core/session/token-uses.ts';
import { forgetTrusted, trustedClients } from './core/session/trusted-clients.ts';
import { Turns } from './core/session/turns.ts';
import type { Permissions } from './core/setting/permissions.ts';
import type { Settings } from './core/setting/settings.ts';
import type { OpenedStore } from './core/store.ts';

/** What the product is made of; tests put other parts in. */
export interface Parts {
  readonly store: OpenedStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly hasher: Hasher;
  /** See `decoyOf`. */
  readonly decoy: ProveNeeds['decoy'];
  readonly settings: Settings;
  readonly permissions: Permissions;
  readonly presence: Presence;
  readonly factors: readonly Factor[];
  readonly sealer: Sealer;
  readonly mailer: Mailer;
  readonly tokenMaking: { readonly on: boolean; readonly secret: string | undefined };
  /** Hear of each attempt that was refused and of each sign-in: for the operator's log and the metrics. */
  readonly onFailure: AttemptNeeds['onFailure'];
  readonly onLogIn: LogInNeeds['onLogIn'];
}

/** The product's public face: each use-case, already given what it needs. Doors speak to nothing else. */
export type App = ReturnType<typeof createApp>;

function enrollingOf({ account, token }: Signed): Enrolling {
  return { account, tokenHash: token.hash, required: token.enrolsOnly };
}

const noFactor: SuppliedFactor = { code: undefined, method: undefined };

/** @param parts what the product is made of */
export function createApp(parts: Parts) {
  const { store, clock, random, hasher, settings, permissions, presence } = parts;
  const { accounts, tokens, passwords, factors, challenges } = store;
  const { sealer, mailer } = parts;
  const cache = new TokenCache(clock, store.events, { most: 50_000, lifeMs: 5_000 });
  const uses = new TokenUses(tokens.touch.bind(tokens), 60_000);
  const checks = { held: 0, refused: 0 };
  const hasOwnFactor = (account: Account) => ({ held: ownFactors(parts, account).length > 0 });
  const authenticating: AuthenticateNeeds = { clock, tokens, cache, uses, checks, hasOwnFactor };
  const attempting: AttemptNeeds = {
    clock,
    tokens,
    turns: new Turns(1_000),
    limits: () => limitsOf(settings),
    onFailure: parts.onFailure,
  };
  const underLimits: GateNeeds['attempt'] = async (account, caller, act) => {
    const attempted = { what: 'second-factor', caller, claim: { by: 'id', value: account.id } } as const;
    await attempt(attempting, attempted, async (known) => {
      await act({ kept: known.kept, unless: failureLimitOf(attempting, known, caller) });
    });
  };
  const gating: GateNeeds = {
    clock,
    factors: parts.factors,
    store: factors,
    sealer,
    policy: () => ({
      on: settings.get('Accounts_TwoFactorAuthentication_Enabled'),
      rememberMs: settings.get('Accounts_TwoFactorAuthentication_RememberFor') * 1000,
      fallback: settings.get('Accounts_TwoFactorAuthentication_Enforce_Password_Fallback'),
    }),
    attempt: underLimits,
    trust: tokens.trust.bind(tokens),
  };
  const requiring: EnrolOnlyNeeds = {
    clock,
    factors,
    required: () => ({
      on: settings.get('Accounts_TwoFactorAuthentication_Enabled'),
      signIns: listed(settings.get('Countersign_Second_Factor_Required_Sign_Ins')),
      roles: new Set([
        ...permissions
          .roles()
          .filter(({ secondFactor }) => secondFactor)
          .map(({ id }) => id),
        ...listed(settings.get('Countersign_Second_Factor_Required_Roles')),
      ]),
      graceMs: settings.get('Countersign_Second_Factor_Grace_Days') * 86_400_000,
    }),
    hasOwnFactor,
  };
  const proving: ProveNeeds = { hasher, decoy: parts.decoy };
  const loggingIn: LogInNeeds = {
    ...attempting,
    onLogIn: parts.onLogIn,
    tokens,
    random,
    policy: () => ({
      emailMustBeVerified: settings.get('Accounts_EmailVerification'),
      lifeDays: settings.get('Accounts_LoginExpiration'),
      cap: (pool) => capOf(settings, pool),
    }),
    factorAtLogIn: async (account, supplied, caller, known) => {
      await mustHoldFactorAtLogIn(gating, account, supplied, caller, known);
    },
    enrolsOnly: async (account, kind, kept) => await opensToEnrolOnly(requiring, account, kind, kept),
  };
  const find = async (hash: string): Promise<Signed | undefined> => await findToken(authenticating, hash);
  const administering = { ...loggingIn, authority: permissions, accounts, tokenMaking: parts.tokenMaking };
  const creating: CreateNeeds = {
    clock,
    random,
    accounts,
    policy: () => ({
      ...namingOf(settings),
      customFields: settings.get('Accounts_CustomFields'),
      emailFactorFromTheStart:
        settings.get('Accounts_TwoFactorAuthentication_Enabled') &&
        settings.get('Accounts_TwoFactorAuthentication_By_Email_Enabled') &&
        settings.get('Accounts_TwoFactorAuthentication_By_Email_Auto_Opt_In'),
    }),
    hash: async (password) => await hasher.make(mustBePassword(password)),
  };
  const emailing: EmailCodeNeeds = { clock, random, sealer, mailer, factors, policy: () => emailPolicyOf(settings) };
  const enrolling: AppNeeds = {
    clock,
    random,
    sealer,
    mailer,
    factors,
    on: () => settings.get('Accounts_TwoFactorAuthentication_Enabled'),
    appPolicy: () => appPolicyOf(settings),
    attempt: underLimits,
  };
  const sendCodeIfAsked = async (account: Account): Promise<boolean> => {
    const asked = parts.factors.find(({ name }) => name === 'email')?.enabledFor(account).held === true;
    if (!asked || !account.open || !enrolling.on()) return false;
    await sendEmailCode(emailing, account);
    return true;
  };
  const coding: LoginCodeNeeds = { clock, random, challenges, accounts, audit: store.audit };
  const pending: PendingNeeds = {
    clock,
    random,
    challenges,
    accounts,
    hasOwnFactor,
    sendEmailCode: sendCodeIfAsked,
    logIn: async (proof, caller, supplied) => await logIn(loggingIn, proof, caller, supplied),
  };
  const passkeyProving: PasskeyProofNeeds = {
    clock,
    random,
    accounts,
    tokens,
    passkeys: store.passkeys,
    challenges: store.challenges,
    audit: store.audit,
    limits: attempting.limits,
    site: () => siteSettings(settings),
  };
  const passkeyEnrolling: PasskeyEnrolNeeds = {
    ...passkeyProving,
    sealer,
    mailer,
    passkeys: store.passkeys,
    on: () => settings.get('Accounts_TwoFactorAuthentication_Enabled'),
  };
  const roleExists = (id: string): boolean =>
    permissions.roles().some((role) => role.id === id && role.scope === 'Users');
  const personal: OwnTokenNeeds = {
    clock,
    random,
    tokens,
    authority: permissions,
    cap: () => capOf(settings, 'personal'),
  };
  const changing = { ...proving, clock, passwords };
  const choosing: ChooseStatusNeeds = {
    clock,
    accounts,
    policy: () => ({
      textMayChange: settings.get('Accounts_AllowUserStatusMessageChange'),
      invisibleAllowed: settings.get('Accounts_AllowInvisibleStatusOption'),
    }),
  };

  return {
    clock,
    settings,
    permissions,
    presence,
    events: store.events,
    session: {
      /** Signs in with a password. @throws Fault, see `logIn` */
      logIn: async (
        claim: Claim,
        password: GivenPassword,
        caller: Caller,
        supplied: SuppliedFactor = noFactor,
      ): Promise<LoggedIn> => await logIn(loggingIn, passwordProof(proving, claim, password), caller, supplied),
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
      redeemCode: async (code: string, caller: Caller): Promise<LoggedIn> =>
        await logIn(loggingIn, loginCodeProof(coding, code), caller, noFactor),
      /** Keeps a log-in that waits for its second factor; gives the id of its challenge. See `beginPending`. */
      beginPending: async (account: Account, kind: string): Promise<string> =>
        await beginPending(pending, account, kind),
      /** @throws Fault, see `sendPendingCode` */
      sendPendingCode: async (challengeId: string): Promise<void> => {
        await sendPendingCode(pending, challengeId);
      },
      /** Ends such a log-in. @throws Fault, see `verifyPending` */
      verifyPending: async (challengeId: string, supplied: SuppliedFactor, caller: Caller): Promise<LoggedIn> =>
        await verifyPending(pending, challengeId, supplied, caller),
      /** A script token that is resumed on a socket belongs to the interactive pool from then on. */
      makeInteractive: async (token: Token): Promise<void> => {
        if (token.pool === 'script') await tokens.makeInteractive(token.hash, capOf(settings, 'interactive'));
      },
      /** Checks the pair that each request brings. @throws Fault `not-signed-in`, `factor-enrolment-required` */
      authenticate: async (accountId: string, text: string, to?: { readonly enrol: boolean }): Promise<Signed> =>
        await authenticate(authenticating, accountId, text, to),
      /** The token of this hash with its account, also when it has expired. */
      find,
      /** Which of these tokens are alive: what every node asks after an announcement, before it closes sockets. */
      alive: async (hashes: readonly string[]): Promise<ReadonlySet<string>> => await tokens.alive(hashes, clock.now()),
      logOut: async (signed: Signed, caller: Caller): Promise<void> => {
        await logOut({ clock, tokens }, signed, caller);
      },
      endOthers: async (signed: Signed, caller: Caller): Promise<number> =>
        await endOthers({ clock, tokens }, signed, caller),
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
      /** Writes what was noted of the use of tokens. */
      flushUses: async (): Promise<void> => {
        await uses.flush();
      },
      /** Drops what is in memory and no longer counts. */
      tidy: (): void => {
        cache.tidy(Number.POSITIVE_INFINITY);
      },
      /** Deletes what has ended, in small steps. */
      sweep: async (): Promise<number> => {
        const limits = attempting.limits();
        const longest = Math.max(limits.account.windowMs, limits.address.windowMs);
        // So few that nobody notices the step.
        const swept = await tokens.sweep(clock.now(), clock.now() - longest, 10);
        return swept + (await challenges.sweep(clock.now(), 10));
      },
    },
    factor: {
      /** @throws Fault `factor-required`, `factor-wrong`, `account-blocked`, `address-blocked`, `busy` */
      mustHold: async (
        signed: Signed,
        caller: Caller,
        supplied: SuppliedFactor,
        options: GateOptions,
      ): Promise<void> => {
        await mustHoldFactor(gating, signed, caller, supplied, options);
      },
      /** @throws Fault, see `beginApp` */
      beginApp: async (signed: Signed, label: string, caller: Caller) =>
        await beginApp(enrolling, enrollingOf(signed), label, caller),
      /** @throws Fault `factor-off` */
      waitingApp: async (signed: Signed, label: string) => await waitingApp(enrolling, enrollingOf(signed), label),
      /** @throws Fault, see `confirmApp` */
      confirmApp: async (signed: Signed, code: string, caller: Caller): Promise<readonly string[]> =>
        await confirmApp(enrolling, enrollingOf(signed), code, caller),
      /** @throws Fault, see `removeApp` */
      removeApp: async (signed: Signed, code: string, caller: Caller): Promise<void> => {
        await removeApp(enrolling, signed.account, code, caller);
      },
      /** @throws Fault, see `renewBackupCodes` */
      renewBackupCodes: async (signed: Signed, code: string, caller: Caller): Promise<readonly string[]> =>
        await renewBackupCodes(enrolling, signed.account, code, caller),
      /** @throws Fault `factor-off` */
      backupCodesLeft: async (signed: Signed): Promise<number> => await backupCodesLeft(enrolling, signed.account),
      /** @throws Fault, see `turnEmailOn` */
      turnEmailOn: async (signed: Signed, caller: Caller): Promise<void> => {
        await turnEmailOn(enrolling, enrollingOf(signed), caller);
      },
      turnEmailOff: async (signed: Signed, caller: Caller): Promise<void> => {
        await turnEmailOff(enrolling, signed.account, caller);
      },
      /** Mails a fresh code, if the account is asked for such codes at all; nobody learns whether it is. */
      sendEmailCode: async (account: Account): Promise<void> => {
        await sendCodeIfAsked(account);
      },
      /** The caller's tokens whose client is trusted now. */
      trustedClients: async (signed: Signed) => await trustedClients({ clock, tokens }, signed),
      /** Ends the trust in them, or in the one of this id; says in how many. */
      forgetTrusted: async (signed: Signed, tokenId: string | undefined, caller: Caller): Promise<number> =>
        await forgetTrusted({ clock, tokens }, signed, tokenId, caller),
      /** Takes every second factor of an account away, one's own or another's. @throws Fault, see `resetFactors` */
      reset: async (signed: Signed, account: Account, caller: Caller): Promise<void> => {
        await resetFactors({ ...enrolling, authority: permissions }, signed, account, caller);
      },
    },
    passkey: {
      /** @throws Fault, see `beginPasskey` */
      begin: async (signed: Signed) => await beginPasskey(passkeyEnrolling, enrollingOf(signed)),
      /** @throws Fault, see `addPasskey` */
      add: async (signed: Signed, asked: Parameters<typeof addPasskey>[2], caller: Caller) =>
        await addPasskey(passkeyEnrolling, enrollingOf(signed), asked, caller),
      list: async (signed: Signed): Promise<readonly Passkey[]> => await store.passkeys.list(signed.account.id),
      /** @throws Fault, see `renamePasskey` */
      rename: async (signed: Signed, asked: Parameters<typeof renamePasskey>[2], caller: Caller): Promise<void> => {
        await renamePasskey(passkeyEnrolling, signed.account, asked, caller);
      },
      /** @throws Fault, see `removePasskey` */
      remove: async (signed: Signed, id: string, caller: Caller): Promise<void> => {
        await removePasskey(passkeyEnrolling, signed.account, id, caller);
      },
      /** @throws Fault, see `setPasskeyAlone` */
      setAlone: async (signed: Signed, alone: boolean, caller: Caller): Promise<void> => {
        await setPasskeyAlone(passkeyEnrolling, signed.account, alone, caller);
      },
      /** What a browser needs to sign in with a passkey alone; the same for everybody. */
      signInOptions: async () => await offerPasskeySignIn(passkeyProving),
      /** Signs in with a passkey alone. @throws Fault `passkey-refused`; see `logIn` */
      signIn: async (credential: unknown, caller: Caller): Promise<LoggedIn> =>
        await logIn(loggingIn, passkeyProof(passkeyProving, credential, caller), caller, noFactor),
    },
    personalToken: {
      /** @throws Fault `permission-missing`, `personal-token-exists`, `malformed` */
      make: async (
        signed: Signed,
        asked: { readonly name: string; readonly skipsSecondFactor: boolean },
        caller: Caller,
      ): Promise<string> => await makeOwnToken(personal, signed, asked, caller),
      /** @throws Fault `personal-token-unknown` */
      renew: async (signed: Signed, name: string, caller: Caller): Promise<string> =>
        await renewOwnToken(personal, signed, name, caller),
      /** @throws Fault `personal-token-unknown` */
      remove: async (signed: Signed, name: string, caller: Caller): Promise<void> => {
        await removeOwnToken(personal, signed, name, caller);
      },
      /** @throws Fault `permission-missing` */
      list: async (signed: Signed): Promise<readonly Token[]> => {
        mustBeAllowedPersonalTokens(permissions, signed);
        return await tokens.list(signed.account.id, ['personal'], clock.now());
      },
    },
    account: {
      byId: async (id: string): Promise<Account | undefined> => await accounts.byId(id),
      byIds: async (ids: readonly string[]): Promise<readonly Account[]> => await accounts.byIds(ids),
      find: async (claim: Claim): Promise<Account | undefined> => await accounts.find(claim),
      list: async (page: AccountPage) => await accounts.list(page),
      /** @throws Fault, see `createAccountFor` */
      create: async (signed: Signed, asked: Parameters<typeof createAccountFor>[2], caller: Caller): Promise<Account> =>
        await createAccountFor(
          {
            ...creating,
            authority: permissions,
            roleExists,
            defaultRoles: () => listed(settings.get('Accounts_Registration_Users_Default_Roles')),
          },
          signed,
          asked,
          caller,
        ),
      /** @throws Fault, see `setAccountOpen` */
      setOpen: async (signed: Signed, account: Account, open: boolean, caller: Caller): Promise<void> => {
        await setAccountOpen(administering, signed, account, open, caller);
      },
      /** @throws Fault, see `removeAccount` */
      remove: async (signed: Signed, account: Account, caller: Caller): Promise<void> => {
        await removeAccount(administering, signed, account, caller);
      },
      /** @throws Fault, see `chooseStatus` */
      chooseStatus: async (
        account: Account,
        chosen: {
          readonly status?: Status | undefined;
          readonly text?: string | undefined;
          readonly endsAt?: Moment | undefined;
        },
      ): Promise<void> => {
        await chooseStatus(choosing, account, chosen);
      },
      /** Gives chosen statuses back whose time is over, in small steps. */
      endStatuses: async (): Promise<number> => await accounts.endStatuses(clock.now(), 100),
      /** Under the limits of failed sign-ins. @throws Fault, see `changeOwnPassword`, `attempt` */
      changeOwnPassword: async (
        signed: Signed,
        old: GivenPassword,
        fresh: GivenPassword,
        caller: Caller,
      ): Promise<void> => {
        const accountId = signed.account.id;
        await attempt(
          attempting,
          { what: 'password.change', caller, claim: { by: 'id', value: accountId } },
          async () => {
            await changeOwnPassword(changing, { accountId, tokenHash: signed.token.hash, old, fresh }, caller);
          },
        );
      },
    },
    setting: {
      /** @throws Fault, see `changeSettings` */
      change: async (
        signed: Signed,
        changes: readonly { readonly id: string; readonly value: unknown }[],
        caller: Caller,
      ): Promise<void> => {
        await changeSettings({ settings, authority: permissions }, signed, changes, caller);
      },
    },
    /** For whoever holds the host: the command line and the first start. No permission is asked. */
    host: {
      createAccount: async (asked: Asked, caller: Caller): Promise<Account> =>
        await createAccount(creating, { ...asked, byServer: true }, (accountId) =>
          recordOf(
            'account.add',
            { at: clock.now(), caller, actorId: undefined, accountId },
            { username: asked.username },
          ),
        ),
      roleExists,
      /** @param say hears sentences for the operator */
      makeFirstAccounts: async (asked: AskedAdministrator, say: (sentence: string) => void) =>
        await makeFirstAccounts({ ...creating, accounts }, asked, say),
      setOpen: async (accountId: string, open: boolean, caller: Caller): Promise<void> => {
        await closeOrOpen({ clock, accounts }, accountId, open, undefined, caller);
      },
      setPassword: async (accountId: string, password: GivenPassword, caller: Caller): Promise<void> => {
        await changePassword(
          changing,
          {
            accountId,
            password,
            expected: undefined,
            exceptToken: undefined,
            actorId: undefined,
            changeRequired: undefined,
          },
          caller,
        );
      },
      /** A code that signs in once, without a second factor, for so many minutes. */
      makeLoginCode: async (account: Account, minutes: number, caller: Caller) =>
        await makeLoginCode(coding, account, minutes * 60_000, caller),
      /** Takes every second factor away and ends all tokens; the owner is told by mail. @throws Fault `account-unknown` */
      resetFactors: async (account: Account, caller: Caller): Promise<void> => {
        await takeFactorsAway(enrolling, account, undefined, caller);
      },
      /** Forgets wrong codes and failed sign-ins of an account, on every device. */
      unblockAccount: async ({ id }: Account, caller: Caller): Promise<void> => {
        const who = { at: clock.now(), caller, actorId: undefined, accountId: id };
        await factors.unblock(id, recordOf('account.unblock', who));
      },
      /** Forgets failed sign-ins from an address, an IPv6 one with its /64. @returns how many there were */
      unblockAddress: async (address: string, caller: Caller): Promise<number> => {
        const who = { at: clock.now(), caller, actorId: undefined, accountId: undefined };
        return await tokens.forgiveAddress(addressKey(address), recordOf('address.unblock', who, { address }));
      },
      makeToken: async (account: Account, caller: Caller): Promise<LoggedIn> =>
        await makeTokenFor(loggingIn, account, undefined, caller),
      makePersonalToken: async (
        account: Account,
        asked: { readonly name: string; readonly skipsSecondFactor: boolean },
        caller: Caller,
      ): Promise<string> => (await makePersonalToken(personal, account, asked, caller)).text,
      tokens: async (accountId: string): Promise<readonly Token[]> =>
        await tokens.list(accountId, ['interactive', 'script', 'personal'], clock.now()),
      endToken: async (token: Token, caller: Caller): Promise<boolean> =>
        await tokens.end(
          token.hash,
          recordOf(
            'session.end',
            { at: clock.now(), caller, actorId: undefined, accountId: token.accountId },
            { token: token.id },
          ),
        ),
      /** Ends all tokens of an account in one step; says how many. */
      endTokens: async (accountId: string, caller: Caller): Promise<number> =>
        await endEverything({ clock, tokens }, accountId, caller),
      change: async (accountId: string, changes: AccountChanges): Promise<boolean> =>
        await accounts.change(accountId, changes, clock.now()),
      administratorThere: async () => await accounts.administratorThere(),
      countAccounts: async () => await accounts.count(),
      audit: async (count: number, accountId?: string) => await store.audit.newest(count, accountId),
      mails: async (count: number): Promise<readonly OutboxMail[]> => await store.outbox.newest(count),
      /** A mail of the outbox with its text, which is gone once it was sent. */
      mail: async (id: string): Promise<{ mail: OutboxMail; body: MailBody | undefined } | undefined> => {
        const mail = await store.outbox.byId(id);
        return mail === undefined ? undefined : { mail, body: openBody(sealer, mail) };
      },
      retryMail: async (id: string): Promise<boolean> => await store.outbox.retry(id, clock.now()),
      testMail: async (address: string): ReturnType<Mailer['deliver']> =>
        await mailer.deliver({ kind: 'delivery-test', to: [address], language: settings.get('Language'), facts: {} }),
      ping: async (): Promise<void> => {
        await store.ping();
      },
    },
    /** For metrics: what waits for a hash, and how many tokens were checked since the start. */
    load: (): ReturnType<Hasher['load']> => hasher.load(),
    checks: (): Readonly<typeof checks> => checks,
  };
}
