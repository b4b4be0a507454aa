import { challengeFaults, requiredParameter } from '../challenge-faults.ts';
import { endpoint } from '../endpoint.ts';
import { object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/twoFactorChallenges.verifyChallenge',
  summary: 'Ends a sign-in with a provider by the code of a second factor, and gives its token.',
  auth: 'none',
  rateLimit: 'Countersign_Rate_Limit_Two_Factor_Challenges',
  limitedAcrossNodes: true,
  body: object({
    challengeId: optional(text({ description: 'Names the sign-in that waits, for five minutes.' })),
    method: optional(
      text({ maxLength: 32, description: 'Which factor the code is of; the header x-2fa-method says the same.' }),
    ),
    code: optional(text({ maxLength: 16_384, description: 'The code of the second factor, or a backup code.' })),
  }),
  answer: object({ loginToken: text(), userId: text() }),
  faults: challengeFaults,
  async run(app, { body, caller, supplied }) {
    const challengeId = requiredParameter('challengeId', body.challengeId);
    const code = requiredParameter('code', body.code);
    const { account, text: loginToken } = await app.session.verifyPending(
      challengeId,
      { code, method: body.method ?? supplied.method },
      caller,
    );
    return { loginToken, userId: account.id };
  },
});
