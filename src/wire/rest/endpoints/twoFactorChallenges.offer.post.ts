import { challengeFaults, requiredParameter } from '../challenge-faults.ts';
import { endpoint } from '../endpoint.ts';
import { flag, free, list, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/twoFactorChallenges.offer',
  summary:
    'Tells what somebody can show whose sign-in with a provider waits for its second factor; a code by mail is sent unless one is out.',
  auth: 'none',
  rateLimit: 'Countersign_Rate_Limit_Two_Factor_Challenges',
  limitedAcrossNodes: true,
  body: object({
    challengeId: optional(text({ description: 'Names the sign-in that waits.' })),
    method: optional(text({ maxLength: 32, description: 'The factor that is asked about; else the one that is due.' })),
  }),
  answer: object({
    method: text(),
    availableMethods: list(text()),
    codeGenerated: flag({ description: 'Whether a code was mailed just now.' }),
    options: optional(free({ description: 'PublicKeyCredentialRequestOptionsJSON, where the factor is a passkey.' })),
  }),
  faults: challengeFaults,
  async run(app, { body, caller }) {
    const challengeId = requiredParameter('challengeId', body.challengeId);
    const { method, availableMethods, codeGenerated, options } = await app.browserFlow.offer(
      challengeId,
      body.method,
      caller,
    );
    return {
      method: String(method),
      availableMethods: (Array.isArray(availableMethods) ? availableMethods : []).map(String),
      codeGenerated: codeGenerated === true,
      ...(typeof options === 'object' && options !== null ? { options: { ...options } } : {}),
    };
  },
});
