import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.sendConfirmationEmail',
  summary: 'Mails a link that verifies an address; who exists is not told.',
  auth: 'optional',
  rateLimit: 'Countersign_Rate_Limit_Confirmation_Email',
  limitedAcrossNodes: 'confirmation-link',
  body: object({ email: text() }),
  answer: object({}),
  run(app, { signed, body: { email }, caller, afterwards }) {
    afterwards(async () => {
      await app.recovery.askForVerification(email, signed, caller);
    });
    return {};
  },
});
