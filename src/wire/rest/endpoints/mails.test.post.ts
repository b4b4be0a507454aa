import { endpoint } from '../endpoint.ts';
import { flag, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/mails.test',
  summary: 'Sends a test mail at once, and tells what the mail server said where it did not take it.',
  auth: 'token',
  applications: false,
  permission: { all: ['edit-privileged-setting'] },
  twoFactor: { remember: true, always: false },
  body: object({ to: optional(text({ description: 'An address; left out: the first verified one of the caller.' })) }),
  answer: object({ delivered: flag(), to: text() }),
  async run(app, { signed, body, caller }) {
    return { delivered: true, to: await app.mail.test(signed, body.to, caller) };
  },
});
