import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.sendWelcomeEmail',
  summary: 'Mails the owner of an account that there is one.',
  auth: 'token',
  permission: { all: ['send-mail'] },
  body: object({ email: text() }),
  answer: object({}),
  async run(app, { signed, body: { email } }) {
    await app.recovery.sendWelcome(signed, email);
    return {};
  },
});
