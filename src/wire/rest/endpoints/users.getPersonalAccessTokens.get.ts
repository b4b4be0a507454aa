import { endpoint } from '../endpoint.ts';
import { detailMembers, detailsOf, personalTokenMembers, personalTokenOf } from '../personal-token-shape.ts';
import { free, list, object } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.getPersonalAccessTokens',
  summary: "Lists the caller's personal tokens, without their texts.",
  auth: 'token',
  scoped: false,
  permission: { all: ['create-personal-access-tokens'] },
  // Whatever else old clients send is passed over, as ever.
  query: free({
    properties: {
      details: { type: 'boolean', description: 'Tells id, last use, end, scopes and addresses as well.' },
    },
  }),
  answer: object({ tokens: list(object({ ...personalTokenMembers, ...detailMembers })) }),
  async run(app, { signed, query }) {
    const tokens = await app.personalToken.list(signed);
    const inFull = query['details'] === true;
    return {
      tokens: tokens.map((token) => ({ ...personalTokenOf(token), ...(inFull ? detailsOf(token) : {}) })),
    };
  },
});
