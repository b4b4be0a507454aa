import { endpoint } from '../endpoint.ts';
import { askedSince, permissionsAnswer, permissionsShown } from '../listed-roles.ts';
import { list, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/permissions.listAll',
  summary: 'Lists the permissions and the roles that hold them, all or those that changed since a moment.',
  auth: 'token',
  scoped: true,
  query: object({ updatedSince: optional(text({ description: 'A moment, ISO 8601.' })) }),
  answer: object({ update: permissionsAnswer, remove: list(text()) }),
  run(app, { query }) {
    // The name of the code is Rocket.Chat's.
    const updatedSince = askedSince(query.updatedSince, 'roomId');
    // No permission ever goes.
    return { update: permissionsShown(app.permissions.list({ updatedSince })), remove: [] };
  },
});
