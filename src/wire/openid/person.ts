import type { Account as FoundAccount, KoaContextWithOIDC } from 'oidc-provider';
import type { App } from '../../app.ts';
import { authenticationOf, claimsOf } from './claims.ts';
import { currentVisit } from './visit.ts';

/**
 * Whom the provider may speak of: nobody whose account is closed or gone, and where a token asks, nobody who has taken
 * back what they agreed to.
 */
export async function findPerson(
  app: App,
  accountId: string,
  clientId: string | undefined,
): Promise<FoundAccount | undefined> {
  const client = clientId === undefined ? undefined : await app.openId.client(clientId);
  if (clientId !== undefined && client === undefined) return undefined;
  const account = await app.openId.person(accountId, client?.application.id);
  if (account === undefined) return undefined;
  return { accountId: account.id, claims: async () => await Promise.resolve(claimsOf(app, account)) };
}

/**
 * Makes the provider's session of a browser follow the one at our own pages: whoever signed in there, as somebody else or
 * once more, is who asks now.
 */
export function followPage({ oidc }: KoaContextWithOIDC): void {
  const visit = currentVisit();
  const page = visit?.page;
  const { session } = oidc;
  if (visit === undefined || page === undefined || session === undefined) return;
  const { signed } = page;
  const { loginTs, acr, amr } = authenticationOf(page);
  const isSame = session.accountId === signed.account.id;
  if (isSame && session.loginTs === loginTs && visit.bound?.token.hash === signed.token.hash) return;
  if (session.accountId !== undefined) session.resetIdentifier();
  // Grants of one person are nothing to the next.
  if (!isSame) session.authorizations = undefined;
  if (isSame && visit.bound !== undefined && visit.bound.token.hash !== signed.token.hash) visit.replaced = visit.bound;
  session.loginAccount({ accountId: signed.account.id, loginTs, acr, amr: [...amr], transient: true });
}

/** Whether whoever the provider's session speaks of is signed in at our own pages, and still in the same way. */
export function isSignedIn({ oidc }: KoaContextWithOIDC): { readonly held: boolean } {
  const page = currentVisit()?.page;
  if (page === undefined || oidc.session?.accountId !== page.signed.account.id) return { held: false };
  return { held: oidc.session.loginTs === authenticationOf(page).loginTs };
}
