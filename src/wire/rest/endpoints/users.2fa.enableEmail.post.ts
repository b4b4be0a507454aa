import { endpoint } from '../endpoint.ts';
import { object } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.2fa.enableEmail',
  summary: 'Turns codes by e-mail on; every other session ends.',
  auth: 'token',
  enrolment: true,
  answer: object({}),
  async run(app, { signed, caller }) {
    await app.factor.turnEmailOn(signed, caller);
    return {};
  },
});
