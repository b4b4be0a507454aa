import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/applications.withdraw',
  summary: 'Takes back that an application may speak for the caller; its tokens for them end.',
  auth: 'token',
  body: object({ clientId: text({ minLength: 1 }) }),
  answer: object({}),
  async run(app, { signed, body, caller }) {
    await app.application.withdraw(signed, body.clientId, caller);
    return {};
  },
});
