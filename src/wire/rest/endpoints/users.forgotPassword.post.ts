import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.forgotPassword',
  summary: 'Mails a link that sets a new password; who exists is not told.',
  auth: 'none',
  limitedAcrossNodes: 'password-link',
  body: object({ email: text() }),
  answer: object({}),
  run(app, { body: { email }, caller, afterwards }) {
    app.recovery.mustAllowReset();
    afterwards(async () => {
      await app.recovery.askForReset(email, caller);
    });
    return {};
  },
});
