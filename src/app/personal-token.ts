import {
  makeOwnToken,
  mustBeAllowedPersonalTokens,
  removeOwnToken,
  renewOwnToken,
} from '../core/administration/personal-tokens.ts';
import { listForAll, revokePersonal } from '../core/administration/sessions.ts';
import type { Caller } from '../core/ports.ts';
import type { AskedPersonal } from '../core/session/personal-tokens.ts';
import type { TokenPage } from '../core/session/store.ts';
import type { Signed, Token } from '../core/session/token.ts';
import { warnOfEnds } from '../core/session/warn-tokens.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.personalToken`, given what they need. */
export function personalTokenCases({ clock, devices, mailer, permissions, personal, settings, tokens }: Needs) {
  return {
    /** @throws Fault `permission-missing`, and those of `makePersonalToken` */
    make: async (signed: Signed, asked: AskedPersonal, caller: Caller): Promise<string> =>
      await makeOwnToken(personal, signed, asked, caller),
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
    /** Those of all accounts or of one. @throws Fault `permission-missing` */
    listForAll: async (signed: Signed, page: TokenPage) => await listForAll(devices, signed, 'personal', page),
    /** @throws Fault `permission-missing`, `personal-token-unknown` */
    revoke: async (signed: Signed, id: string, caller: Caller): Promise<void> => {
      await revokePersonal(devices, signed, id, caller);
    },
    /** Tells the owners of tokens that end soon, in small steps; says how many were told. */
    warnOfEnds: async (): Promise<number> =>
      await warnOfEnds(
        { clock, tokens, mailer, daysBefore: () => settings.get('Countersign_Personal_Token_Warning_Days') },
        25,
      ),
  };
}
