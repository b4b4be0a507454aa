import { type Account, administratorRole } from '../account/account.ts';
import { type Asked, type CreateNeeds, createAccount } from '../account/create.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission, mustNotOutrank } from './may.ts';

export interface AdministerCreateNeeds extends CreateNeeds {
  readonly authority: Authority;
  readonly roleExists: (id: string) => boolean;
  readonly defaultRoles: () => readonly string[];
}

/**
 * Makes an account for somebody else (rest.md §11.2).
 * @param asked.roles undefined for the default ones
 * @throws Fault `permission-missing`, `role-unknown`, `role-too-high`, and those of `createAccount`
 */
export async function createAccountFor(
  needs: AdministerCreateNeeds,
  signed: Signed,
  asked: Omit<Asked, 'roles'> & { readonly roles: readonly string[] | undefined },
  caller: Caller,
): Promise<Account> {
  const { authority } = needs;
  mustHoldPermission(authority, signed, 'create-user', 'Adding_user');
  if (asked.open === false) mustHoldPermission(authority, signed, 'edit-other-user-active-status');
  const roles = [...new Set(asked.roles ?? needs.defaultRoles())];
  const unknown = roles.find((role) => !needs.roleExists(role));
  if (unknown !== undefined || roles.length === 0) throw new Fault('role-unknown', { role: unknown ?? '' });
  if (asked.roles !== undefined) {
    if (roles.includes(administratorRole)) {
      mustHoldPermission(authority, signed, 'assign-admin-role', 'Assign_admin');
    }
  }
  mustNotOutrank(authority, roles, signed.account);
  return await createAccount(needs, { ...asked, roles }, (accountId) =>
    recordOf(
      'account.add',
      { at: needs.clock.now(), caller, actorId: signed.account.id, accountId },
      { username: asked.username },
    ),
  );
}
