import { endpoint } from '../endpoint.ts';
import { permissionFaults } from '../role-faults.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/permissions.addRole',
  summary: 'Gives a permission to a role. Nobody gives one that they do not hold.',
  auth: 'token',
  applications: false,
  permission: { all: ['access-permissions'] },
  body: object({ permissionId: text(), role: text({ description: 'The id of a role.' }) }),
  answer: object({}),
  faults: permissionFaults('give'),
  async run(app, { signed, body, caller }) {
    await app.permission.give(signed, { permission: body.permissionId, role: body.role }, caller);
    return {};
  },
});
