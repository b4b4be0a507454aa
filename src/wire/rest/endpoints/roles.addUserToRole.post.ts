import { endpoint } from '../endpoint.ts';
import { datedRole, datedRoleAnswer, namedRole } from '../listed-roles.ts';
import { namedAccount } from '../named-account.ts';
import { failure } from '../refusal.ts';
import { giveRoleFaults } from '../role-faults.ts';
import { object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/roles.addUserToRole',
  summary: 'Gives a role to somebody; the permission is access-permissions.',
  auth: 'token',
  body: object({
    username: optional(text({ description: 'Refused without.' })),
    roleId: optional(text()),
    roleName: optional(text({ description: 'For old clients; roleId wins.' })),
    roomId: optional(text({ description: 'There are no rooms; roles of the server ignore it.' })),
  }),
  answer: object({ role: datedRoleAnswer }),
  faults: giveRoleFaults,
  async run(app, { signed, body, caller }) {
    app.role.mustAdminister(signed);
    const { username } = body;
    if (username === undefined) throw failure('error-invalid-role-properties');
    const account = await namedAccount(app, { username });
    if ((body.roleId ?? body.roleName ?? '') === '') throw failure('error-invalid-role-properties');
    const role = namedRole(app, body.roleId === undefined ? { name: body.roleName } : { id: body.roleId });
    await app.role.give(signed, account, role.id, caller);
    return { role: datedRole(role) };
  },
});
