import type { Account } from '../core/account/account.ts';
import { type Asked, createAccount } from '../core/account/create.ts';
import { editOf, type ProfileChange } from '../core/account/edit.ts';
import type { AccountChanges } from '../core/account/store.ts';
import { clearBlock, listBlocks } from '../core/administration/blocks.ts';
import { closeOrOpen, removeFor, tellOfOpening } from '../core/administration/close-account.ts';
import { asItIs, freshAddress, writeAndTell } from '../core/administration/edit-account.ts';
import { type AskedAdministrator, makeFirstAccounts } from '../core/administration/first-accounts.ts';
import { partIdentity } from '../core/administration/identities.ts';
import { retryMail, sendTestMail } from '../core/administration/mails.ts';
import { holds } from '../core/administration/personal-tokens.ts';
import { takeFactorsAway } from '../core/administration/reset-factors.ts';
import { type AskedRole, giveRoleAsHost, makeRole, removeRole, takeRoleAsHost } from '../core/administration/roles.ts';
import { endTokenAsHost } from '../core/administration/sessions.ts';
import { recordOf } from '../core/audit/record.ts';
import type { KeptIdentity } from '../core/external-login/identity.ts';
import { Fault } from '../core/fault.ts';
import type { Mailer } from '../core/mailer.ts';
import { type MailBody, type OutboxMail, openBody } from '../core/outbox.ts';
import { changePassword } from '../core/password/change.ts';
import type { GivenPassword } from '../core/password/password.ts';
import { type Violation, violationsOf } from '../core/password/policy.ts';
import type { Caller } from '../core/ports.ts';
import type { Cleared, ClearSubject } from '../core/session/block-store.ts';
import type { LoggedIn } from '../core/session/log-in.ts';
import { endEverything, endSessions } from '../core/session/log-out.ts';
import { makeLoginCode } from '../core/session/login-code.ts';
import { mailLink } from '../core/session/mailed-link.ts';
import { makeTokenFor } from '../core/session/make-token.ts';
import { type AskedPersonal, makePersonalToken } from '../core/session/personal-tokens.ts';
import { endSession, sessionOf } from '../core/session/sessions.ts';
import type { TokenPage } from '../core/session/store.ts';
import type { Signed, Token } from '../core/session/token.ts';
import type { KeptRole } from '../core/setting/store.ts';
import type { Needs } from './needs.ts';

/** For whoever holds the host: the command line and the first start. No permission is asked. */
export function hostCases({
  accounts,
  blocking,
  changing,
  clock,
  closing,
  coding,
  creating,
  devices,
  editing,
  enrolling,
  identifying,
  loggingIn,
  mailer,
  permissions,
  personal,
  recovering,
  roleExists,
  ruling,
  sealer,
  settings,
  store,
  tokens,
}: Needs) {
  return {
    /** @throws Fault `role-invalid`, `role-name-taken` */
    createRole: async (asked: AskedRole, caller: Caller): Promise<KeptRole> =>
      await makeRole(ruling, asked, undefined, caller),
    /** @throws Fault `role-unknown`, `role-protected`, `role-in-use` */
    removeRole: async (id: string, caller: Caller): Promise<void> => {
      await removeRole(ruling, id, undefined, caller);
    },
    /** @throws Fault, see `giveRoleAsHost` */
    giveRole: async (account: Account, id: string, caller: Caller): Promise<void> => {
      await giveRoleAsHost(ruling, account, id, caller);
    },
    /** @throws Fault, see `takeRoleAsHost` */
    takeRole: async (account: Account, id: string, caller: Caller): Promise<void> => {
      await takeRoleAsHost(ruling, account, id, caller);
    },
    /** @throws Fault `setting-unknown`, `setting-blocked`, `setting-value-invalid` */
    changeSetting: async (id: string, value: unknown, caller: Caller): Promise<void> => {
      await settings.write([{ id, value }], { caller, accountId: undefined, asHost: true });
    },
    /** Gives a setting the value of a fresh install. @throws Fault `setting-unknown`, `setting-blocked` */
    resetSetting: async (id: string, caller: Caller): Promise<void> => {
      await settings.reset([id], { caller, accountId: undefined, asHost: true });
    },
    /** Adds a custom OAuth service. @throws Fault `service-name-invalid`, `setting-blocked` */
    addService: async (name: string, caller: Caller): Promise<void> => {
      await settings.addService(name, { caller, accountId: undefined, asHost: true });
    },
    /** Removes a custom OAuth service. @throws Fault as `addService` */
    removeService: async (name: string, caller: Caller): Promise<void> => {
      await settings.removeService(name, { caller, accountId: undefined, asHost: true });
    },
    blocks: async (page: Parameters<typeof listBlocks>[1]) => await listBlocks(blocking, page),
    /** Forgets failed sign-ins, of an account with its wrong codes. */
    clearBlock: async (subject: ClearSubject, caller: Caller): Promise<Cleared> =>
      await clearBlock(blocking, subject, undefined, caller),
    createAccount: async (asked: Asked, caller: Caller): Promise<Account> =>
      await createAccount(creating, { ...asked, byServer: true }, (accountId) =>
        recordOf(
          'account.add',
          { at: clock.now(), caller, actorId: undefined, accountId },
          { username: asked.username ?? '' },
        ),
      ),
    roleExists,
    /** @param say hears sentences for the operator */
    makeFirstAccounts: async (asked: AskedAdministrator, say: (sentence: string) => void) =>
      await makeFirstAccounts({ ...creating, accounts }, asked, say),
    /** Its owner is told by mail where a setting says so. @throws Fault `account-unknown`, `last-administrator` */
    setOpen: async (accountId: string, open: boolean, caller: Caller): Promise<void> => {
      const before = await accounts.byId(accountId);
      await closeOrOpen(closing, accountId, open, undefined, caller);
      if (before !== undefined) await tellOfOpening(closing, before, open);
    },
    /** Names that are reserved may be given here. @throws Fault, see `editOf`, `writeEdit` */
    edit: async (account: Account, change: ProfileChange, caller: Caller): Promise<Account> => {
      const edit = editOf(account, change, { ...editing.profilePolicy(), reserved: [] });
      await writeAndTell(editing, undefined, account, { edit }, caller);
      const written = await asItIs(editing, account.id);
      const fresh = change.verified === true ? undefined : freshAddress(account, change.email);
      if (fresh !== undefined) await editing.mailVerification(written, fresh, undefined, caller);
      return written;
    },
    /** @throws Fault `account-unknown`, `last-administrator` */
    remove: async (account: Account, caller: Caller): Promise<void> => {
      await removeFor(closing, account, undefined, caller);
    },
    /**
     * Mails a link that sets a new password. Not held when too many were mailed lately.
     * @throws Fault `account-closed`; `password-reset-off` for people of a directory
     */
    mailPasswordLink: async (
      account: Account,
      address: string,
      caller: Caller,
    ): Promise<{ readonly held: boolean }> => {
      if (!account.open) throw new Fault('account-closed');
      if (!(await recovering.setsPassword(account)).held) throw new Fault('password-reset-off');
      // Of the two that set a password, the one that is taken here.
      const kind = recovering.resetOn() ? 'password-reset' : 'enrolment';
      return { held: await mailLink(recovering, account, { kind, address, actorId: undefined }, caller) };
    },
    /** What the policy says against a password, were it chosen by a person. */
    passwordViolations: async (plain: string, about: Account): Promise<readonly Violation[]> =>
      await violationsOf(changing, { plain }, about),
    setPassword: async (accountId: string, password: GivenPassword, caller: Caller): Promise<void> => {
      const account = await accounts.byId(accountId);
      if (account === undefined) throw new Fault('account-unknown');
      await changePassword(
        changing,
        {
          account,
          password,
          chosenBy: 'host',
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
    /** The identities of an account at providers, oldest first. */
    identities: async (accountId: string): Promise<readonly KeptIdentity[]> =>
      await store.identities.ofAccount(accountId),
    /** @throws Fault, see `partIdentity` */
    unlinkIdentity: async (
      account: Account,
      named: Parameters<typeof partIdentity>[2],
      caller: Caller,
    ): Promise<void> => {
      await partIdentity(identifying, account, named, undefined, caller);
    },
    /** Takes every second factor away and ends all tokens; the owner is told by mail. @throws Fault `account-unknown` */
    resetFactors: async (account: Account, caller: Caller): Promise<void> => {
      await takeFactorsAway(enrolling, account, undefined, caller);
    },
    makeToken: async (account: Account, caller: Caller): Promise<LoggedIn> =>
      await makeTokenFor(loggingIn, account, undefined, caller),
    makePersonalToken: async (account: Account, asked: AskedPersonal, caller: Caller): Promise<string> => {
      const held = holds(permissions, { account, token: { scopes: undefined } });
      return (await makePersonalToken(personal, account, asked, held, caller)).text;
    },
    tokens: async (accountId: string): Promise<readonly Token[]> =>
      await tokens.list(accountId, ['interactive', 'script', 'personal'], clock.now()),
    /** The owner of a personal token is told by mail. Not held where somebody else was faster. */
    endToken: async (token: Token, caller: Caller): Promise<{ readonly held: boolean }> =>
      await endTokenAsHost(devices, await accounts.byId(token.accountId), token, caller),
    /** Live sessions of everybody or of one account. */
    sessions: async (page: TokenPage) => await tokens.page('sessions', page, clock.now()),
    /** Live personal tokens of everybody or of one account. */
    personalTokens: async (page: TokenPage) => await tokens.page('personal', page, clock.now()),
    /** @throws Fault `session-unknown` */
    endSession: async (id: string, caller: Caller): Promise<Signed> => {
      const found = await sessionOf(devices, id);
      await endSession(devices, found.token, undefined, caller);
      return found;
    },
    /** Ends the sessions of an account and leaves its personal tokens; says how many. */
    endSessions: async (accountId: string, caller: Caller): Promise<number> =>
      await endSessions({ clock, tokens }, accountId, caller),
    /** Ends all tokens of an account in one step; says how many. */
    endTokens: async (accountId: string, caller: Caller): Promise<number> =>
      await endEverything({ clock, tokens }, accountId, caller),
    change: async (accountId: string, changes: AccountChanges): Promise<boolean> =>
      await accounts.change(accountId, changes, clock.now()),
    administratorThere: async () => await accounts.administratorThere(),
    countAccounts: async () => await accounts.count(),
    audit: async (count: number, accountId?: string) => await store.audit.newest(count, accountId),
    mails: async (count: number): Promise<readonly OutboxMail[]> => await store.outbox.newest(count),
    mail: async (id: string): Promise<OutboxMail | undefined> => await store.outbox.byId(id),
    /** A mail of the outbox with its text, which is gone once it was sent. The text may sign in: the trail tells of it. */
    showMail: async (
      id: string,
      caller: Caller,
    ): Promise<{ mail: OutboxMail; body: MailBody | undefined } | undefined> => {
      const mail = await store.outbox.byId(id);
      if (mail === undefined) return undefined;
      const body = openBody(sealer, mail);
      if (body !== undefined) {
        const who = { at: clock.now(), caller, actorId: undefined, accountId: undefined };
        await store.audit.append([recordOf('mail.show', who, { mail: id, kind: mail.kind, to: mail.recipient })]);
      }
      return { mail, body };
    },
    retryMail: async (id: string, caller: Caller): Promise<boolean> =>
      await retryMail({ clock, outbox: store.outbox }, id, undefined, caller),
    testMail: async (address: string, caller: Caller): ReturnType<Mailer['deliver']> =>
      await sendTestMail(
        { clock, mailer, audit: store.audit },
        { address, language: settings.get('Language') },
        caller,
      ),
    ping: async (): Promise<void> => {
      await store.ping();
    },
  };
}
