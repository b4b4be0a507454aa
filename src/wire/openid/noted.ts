import type { KoaContextWithOIDC } from 'oidc-provider';
import type { App } from '../../app.ts';
import type { ApplicationAct } from '../../core/application/audit.ts';
import { currentVisit } from './visit.ts';

/** Where clients show who they are. */
const clientRoutes: ReadonlySet<string> = new Set(['token', 'introspection', 'revocation']);

/**
 * Notes in the audit trail what came of a request of a client: tokens for a code, a code or a refresh token that came again,
 * a wrong secret. What a client that nobody knows does is not noted: there is no end to those.
 * @param isReplay whether the provider has ended a grant since something of it came again
 */
export async function noteClient(app: App, ctx: KoaContextWithOIDC, isReplay: boolean): Promise<void> {
  const { oidc } = ctx as { readonly oidc?: KoaContextWithOIDC['oidc'] };
  const visit = currentVisit();
  const found = oidc?.client === undefined ? undefined : await app.openId.client(oidc.client.clientId);
  if (oidc === undefined || visit === undefined || found === undefined || !clientRoutes.has(oidc.route)) return;
  const isCode = oidc.params?.['grant_type'] === 'authorization_code';
  const act = actOf(ctx, oidc.route === 'token', isCode, isReplay);
  if (act === undefined) return;
  const { AuthorizationCode: code, RefreshToken: refresh } = oidc.entities;
  const accountId = act === 'application.client-refused' ? undefined : (code ?? refresh)?.accountId;
  const of = act === 'application.replay' ? (isCode ? 'code' : 'refresh token') : undefined;
  await app.openId.note(act, found.application, { accountId, of }, visit.caller);
}

function actOf(
  { status, body }: KoaContextWithOIDC,
  isToken: boolean,
  isCode: boolean,
  isReplay: boolean,
): ApplicationAct | undefined {
  if (isToken && isReplay) return 'application.replay';
  if (isToken && isCode && status === 200) return 'application.log-in';
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return error === 'invalid_client' ? 'application.client-refused' : undefined;
}
