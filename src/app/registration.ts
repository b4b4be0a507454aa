import type { Account } from '../core/account/account.ts';
import {
  chooseUsername,
  offerUsername,
  suggestUsername,
  usernameIsFree,
} from '../core/administration/choose-username.ts';
import { type AskedToRegister, mustBeLetIn, opensRegistration, register } from '../core/administration/register.ts';
import type { Caller } from '../core/ports.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.registration`, given what they need. */
export function registrationCases({ naming, registering }: Needs) {
  return {
    /** @throws Fault, see `register` */
    register: async (asked: AskedToRegister, caller: Caller): Promise<Account> =>
      await register(registering, asked, caller),
    /** Whether somebody who came with this secret may register. */
    opensWith: (secret: string) => opensRegistration(registering, secret),
    /** @throws Fault, see `chooseUsername` */
    chooseUsername: async (signed: Signed, username: string, caller: Caller): Promise<void> => {
      await chooseUsername(naming, signed.account, username, caller);
    },
    /** @throws Fault, see `usernameIsFree` */
    usernameIsFree: async (signed: Signed, username: string) => await usernameIsFree(naming, signed.account, username),
    /**
     * See `offerUsername`; for whoever may register, with the secret where it takes one.
     * @throws Fault `registration-closed`, `registration-secret-wrong`
     */
    offerUsername: async (secret: string | undefined, asked: Parameters<typeof offerUsername>[1]) => {
      mustBeLetIn(registering, secret);
      return await offerUsername(naming, asked);
    },
    suggestUsername: async (signed: Signed): Promise<string> => await suggestUsername(naming, signed.account),
  };
}
