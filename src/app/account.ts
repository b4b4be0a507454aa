import type { Account, Claim, Status } from '../core/account/account.ts';
import type { AccountPage, SavedPreferences } from '../core/account/store.ts';
import { removeAccount, setAccountOpen } from '../core/administration/close-account.ts';
import { closeIdleAccounts } from '../core/administration/close-idle.ts';
import { createAccountFor } from '../core/administration/create-account.ts';
import { deleteOwn, mustMayDeleteOwn } from '../core/administration/delete-own.ts';
import { type AccountChange, editAccount } from '../core/administration/edit-account.ts';
import { editOwn } from '../core/administration/edit-own.ts';
import { canBeAsked } from '../core/administration/prove-instead.ts';
import { isSensitive, type OwnChange } from '../core/administration/sensitive-change.ts';
import { changeOwnPassword } from '../core/password/change-own.ts';
import { changeRequiredPassword } from '../core/password/change-required.ts';
import type { GivenPassword } from '../core/password/password.ts';
import type { PasswordPolicy } from '../core/password/policy.ts';
import type { Caller, Moment } from '../core/ports.ts';
import { chooseStatus } from '../core/presence/choose-status.ts';
import { attempt } from '../core/session/attempt.ts';
import { opensChange } from '../core/session/restricted.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.account`, given what they need. */
export function accountCases({
  accounts,
  attempting,
  changing,
  choosing,
  clock,
  closing,
  creating,
  defaultRoles,
  deleting,
  editing,
  greet,
  permissions,
  roleExists,
  settings,
}: Needs) {
  return {
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
          defaultRoles,
          greet,
          mailVerification: editing.mailVerification,
          mustBeVerified: () => settings.get('Accounts_EmailVerification'),
        },
        signed,
        asked,
        caller,
      ),
    /** @throws Fault, see `setAccountOpen` */
    setOpen: async (signed: Signed, account: Account, open: boolean, caller: Caller): Promise<void> => {
      await setAccountOpen(closing, signed, account, open, caller);
    },
    /** @throws Fault, see `removeAccount` */
    remove: async (signed: Signed, account: Account, caller: Caller): Promise<void> => {
      await removeAccount(closing, signed, account, caller);
    },
    /** For one's own account the caller has held the factor that `isSensitive` asks for. @throws Fault, see `editAccount` */
    edit: async (signed: Signed, account: Account, change: AccountChange, caller: Caller): Promise<Account> =>
      await editAccount(editing, signed, account, change, caller),
    /**
     * Whether the gate of second factors is asked before a change of one's own profile, whatever was proved lately. Of
     * whoever has neither a factor nor a password the change itself asks for a sign-in of a short time ago.
     */
    isSensitive: (signed: Signed, change: OwnChange): boolean =>
      isSensitive(signed, change) && canBeAsked(editing, signed.account),
    /** The caller has held the factor that `isSensitive` asks for. @throws Fault, see `editOwn` */
    editOwn: async (
      signed: Signed,
      change: OwnChange,
      currentPassword: string | undefined,
      caller: Caller,
    ): Promise<Account> => await editOwn(editing, signed, change, currentPassword, caller),
    /** Under the limits of failed sign-ins. @throws Fault, see `deleteOwn`, `attempt` */
    deleteOwn: async (signed: Signed, shown: string, caller: Caller): Promise<void> => {
      mustMayDeleteOwn(deleting);
      const claim = { by: 'id', value: signed.account.id } as const;
      await attempt(attempting, { what: 'account.remove', caller, claim }, async () => {
        await deleteOwn(deleting, signed, shown, caller);
      });
    },
    /** @throws Fault, see `closeIdleAccounts` */
    closeIdle: async (
      signed: Signed,
      asked: { readonly days: number; readonly role: string },
      caller: Caller,
    ): Promise<number> => await closeIdleAccounts(closing, signed, asked, caller),
    /** Asks nothing. @returns all preferences as they are then; undefined when the account is gone */
    savePreferences: async (accountId: string, saved: SavedPreferences): Promise<Account['preferences'] | undefined> =>
      await accounts.savePreferences(accountId, saved, clock.now()),
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
    passwordPolicy: (): PasswordPolicy => changing.policy(),
    /** @throws Fault, see `changeRequiredPassword` */
    changeRequiredPassword: async (signed: Signed, fresh: GivenPassword, caller: Caller): Promise<void> => {
      const { account, token } = signed;
      const isProved = opensChange(signed).held;
      const change = { accountId: account.id, isProved, tokenHash: token.hash, fresh };
      await changeRequiredPassword({ ...changing, accounts }, change, caller);
    },
    /** Under the limits of failed sign-ins. @throws Fault, see `changeOwnPassword`, `attempt` */
    changeOwnPassword: async (
      signed: Signed,
      old: GivenPassword,
      fresh: GivenPassword,
      caller: Caller,
    ): Promise<void> => {
      const { account, token } = signed;
      await attempt(
        attempting,
        { what: 'password.change', caller, claim: { by: 'id', value: account.id } },
        async () => {
          await changeOwnPassword(changing, { account, tokenHash: token.hash, old, fresh }, caller);
        },
      );
    },
  };
}
