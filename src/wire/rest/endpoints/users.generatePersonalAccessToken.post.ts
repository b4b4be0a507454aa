import { longestTokenName } from '../../../core/session/personal-tokens.ts';
import { futureOf } from '../../shapes/future.ts';
import { endpoint } from '../endpoint.ts';
import { personalTokenFaults } from '../personal-token-faults.ts';
import { flag, list, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.generatePersonalAccessToken',
  summary: 'Makes a personal token; its text is told this once.',
  auth: 'token',
  scoped: false,
  twoFactor: { remember: true, always: false },
  body: object({
    tokenName: text({ minLength: 1, maxLength: longestTokenName }),
    bypassTwoFactor: optional(flag({ description: 'The token is never asked for a second factor.' })),
    expiresAt: optional(text({ description: 'When it ends, ISO 8601; left out: never.' })),
    scopes: optional(
      list(text({ minLength: 1, maxLength: 256 }), {
        maxItems: 500,
        description:
          'The only permissions that it carries, of those that the caller holds; an empty list leaves what its owner may always read.',
      }),
    ),
    addresses: optional(
      list(text({ minLength: 2, maxLength: 64 }), {
        minItems: 1,
        maxItems: 100,
        description: 'The only addresses and networks (CIDR) from which it counts.',
      }),
    ),
  }),
  answer: object({ token: text() }),
  faults: personalTokenFaults,
  async run(app, { signed, body, caller }) {
    const asked = {
      name: body.tokenName,
      skipsSecondFactor: body.bypassTwoFactor ?? false,
      endsAt: body.expiresAt === undefined ? undefined : futureOf(body.expiresAt),
      scopes: body.scopes,
      addresses: body.addresses,
    };
    return { token: await app.personalToken.make(signed, asked, caller) };
  },
});
