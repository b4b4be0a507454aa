import type { AccountPage, AccountSortField } from '../../../core/account/store.ts';
import { pageOf } from '../../shapes/paging.ts';
import { userInList } from '../../shapes/user-fields.ts';
import { endpoint } from '../endpoint.ts';
import { askedSort, ignoredMembers, pagingMembers } from '../list-query.ts';
import { forbidden } from '../refusal.ts';
import { free, list, object, optional, text, whole } from '../schema.ts';

/** The members a list can be sorted by; others are passed over. */
const sortFields: ReadonlyMap<string, AccountSortField> = new Map([
  ['username', 'username'],
  ['name', 'name'],
  ['nameInsensitive', 'name'],
  ['createdAt', 'createdAt'],
  ['lastLogin', 'lastLogInAt'],
  ['active', 'open'],
]);

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
    if (
      app.settings.get('API_Apply_permission_view-outside-room_on_users-list') &&
      !app.permissions.held(signed, 'view-outside-room').held
    ) {
      throw forbidden();
    }
    if (query.email !== undefined && !app.permissions.held(signed, 'view-full-other-user-info').held) throw forbidden();
    const page = pageOf(app.settings, query);
    const known: AccountPage['sort'] = askedSort(query).flatMap(({ field, ascending }) => {
      const column = sortFields.get(field);
      return column === undefined ? [] : [{ field: column, ascending }];
    });
    // Each field has an index with the username behind it. No two others share one: all accounts would be sorted anew.
    const sort = known.slice(0, 1);
    const { accounts, total } = await app.account.list({ ...page, sort, email: query.email });
    const users = accounts.map((account) => userInList(account, app.presence.of(account)));
    return { users, count: users.length, offset: page.offset, total };
  },
});
