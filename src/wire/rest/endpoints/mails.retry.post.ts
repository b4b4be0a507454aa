import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/mails.retry',
  summary: 'Sends a mail that has failed or was kept, as if it were new.',
  auth: 'token',
  applications: false,
  permission: { all: ['edit-privileged-setting'] },
  twoFactor: { remember: true, always: false },
  body: object({ id: text({ minLength: 1, maxLength: 64 }) }),
  answer: object({}),
  async run(app, { signed, body, caller }) {
    await app.mail.retry(signed, body.id, caller);
    return {};
  },
});
