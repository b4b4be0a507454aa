import type { KoaContextWithOIDC, default as Provider } from 'oidc-provider';
import type { App } from '../../app.ts';
import type { SigningKey } from '../../core/application/signing-keys.ts';
import { noPageCookie } from '../shapes/page-cookie.ts';
import { noteClient } from './noted.ts';
import type { ProviderParts } from './parts.ts';
import { openIdProvider } from './provider.ts';
import { currentVisit } from './visit.ts';

/** How long a node goes on without looking whether another one has made a new key. */
const lookAgainMs = 10_000;

/** The provider for the issuer and the keys of now. */
export class ServedProvider {
  readonly #parts: ProviderParts;
  #made: { readonly provider: Promise<Provider>; readonly of: string } | undefined;
  #lookedAt = 0;

  constructor(parts: ProviderParts) {
    this.#parts = parts;
  }

  async provider(): Promise<Provider> {
    const { app } = this.#parts;
    const issuer = `${app.settings.get('Site_Url').replace(/\/+$/u, '')}/oidc`;
    const now = app.clock.now();
    const age = now - this.#lookedAt;
    if (this.#made?.of.startsWith(`${issuer} `) === true && age >= 0 && age < lookAgainMs) {
      return await this.#made.provider;
    }
    const keys = await app.openId.signingKeys();
    this.#lookedAt = now;
    const of = `${issuer} ${keys.map(({ kid }) => kid).join(' ')}`;
    if (this.#made?.of !== of) this.#made = { of, provider: this.#make(issuer, keys) };
    return await this.#made.provider;
  }

  async #make(issuer: string, keys: readonly SigningKey[]): Promise<Provider> {
    const { app } = this.#parts;
    const provider = await openIdProvider(this.#parts, issuer, keys);
    const replays = new WeakSet<object>();
    provider.on('grant.revoked', (ctx) => {
      replays.add(ctx);
    });
    provider.use(async (ctx, next) => {
      await next();
      await endBehind(app, ctx as KoaContextWithOIDC);
      await noteClient(app, ctx as KoaContextWithOIDC, replays.has(ctx));
    });
    return provider;
  }
}

/** Whoever signs out at the request of an application is signed out here as well. */
async function endBehind(app: App, ctx: KoaContextWithOIDC): Promise<void> {
  const { oidc } = ctx as { readonly oidc?: KoaContextWithOIDC['oidc'] };
  const visit = currentVisit();
  const accountId = oidc?.session?.accountId;
  const isOut = oidc?.route === 'end_session_confirm' && oidc.params?.['logout'] !== undefined && ctx.status === 303;
  if (!isOut || visit === undefined || accountId === undefined) return;
  for (const signed of [visit.bound, visit.page?.signed]) {
    if (signed?.account.id === accountId) await app.session.logOut(signed, visit.caller);
  }
  ctx.append('Set-Cookie', noPageCookie(app));
}
