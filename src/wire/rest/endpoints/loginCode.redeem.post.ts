import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/loginCode.redeem',
  summary: 'Signs in with a one-time code, which is used up by it.',
  auth: 'none',
  rateLimit: 'Countersign_Rate_Limit_Login_Code',
  limitedAcrossNodes: true,
  body: object({ code: text({ description: '64 characters.' }) }),
  answer: object({ loginToken: text(), userId: text() }),
  async run(app, { body, caller }) {
    const { account, text: loginToken } = await app.session.redeemCode(body.code, caller);
    return { loginToken, userId: account.id };
  },
});
