import { introspection } from '../../shapes/introspection.ts';
import { endpoint } from '../endpoint.ts';
import { flag, list, object, optional, text, whole } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/tokens.introspect',
  summary: 'Tells another service whether a token that it was shown is good, and whose it is (RFC 7662).',
  auth: 'token',
  permission: { all: ['introspect-tokens'] },
  rateLimit: 'none',
  body: object({
    token: text({
      minLength: 1,
      maxLength: 512,
      description: 'What came in X-Auth-Token, or as the access token of an application.',
    }),
    userId: optional(
      text({ maxLength: 512, description: 'What came in X-User-Id: a token of somebody else is not good.' }),
    ),
    address: optional(
      text({
        maxLength: 64,
        description: 'Where it came from; without it a token that counts from some addresses only is not good.',
      }),
    ),
    token_type_hint: optional(text({ maxLength: 64 })),
  }),
  answer: object({
    active: flag(),
    sub: optional(text()),
    username: optional(text()),
    name: optional(text()),
    email: optional(text()),
    email_verified: optional(flag()),
    roles: optional(list(text())),
    scope: optional(text()),
    token_type: optional(text()),
    client_id: optional(text()),
    iss: optional(text()),
    iat: optional(whole()),
    exp: optional(whole()),
    amr: optional(list(text())),
  }),
  async run(app, { body }) {
    const { token, userId, address } = body;
    const issuer = app.settings.get('Site_Url');
    const signed = await app.session.introspect({ token, accountId: userId, address });
    if (signed !== undefined) return introspection(signed, issuer);
    const access = await app.application.introspect({ token, accountId: userId });
    return introspection(access?.signed, issuer, access?.clientId);
  },
});
