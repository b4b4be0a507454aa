import { pageOf } from '../../shapes/paging.ts';
import { userInList } from '../../shapes/user-fields.ts';
import { endpoint } from '../endpoint.ts';
import { ignoredMembers, pagingMembers } from '../list-query.ts';
import { mustMayList, userSort } from '../listed-users.ts';
import { forbidden } from '../refusal.ts';
import { free, list, object, optional, text, whole } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.list',
  summary: 'Lists the accounts.',
  auth: 'token',
  permission: { all: ['view-d-room'] },
  query: object({
    ...pagingMembers,
    ...ignoredMembers,
    email: optional(text({ description: 'Only the account with exactly this address.' })),
  }),
  answer: object({ users: list(free()), count: whole(), offset: whole(), total: whole() }),
  async run(app, { signed, query }) {
    mustMayList(app, signed);
    if (query.email !== undefined && !app.permissions.held(signed, 'view-full-other-user-info').held) throw forbidden();
    const page = pageOf(app.settings, query);
    const sort = userSort(query);
    const { accounts, total } = await app.account.list({ ...page, sort, email: query.email });
    const users = accounts.map((account) => userInList(account, app.presence.of(account)));
    return { users, count: users.length, offset: page.offset, total };
  },
});
