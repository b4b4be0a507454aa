import { longestTokenName } from '../../../core/session/personal-tokens.ts';
import { endpoint } from '../endpoint.ts';
import { personalTokenFaults } from '../personal-token-faults.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.removePersonalAccessToken',
  summary: 'Ends a personal token.',
  auth: 'token',
  scoped: false,
  twoFactor: { remember: true, always: false },
  body: object({ tokenName: text({ minLength: 1, maxLength: longestTokenName }) }),
  answer: object({}),
  faults: personalTokenFaults,
  async run(app, { signed, body, caller }) {
    await app.personalToken.remove(signed, body.tokenName, caller);
    return {};
  },
});
