import { pageOf } from '../../shapes/paging.ts';
import { endpoint } from '../endpoint.ts';
import { ignoredMembers, pagingMembers } from '../list-query.ts';
import { coded, Refusal } from '../refusal.ts';
import { flag, list, moment, object, optional, text, whole } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/roles.getUsersInRole',
  summary: 'Lists the accounts that have a role, by username.',
  auth: 'token',
  permission: { all: ['access-permissions'] },
  query: object({
    ...pagingMembers,
    ...ignoredMembers,
    role: optional(text({ description: 'The id of a role.' })),
    roomId: optional(text({ description: 'There are no rooms; roles of the server ignore it.' })),
  }),
  answer: object({
    users: list(
      object({
        _id: text(),
        name: optional(text()),
        username: optional(text()),
        emails: list(object({ address: text(), verified: flag() })),
        avatarETag: optional(text()),
        createdAt: moment(),
        _updatedAt: moment(),
      }),
    ),
    total: whole(),
  }),
  async run(app, { signed, query }) {
    const { role: id = '', roomId = '' } = query;
    if (id === '') throw coded('error-param-not-provided', 'Query param "role" is required');
    if (roomId !== '' && !app.permissions.held(signed, 'view-other-user-channels').held) {
      throw coded('error-not-allowed', 'Not allowed');
    }
    if (!app.permissions.roles().some((role) => role.id === id)) {
      const error = 'error-invalid-roleId';
      throw new Refusal({ status: 400, body: { success: false, error: `[${error}]`, errorType: error } });
    }
    const sort = [{ field: 'username', ascending: true }] as const;
    const { accounts, total } = await app.account.list({ ...pageOf(app.settings, query), sort, only: { roles: [id] } });
    const users = accounts.map(({ id: _id, name, username, emails, avatarTag, createdAt, updatedAt }) => ({
      _id,
      name,
      username,
      emails,
      avatarETag: avatarTag,
      createdAt: new Date(createdAt).toISOString(),
      _updatedAt: new Date(updatedAt).toISOString(),
    }));
    return { users, total };
  },
});
