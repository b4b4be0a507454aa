import { endpoint } from '../endpoint.ts';
import { object } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.2fa.disableEmail',
  summary: 'Turns codes by e-mail off.',
  auth: 'token',
  twoFactor: { remember: false, always: false },
  answer: object({}),
  async run(app, { signed, caller }) {
    await app.factor.turnEmailOff(signed, caller);
    return {};
  },
});
