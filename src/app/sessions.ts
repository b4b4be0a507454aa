import { endSessionOf, listForAll, sessionForAll } from '../core/administration/sessions.ts';
import type { Caller } from '../core/ports.ts';
import { endSession, ownSession } from '../core/session/sessions.ts';
import type { TokenPage } from '../core/session/store.ts';
import type { Signed, Token } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** What is known of sessions, and ending one of them. */
export function sessionsCases({ clock, devices, tokens }: Needs) {
  return {
    listOwn: async (signed: Signed, page: Omit<TokenPage, 'accountId'>) =>
      await tokens.page('sessions', { ...page, accountId: signed.account.id }, clock.now()),
    /** @throws Fault `session-unknown` */
    own: async (signed: Signed, id: string): Promise<Token> => await ownSession(devices, signed, id),
    /** @throws Fault `session-unknown` */
    endOwn: async (signed: Signed, id: string, caller: Caller): Promise<void> => {
      await endSession(devices, await ownSession(devices, signed, id), signed.account.id, caller);
    },
    /** @throws Fault `permission-missing` */
    listForAll: async (signed: Signed, page: TokenPage) => await listForAll(devices, signed, 'sessions', page),
    /** @throws Fault `permission-missing`, `session-unknown` */
    ofAnybody: async (signed: Signed, id: string): Promise<Signed> => await sessionForAll(devices, signed, id),
    /** @throws Fault `permission-missing`, `session-unknown` */
    endOfAnybody: async (signed: Signed, id: string, caller: Caller): Promise<void> => {
      await endSessionOf(devices, signed, id, caller);
    },
  };
}
