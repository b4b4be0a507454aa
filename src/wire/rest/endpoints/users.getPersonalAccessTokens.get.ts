import { endpoint } from '../endpoint.ts';
import { flag, list, moment, object, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.getPersonalAccessTokens',
  summary: "Lists the caller's personal tokens, without their texts.",
  auth: 'token',
  permission: { all: ['create-personal-access-tokens'] },
  answer: object({
    tokens: list(object({ name: text(), createdAt: moment(), lastTokenPart: text(), bypassTwoFactor: flag() })),
  }),
  async run(app, { signed }) {
    const tokens = await app.personalToken.list(signed);
    return {
      tokens: tokens.map(({ name, createdAt, lastPart, skipsSecondFactor }) => ({
        name: name ?? '',
        createdAt: new Date(createdAt).toISOString(),
        lastTokenPart: lastPart,
        bypassTwoFactor: skipsSecondFactor,
      })),
    };
  },
});
