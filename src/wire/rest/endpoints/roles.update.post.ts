import { Fault } from '../../../core/fault.ts';
import { roleProperties } from '../../shapes/role-document.ts';
import { endpoint } from '../endpoint.ts';
import { datedRole, datedRoleAnswer } from '../listed-roles.ts';
import { roleFaults } from '../role-faults.ts';
import { free, object } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/roles.update',
  summary: 'Changes a role; the permission is access-permissions.',
  auth: 'token',
  body: free({
    description:
      'roleId, and what shall change: name, description, scope, mandatory2fa. Protected roles keep name and scope.',
  }),
  answer: object({ role: datedRoleAnswer }),
  faults: roleFaults('authorization:saveRole'),
  async run(app, { signed, body, caller }) {
    app.role.mustAdminister(signed);
    const { roleId, ...rest } = body;
    if (typeof roleId !== 'string') throw new Fault('role-invalid');
    return { role: datedRole(await app.role.edit(signed, roleId, roleProperties(rest), caller)) };
  },
});
