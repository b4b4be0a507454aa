import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/personalTokens.revoke',
  summary: 'Ends a personal token of anybody; its owner is told by mail.',
  auth: 'token',
  scoped: false,
  permission: { all: ['logout-device-management'] },
  twoFactor: { remember: true, always: false },
  body: object({ tokenId: text({ minLength: 1, maxLength: 64, description: 'As personalTokens.list.all tells it.' }) }),
  answer: object({ tokenId: text() }),
  async run(app, { signed, body, caller }) {
    await app.personalToken.revoke(signed, body.tokenId, caller);
    return { tokenId: body.tokenId };
  },
});
