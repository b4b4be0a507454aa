import { givePermission, setHolders, takePermission } from '../core/administration/permissions.ts';
import type { Caller } from '../core/ports.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.permission`, given what they need. */
export function permissionCases({ ruling }: Needs) {
  return {
    /** Says which roles hold some permissions. @throws Fault, see `setHolders` */
    set: async (signed: Signed, asked: Parameters<typeof setHolders>[2], caller: Caller): Promise<void> => {
      await setHolders(ruling, signed, asked, caller);
    },
    /** @throws Fault, see `givePermission` */
    give: async (signed: Signed, asked: Parameters<typeof givePermission>[2], caller: Caller): Promise<void> => {
      await givePermission(ruling, signed, asked, caller);
    },
    /** @throws Fault, see `takePermission` */
    take: async (signed: Signed, asked: Parameters<typeof takePermission>[2], caller: Caller): Promise<void> => {
      await takePermission(ruling, signed, asked, caller);
    },
  };
}
