import type { Account } from '../core/account/account.ts';
import type { Avatar } from '../core/account/avatar-store.ts';
import { mustMayChooseAvatar, putAvatar, resetAvatar } from '../core/administration/avatars.ts';
import type { Caller } from '../core/ports.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.avatar`, given what they need. */
export function avatarCases({ picturing, store }: Needs) {
  return {
    /** The picture of the account of a username; undefined for the drawn one. */
    of: async (username: string): Promise<(Avatar & { readonly tag: string }) | undefined> =>
      await store.avatars.byUsername(username),
    /** @throws Fault, see `mustMayChooseAvatar` */
    mustMayChoose: (signed: Signed, account: Account): void => {
      mustMayChooseAvatar(picturing, signed, account);
    },
    /** @throws Fault, see `putAvatar` */
    put: async (signed: Signed, account: Account, file: Uint8Array, caller: Caller): Promise<void> => {
      await putAvatar(picturing, signed, account, file, caller);
    },
    /** @throws Fault, see `resetAvatar` */
    reset: async (signed: Signed, account: Account, caller: Caller): Promise<void> => {
      await resetAvatar(picturing, signed, account, caller);
    },
  };
}
