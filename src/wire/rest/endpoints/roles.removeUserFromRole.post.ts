import { endpoint } from '../endpoint.ts';
import { datedRole, datedRoleAnswer, namedRole } from '../listed-roles.ts';
import { accountOf } from '../named-account.ts';
import { coded, failure } from '../refusal.ts';
import { takeRoleFaults } from '../role-faults.ts';
import { object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/roles.removeUserFromRole',
  summary: 'Takes a role from somebody.',
  auth: 'token',
  applications: false,
  permission: { all: ['access-permissions'] },
  body: object({
    username: text(),
    roleId: optional(text()),
    roleName: optional(text({ description: 'For old clients; roleId wins.' })),
    scope: optional(text({ description: 'The id of a room. There are none; roles of the server ignore it.' })),
  }),
  answer: object({ role: datedRoleAnswer }),
  faults: takeRoleFaults,
  async run(app, { signed, body, caller }) {
    if ((body.roleId ?? body.roleName ?? '') === '') throw failure('error-invalid-role-properties');
    const account = await accountOf(app, 'username', body.username);
    if (account === undefined) throw coded('error-invalid-user', 'There is no user with this username');
    const role = namedRole(app, body.roleId === undefined ? { name: body.roleName } : { id: body.roleId });
    await app.role.take(signed, account, role.id, caller);
    return { role: datedRole(role) };
  },
});
