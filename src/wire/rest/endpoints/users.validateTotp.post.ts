import { endpoint } from '../endpoint.ts';
import { list, object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.validateTotp',
  summary: 'Turns the waiting authenticator app on with its first code; every other session ends.',
  auth: 'token',
  rateLimit: 'Countersign_Rate_Limit_Authenticator_App',
  enrolment: true,
  twoFactor: { remember: false, always: false },
  body: object({ code: text() }),
  answer: object({ codes: list(text(), { description: 'Backup codes, told this once.' }) }),
  run: async (app, { signed, body, caller }) => ({ codes: await app.factor.confirmApp(signed, body.code, caller) }),
});
