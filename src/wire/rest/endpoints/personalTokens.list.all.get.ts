import { pageOf } from '../../shapes/paging.ts';
import { endpoint } from '../endpoint.ts';
import { pagingMembers } from '../list-query.ts';
import { accountMembers, namedAccountIfAny } from '../named-account.ts';
import { detailMembers, detailsOf, personalTokenMembers, personalTokenOf } from '../personal-token-shape.ts';
import { list, object, optional, text, whole } from '../schema.ts';
import { ownerOf, ownerSchema } from '../session-shape.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/personalTokens.list.all',
  summary: 'Lists the live personal tokens of all accounts or of one, newest first, without their texts.',
  auth: 'token',
  scoped: false,
  permission: { all: ['view-device-management'] },
  twoFactor: { remember: true, always: false },
  query: object({ offset: pagingMembers.offset, count: pagingMembers.count, ...accountMembers }),
  answer: object({
    tokens: list(object({ ...personalTokenMembers, ...detailMembers, userId: text(), _user: optional(ownerSchema) })),
    count: whole(),
    offset: whole(),
    total: whole(),
  }),
  async run(app, { signed, query }) {
    const page = pageOf(app.settings, query);
    const accountId = (await namedAccountIfAny(app, query))?.id;
    const found = await app.personalToken.listForAll(signed, { ...page, accountId, ascending: false });
    const tokens = found.tokens.map(({ token, account }) => ({
      ...personalTokenOf(token),
      ...detailsOf(token),
      userId: account.id,
      _user: ownerOf(account),
    }));
    return { tokens, count: tokens.length, offset: page.offset, total: found.total };
  },
});
