import { AsyncLocalStorage } from 'node:async_hooks';
import type { Caller } from '../../core/ports.ts';
import type { PageSigned } from '../../core/session/page-session.ts';
import type { Signed } from '../../core/session/token.ts';

/** What is known of a request to the OpenID provider while it is served. */
export interface OpenIdVisit {
  readonly caller: Caller;
  /** Who is signed in with this browser at our own pages. */
  readonly page: PageSigned | undefined;
  /** In which way the request shows the secret of a client, where it shows one. */
  readonly secretBy: 'client_secret_basic' | 'client_secret_post';
  /** The session of ours behind the provider's session of this browser, once that was read. */
  bound: Signed | undefined;
  /** A session of ours that a newer one of the same person has taken the place of. */
  replaced: Signed | undefined;
}

const visits = new AsyncLocalStorage<OpenIdVisit>();

/** Serves a request, of which everything that it calls can ask. */
export async function duringVisit<T>(visit: OpenIdVisit, act: () => Promise<T>): Promise<T> {
  return await visits.run(visit, act);
}

/** The request that is being served; undefined for work that no request asked for. */
export function currentVisit(): OpenIdVisit | undefined {
  return visits.getStore();
}
