import { endpoint } from '../endpoint.ts';
import { permissionsAnswer, permissionsShown } from '../listed-roles.ts';
import { permissionsFaults } from '../role-faults.ts';
import { list, object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/permissions.update',
  summary: 'Says which roles hold some permissions, all or none. Nobody gives one that they do not hold.',
  auth: 'token',
  applications: false,
  permission: { all: ['access-permissions'] },
  body: object({
    permissions: list(object({ _id: text(), roles: list(text(), { maxItems: 1000 }) }), { maxItems: 2000 }),
  }),
  answer: object({ permissions: permissionsAnswer }),
  faults: permissionsFaults,
  async run(app, { signed, body, caller }) {
    const asked = body.permissions.map(({ _id: id, roles }) => ({ id, roles }));
    await app.permission.set(signed, asked, caller);
    return { permissions: permissionsShown(app.permissions.list()) };
  },
});
