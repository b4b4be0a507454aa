import type { Account } from '../core/account/account.ts';
import { mustHoldPermission } from '../core/administration/may.ts';
import { type AskedRole, createRole, deleteRole, editRole, giveRole, takeRole } from '../core/administration/roles.ts';
import type { Caller, Moment } from '../core/ports.ts';
import type { Signed } from '../core/session/token.ts';
import type { KeptRole, RemovedRole, RoleEdit } from '../core/setting/store.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.role`, given what they need. */
export function roleCases({ permissions, ruling, store }: Needs) {
  return {
    /** To be asked before anything is looked up. @throws Fault `permission-missing` */
    mustAdminister: (signed: Signed): void => {
      mustHoldPermission(permissions, signed, 'access-permissions');
    },
    /** @throws Fault, see `createRole` */
    create: async (signed: Signed, asked: AskedRole, caller: Caller): Promise<KeptRole> =>
      await createRole(ruling, signed, asked, caller),
    /** @throws Fault, see `editRole` */
    edit: async (signed: Signed, id: string, edit: RoleEdit, caller: Caller): Promise<KeptRole> =>
      await editRole(ruling, signed, id, edit, caller),
    /** @throws Fault, see `deleteRole` */
    remove: async (signed: Signed, id: string, caller: Caller): Promise<void> => {
      await deleteRole(ruling, signed, id, caller);
    },
    /** @throws Fault, see `giveRole` */
    give: async (signed: Signed, account: Account, id: string, caller: Caller): Promise<void> => {
      await giveRole(ruling, signed, account, id, caller);
    },
    /** @throws Fault, see `takeRole` */
    take: async (signed: Signed, account: Account, id: string, caller: Caller): Promise<void> => {
      await takeRole(ruling, signed, account, id, caller);
    },
    /** The roles that were removed after a moment. */
    removed: async (after: Moment): Promise<readonly RemovedRole[]> => await store.settings.removedRoles(after),
  };
}
