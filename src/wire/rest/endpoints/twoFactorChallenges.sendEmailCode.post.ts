import { challengeFaults, requiredParameter } from '../challenge-faults.ts';
import { endpoint } from '../endpoint.ts';
import { object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/twoFactorChallenges.sendEmailCode',
  summary: 'Mails a fresh code to somebody whose sign-in with a provider waits for its second factor.',
  auth: 'none',
  rateLimit: 'Countersign_Rate_Limit_Two_Factor_Challenges',
  limitedAcrossNodes: true,
  body: object({ challengeId: optional(text({ description: 'Names the sign-in that waits.' })) }),
  answer: object({}),
  faults: challengeFaults,
  async run(app, { body, caller }) {
    await app.session.sendPendingCode(requiredParameter('challengeId', body.challengeId), caller);
    return {};
  },
});
