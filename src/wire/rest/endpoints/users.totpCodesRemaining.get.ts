import { endpoint } from '../endpoint.ts';
import { object, whole } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.totpCodesRemaining',
  summary: 'Tells how many backup codes are left.',
  auth: 'token',
  rateLimit: 'Countersign_Rate_Limit_Authenticator_App',
  enrolment: true,
  answer: object({ remaining: whole() }),
  run: async (app, { signed }) => ({ remaining: await app.factor.backupCodesLeft(signed) }),
});
