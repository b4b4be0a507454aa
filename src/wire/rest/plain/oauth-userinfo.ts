import type { App } from '../../../app.ts';
import type { Account } from '../../../core/account/account.ts';
import { Fault } from '../../../core/fault.ts';
import { bearerOf } from '../admit.ts';
import { oauthJson } from './oauth-answers.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';
import { addressOf } from './sent-to.ts';

/** `/oauth/userinfo` (providers.md §8.1): who somebody is, for an access token. */
export function oauthUserinfo(app: App): PlainRoute {
  const run = async (request: PlainRequest): Promise<PlainAnswer> => await told(app, request);
  return { path: '/oauth/userinfo', countsItself: true, run, post: run };
}

async function told(app: App, { headers }: PlainRequest): Promise<PlainAnswer> {
  const text = bearerOf(headers);
  if (text === undefined) return { status: 401, text: 'No token', headers: { 'WWW-Authenticate': 'Bearer' } };
  try {
    const { account } = await app.application.authenticate(text, { applications: true, scoped: true });
    return oauthJson(200, claimsOf(app, account));
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code === 'unavailable' || cause.code === 'busy') throw cause;
    const challenge = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };
    return { status: 401, text: 'Invalid Token', headers: challenge };
  }
}

function claimsOf(app: App, { id, name, username, emails, updatedAt }: Account): object {
  const [email] = emails;
  return {
    sub: id,
    name,
    email: email?.address,
    email_verified: email?.verified ?? false,
    department: '',
    birthdate: '',
    // Rocket.Chat's spelling; clients know it.
    preffered_username: username,
    preferred_username: username,
    updated_at: new Date(updatedAt).toISOString(),
    ...(username === undefined ? {} : { picture: addressOf(app, `/avatar/${encodeURIComponent(username)}`) }),
  };
}
