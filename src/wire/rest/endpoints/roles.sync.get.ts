import { endpoint } from '../endpoint.ts';
import { askedSince, datedRole, datedRoleAnswer } from '../listed-roles.ts';
import { list, moment, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/roles.sync',
  summary: 'Lists the roles that changed, and those that were removed, since a moment.',
  auth: 'token',
  applications: true,
  query: object({ updatedSince: optional(text({ description: 'A moment, ISO 8601; refused without.' })) }),
  answer: object({
    roles: object({
      update: list(datedRoleAnswer),
      remove: list(object({ _id: text(), name: text(), _deletedAt: moment() })),
    }),
  }),
  async run(app, { query }) {
    // Without a moment there is nothing to compare with, and "no changes" would be taken at its word.
    const since = askedSince(query.updatedSince ?? '', 'updatedSince');
    const removed = await app.role.removed(since);
    return {
      roles: {
        update: app.permissions
          .roles()
          .filter(({ updatedAt }) => updatedAt > since)
          .map(datedRole),
        remove: removed.map(({ id, name, removedAt }) => ({
          _id: id,
          name,
          _deletedAt: new Date(removedAt).toISOString(),
        })),
      },
    };
  },
});
