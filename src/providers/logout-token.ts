import type { LogoutToken } from '../core/external-login/provider.ts';
import { Fault } from '../core/fault.ts';
import type { TokenChecks } from './claims.ts';
import { isFields, textIn } from './fields.ts';
import { checkIdToken } from './id-token.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * Takes a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6): who made it, for whom, when, that it is about the
 * end of a session, and about which. Whether it was shown before is for the caller to know.
 * @throws Fault `provider-refused`, `provider-unreachable`
 */
export async function logoutTokenOf(token: string, checks: TokenChecks): Promise<LogoutToken> {
  const { service, issuer, clientId, keys, now } = checks;
  const refused = (why: string): Fault =>
    new Fault('provider-refused', { service, message: `The logout token of ${service} was refused: ${why}` });
  if (issuer === undefined || keys === undefined) throw refused('the provider publishes no keys');
  const claims = await checkIdToken(token, {
    service,
    issuers: [issuer],
    audience: [clientId],
    keys,
    nonce: undefined,
    now,
    typ: 'logout+jwt',
  });
  const { events, exp = 0 } = claims;
  const isLogout = isFields(events) && Object.hasOwn(events, event) && isFields(events[event]);
  if (!isLogout) throw refused('it is about something else');
  // An ID token has one, and must not be taken for a logout token.
  if (Object.hasOwn(claims, 'nonce')) throw refused('it has a nonce');
  const id = textIn(claims, 'jti');
  if (id === undefined) throw refused('it has no name');
  const [subject, session] = [textIn(claims, 'sub'), textIn(claims, 'sid')];
  if (subject === undefined && session === undefined) throw refused('it names nobody and no session');
  return { id, subject, session, endsAt: exp * 1000 };
}
