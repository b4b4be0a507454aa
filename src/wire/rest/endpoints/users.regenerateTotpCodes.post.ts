import { endpoint } from '../endpoint.ts';
import { list, object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.regenerateTotpCodes',
  summary: 'Makes new backup codes; the old ones are dead at once.',
  auth: 'token',
  rateLimit: 'Countersign_Rate_Limit_Authenticator_App',
  body: object({ code: text({ description: 'A code of the app, or a backup code.' }) }),
  answer: object({ codes: list(text(), { description: 'Backup codes, told this once.' }) }),
  run: async (app, { signed, body, caller }) => ({
    codes: await app.factor.renewBackupCodes(signed, body.code, caller),
  }),
});
