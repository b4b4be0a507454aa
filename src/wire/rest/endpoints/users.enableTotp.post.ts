import { appLabelOf } from '../../shapes/app-label.ts';
import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.enableTotp',
  summary: 'Begins with an authenticator app: makes a secret that waits for its first code.',
  auth: 'token',
  rateLimit: 'Countersign_Rate_Limit_Authenticator_App',
  enrolment: true,
  twoFactor: { remember: false, always: false },
  answer: object({
    secret: text({ description: 'In base 32.' }),
    url: text({ description: 'For authenticator apps, `otpauth://totp/…`.' }),
  }),
  run: async (app, { signed, caller }) => await app.factor.beginApp(signed, appLabelOf(signed.account), caller),
});
