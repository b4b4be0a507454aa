import type { LoggedIn } from '../core/session/log-in.ts';
import { findPageSession, openPageSession, type PageSigned } from '../core/session/page-session.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.page`: browsers that stay signed in at our own pages. */
export function pageCases({ paging }: Needs) {
  return {
    /** @returns what the cookie is to hold, see `openPageSession` */
    open: async (loggedIn: LoggedIn): Promise<string> => await openPageSession(paging, loggedIn),
    /** Who a cookie stands for; undefined for nobody. */
    find: async (text: string): Promise<PageSigned | undefined> => await findPageSession(paging, text),
  };
}
