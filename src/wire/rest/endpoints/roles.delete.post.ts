import { endpoint } from '../endpoint.ts';
import { namedRole } from '../listed-roles.ts';
import { roleFaults } from '../role-faults.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/roles.delete',
  summary: 'Removes a role that nobody has, from all permissions, too.',
  auth: 'token',
  applications: false,
  permission: { all: ['access-permissions'] },
  body: object({ roleId: text({ description: 'Its id, or its name.' }) }),
  answer: object({}),
  faults: roleFaults('authorization:deleteRole'),
  async run(app, { signed, body, caller }) {
    await app.role.remove(signed, namedRole(app, { id: body.roleId }).id, caller);
    return {};
  },
});
