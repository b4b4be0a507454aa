import { endpoint } from '../endpoint.ts';
import { flag, object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.disableTotp',
  summary: 'Takes the authenticator app away, with its backup codes.',
  auth: 'token',
  rateLimit: 'Countersign_Rate_Limit_Authenticator_App',
  body: object({ code: text({ description: 'A code of the app, or a backup code.' }) }),
  answer: object({ disabled: flag() }),
  async run(app, { signed, body, caller }) {
    await app.factor.removeApp(signed, body.code, caller);
    return { disabled: true };
  },
});
