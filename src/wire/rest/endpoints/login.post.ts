import type { SuppliedFactor } from '../../../core/second-factor/gate.ts';
import { decodeLogIn, type LogInRequest, signIn } from '../../shapes/log-in-request.ts';
import { meOf } from '../../shapes/me.ts';
import { endpoint } from '../endpoint.ts';
import { normalised } from '../log-in-body.ts';
import { logInFaults } from '../log-in-faults.ts';
import { free, object, oneOf, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/login',
  summary: 'Opens a session with a name and a password, or continues one with its token.',
  auth: 'none',
  limitedAcrossNodes: true,
  // Anything may stand in it: what no way of signing in takes is refused as wrong details are (rest.md §7.1).
  body: free({
    description:
      'user, username or email with password (and code); or resume; or ldap with username and ldapPass; or totp {code, login}.',
    properties: {
      user: { description: 'A username or an e-mail address; or an object with username, email or id.' },
      username: {},
      email: {},
      password: { description: 'In clear, or {digest, algorithm: "sha-256"}.' },
      code: { description: 'The code of a second factor; the header x-2fa-code says the same.' },
      resume: { description: 'A token that was given out earlier.' },
      totp: {},
    },
  }),
  answer: object({
    status: oneOf('success'),
    data: object({ userId: text(), authToken: text(), me: free() }),
  }),
  faults: logInFaults,
  async run(app, { body, caller, supplied }) {
    const form = normalised(body, supplied, app.directory.isOn().held);
    const { account, text: authToken } = await signIn(app, askedFor(decodeLogIn(form), supplied), caller);
    const me = meOf(account, {
      settings: app.settings,
      status: app.presence.of(account),
      statusConnection: app.presence.ofConnections(account.id),
    });
    return { status: 'success' as const, data: { userId: account.id, authToken, me } };
  },
});

/** Without a code the header `x-2fa-method` says which factor is to be asked for: another one than the account prefers. */
function askedFor(request: LogInRequest, { method }: SuppliedFactor): LogInRequest {
  if (request.kind === 'resume' || request.supplied.code !== undefined) return request;
  return { ...request, supplied: { code: undefined, method } };
}
