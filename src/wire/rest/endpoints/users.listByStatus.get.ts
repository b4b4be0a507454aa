import { searchFieldsOf, searchTermOf } from '../../../core/account/search.ts';
import type { AccountFilter } from '../../../core/account/store.ts';
import { pageOf } from '../../shapes/paging.ts';
import { userInListByStatus } from '../../shapes/user-fields.ts';
import { endpoint } from '../endpoint.ts';
import { ignoredMembers, pagingMembers } from '../list-query.ts';
import { mustMayList, userSort } from '../listed-users.ts';
import { either, flag, free, list, object, oneOf, optional, text, whole } from '../schema.ts';

/** Why accounts are closed, as clients call it. */
const reasons: ReadonlyMap<string, AccountFilter['closedBecause']> = new Map([
  ['deactivated', 'untold'],
  ['pending_approval', 'waits-for-approval'],
  ['idle_too_long', 'idle'],
] as const);
const kinds: ReadonlyMap<string, AccountFilter['kind']> = new Map([
  ['user', 'user'],
  ['bot', 'bot'],
  ['app', 'app'],
] as const);
const mostRoles = 100;
const oneOrMore = optional(either(text(), list(text(), { maxItems: mostRoles })));
const nobody = { users: [], count: 0, total: 0 };

export default endpoint({
  method: 'get',
  path: '/api/v1/users.listByStatus',
  summary: 'Lists the accounts that are open or closed, have or have not signed in, or hold a role.',
  auth: 'token',
  permission: { all: ['view-d-room'] },
  query: object({
    ...pagingMembers,
    ...ignoredMembers,
    status: optional(oneOf('active', 'deactivated')),
    hasLoggedIn: optional(flag()),
    type: optional(text({ description: 'user, bot or app.' })),
    roles: oneOrMore,
    'roles[]': oneOrMore,
    searchTerm: optional(text({ description: 'What a username, a name or an address that may be read begins with.' })),
    inactiveReason: optional(oneOf('deactivated', 'pending_approval', 'idle_too_long')),
  }),
  answer: object({ users: list(free()), count: whole(), offset: whole(), total: whole() }),
  async run(app, { signed, query }) {
    mustMayList(app, signed);
    const page = pageOf(app.settings, query);
    const sort = userSort(query);
    const { status, hasLoggedIn, type, searchTerm = '', inactiveReason } = query;
    const full = app.permissions.held(signed, 'view-full-other-user-info').held;
    const roles = [query.roles ?? [], query['roles[]'] ?? []].flat().filter((role) => isText(role));
    const kind = type === undefined ? undefined : kinds.get(type);
    const term = searchTermOf(searchTerm);
    if (term === undefined || (type !== undefined && kind === undefined)) return { ...nobody, offset: page.offset };
    const fields = searchFieldsOf('username,name,emails.address', full);
    const { accounts, total } = await app.account.list({
      ...page,
      sort,
      only: {
        open: status === undefined ? undefined : status === 'active',
        hasLoggedIn,
        kind,
        roles: roles.length === 0 ? undefined : roles.slice(0, mostRoles),
        closedBecause: inactiveReason === undefined ? undefined : reasons.get(inactiveReason),
        search: term === '' ? undefined : { term, fields },
      },
    });
    const users = accounts.map((account) => userInListByStatus(account, app.presence.of(account)));
    return { users, count: users.length, offset: page.offset, total };
  },
});

function isText(role: string): boolean {
  return role !== '' && role.length <= 256 && !role.includes('\0') && role.isWellFormed();
}
