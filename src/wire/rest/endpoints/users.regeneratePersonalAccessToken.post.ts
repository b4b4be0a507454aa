import { longestTokenName } from '../../../core/session/personal-tokens.ts';
import { endpoint } from '../endpoint.ts';
import { personalTokenFaults } from '../personal-token-faults.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.regeneratePersonalAccessToken',
  summary: 'Puts a new text under the name of a personal token; the old text is dead at once.',
  auth: 'token',
  scoped: false,
  twoFactor: { remember: true, always: false },
  body: object({ tokenName: text({ minLength: 1, maxLength: longestTokenName }) }),
  answer: object({ token: text() }),
  faults: personalTokenFaults,
  async run(app, { signed, body, caller }) {
    return { token: await app.personalToken.renew(signed, body.tokenName, caller) };
  },
});
