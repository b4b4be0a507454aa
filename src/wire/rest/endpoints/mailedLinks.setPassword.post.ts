import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/mailedLinks.setPassword',
  summary: 'Sets a password by what stands in a mailed link, once; sessions end, and nobody is signed in.',
  auth: 'none',
  limitedAcrossNodes: true,
  body: object({
    token: text({ maxLength: 512, description: 'What stands at the end of the link.' }),
    password: text({ maxLength: 4096 }),
  }),
  answer: object({}),
  async run(app, { body: { token, password }, caller }) {
    await app.recovery.resetPassword(token, { plain: password }, caller);
    return {};
  },
});
