import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.verifyEmail',
  summary: 'Verifies an address by what stands in a mailed link; signs nobody in.',
  auth: 'none',
  limitedAcrossNodes: true,
  body: object({ token: text() }),
  answer: object({}),
  async run(app, { body: { token }, caller }) {
    await app.recovery.verifyEmail(token, caller);
    return {};
  },
});
