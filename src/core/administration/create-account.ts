import type { Account } from '../account/account.ts';
import { type Asked, type CreateNeeds, createAccount } from '../account/create.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission, mustMayGive, mustNotOutrank } from './may.ts';

export interface AdministerCreateNeeds extends CreateNeeds {
  readonly authority: Authority;
  readonly roleExists: (id: string) => boolean;
  readonly defaultRoles: () => readonly string[];
  /** Mails what `welcome` asks for. */
  readonly greet: (account: Account, welcome: Welcome, actorId: string, caller: Caller) => Promise<void>;
}

/** How the owner hears of an account: with a link that sets the first password, or without. */
export type Welcome = 'enrolment' | 'welcome';

/**
 * Makes an account for somebody else (rest.md §11.2).
 * @param asked.roles undefined for the default ones
 * @throws Fault `permission-missing`, `role-unknown`, `role-too-high`, and those of `createAccount`
 */
export async function createAccountFor(
  needs: AdministerCreateNeeds,
  signed: Signed,
  asked: Omit<Asked, 'roles' | 'username'> & {
    readonly username: string;
    readonly roles: readonly string[] | undefined;
    readonly welcome: Welcome | undefined;
  },
  caller: Caller,
): Promise<Account> {
  const { authority } = needs;
  mustHoldPermission(authority, signed, 'create-user', 'Adding_user');
  if (asked.open === false) mustHoldPermission(authority, signed, 'edit-other-user-active-status');
  const roles = [...new Set(asked.roles ?? needs.defaultRoles())];
  const unknown = roles.find((role) => !needs.roleExists(role));
  if (unknown !== undefined || roles.length === 0) throw new Fault('role-unknown', { role: unknown ?? '' });
  if (asked.roles !== undefined) mustMayGive(authority, signed, roles);
  // What everybody gets who signs up may be more than the token carries: it made no choice.
  else mustNotOutrank(authority, roles, { ...signed, token: { scopes: undefined } });
  const account = await createAccount(needs, { ...asked, roles }, (accountId) =>
    recordOf(
      'account.add',
      { at: needs.clock.now(), caller, actorId: signed.account.id, accountId },
      { username: asked.username },
    ),
  );
  if (asked.welcome !== undefined) await needs.greet(account, asked.welcome, signed.account.id, caller);
  return account;
}
