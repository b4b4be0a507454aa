import { longestTokenName } from '../../../core/session/personal-tokens.ts';
import { endpoint } from '../endpoint.ts';
import { personalTokenFaults } from '../personal-token-faults.ts';
import { flag, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.generatePersonalAccessToken',
  summary: 'Makes a personal token; its text is told this once.',
  auth: 'token',
  twoFactor: { remember: true, always: false },
  body: object({
    tokenName: text({ minLength: 1, maxLength: longestTokenName }),
    bypassTwoFactor: optional(flag({ description: 'The token is never asked for a second factor.' })),
  }),
  answer: object({ token: text() }),
  faults: personalTokenFaults,
  async run(app, { signed, body, caller }) {
    const asked = { name: body.tokenName, skipsSecondFactor: body.bypassTwoFactor ?? false };
    return { token: await app.personalToken.make(signed, asked, caller) };
  },
});
