import { type Account, atLeastEverybodys } from '../account/account.ts';
import { type Asked, type CreateNeeds, createAccount } from '../account/create.ts';
import { mustBeBrief } from '../account/edit.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission, mustMayGive, mustNotOutrank } from './may.ts';

export interface AdministerCreateNeeds extends CreateNeeds {
  readonly authority: Authority;
  readonly roleExists: (id: string) => boolean;
  readonly defaultRoles: () => readonly string[];
  /** Mails a link to an address that waits to be verified. */
  readonly mailVerification: (
    account: Account,
    address: string,
    actorId: string | undefined,
    caller: Caller,
  ) => Promise<void>;
  /** Whether nobody signs in with an address that is not verified. */
  readonly mustBeVerified: () => boolean;
  /** Mails what `welcome` asks for. */
  readonly greet: (account: Account, welcome: Welcome, actorId: string, caller: Caller) => Promise<void>;
}

/** How the owner hears of an account: with a link that sets the first password, or without. */
export type Welcome = 'enrolment' | 'welcome';

/**
 * Makes an account for somebody else (rest.md §11.2). Its owner gets a link that verifies the address where nobody signs in
 * without.
 * @param asked.roles undefined for the default ones
 * @throws Fault `permission-missing`, `role-unknown`, `role-too-high`, `text-too-long`, `name-required`, and those of
 *   `createAccount`
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
  const roles = [...new Set(asked.roles ?? atLeastEverybodys(needs.defaultRoles().filter(needs.roleExists)))];
  const unknown = roles.find((role) => !needs.roleExists(role));
  if (unknown !== undefined || roles.length === 0) throw new Fault('role-unknown', { role: unknown ?? '' });
  if (asked.roles !== undefined) mustMayGive(authority, signed, roles);
  // What everybody gets who signs up may be more than the token carries: it made no choice.
  else mustNotOutrank(authority, roles, { ...signed, token: { scopes: undefined } });
  mustBeWhole(asked);
  const account = await createAccount(needs, { ...asked, roles }, (accountId) =>
    recordOf(
      'account.add',
      { at: needs.clock.now(), caller, actorId: signed.account.id, accountId },
      { username: asked.username },
    ),
  );
  const actorId = signed.account.id;
  if (asked.welcome !== undefined) await needs.greet(account, asked.welcome, actorId, caller);
  const { email } = asked;
  // The link of an enrolment verifies the address as well.
  if (email?.verified === false && asked.welcome !== 'enrolment' && needs.mustBeVerified()) {
    await needs.mailVerification(account, email.address, actorId, caller);
  }
  return account;
}

/** What a form for somebody else has to say, by whichever door it comes. @throws Fault `text-too-long`, `name-required` */
function mustBeWhole({ username, password = '', bio, nickname }: Parameters<typeof createAccountFor>[2]): void {
  mustBeBrief({ bio, nickname });
  if (username.trim() === '') throw new Fault('name-required', { field: 'Username' });
  // No policy is asked here.
  if (password.trim() === '') throw new Fault('name-required', { field: 'Password' });
}
