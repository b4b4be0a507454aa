import { newRoleProperties } from '../../shapes/role-document.ts';
import { endpoint } from '../endpoint.ts';
import { datedRole, datedRoleAnswer } from '../listed-roles.ts';
import { roleFaults } from '../role-faults.ts';
import { free, object } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/roles.create',
  summary: 'Makes a role that has no permission yet; the permission is access-permissions.',
  auth: 'token',
  body: free({
    description:
      'name; description; scope: Users (the start) or Subscriptions, for rooms; mandatory2fa: who has it must have a second factor.',
  }),
  answer: object({ role: datedRoleAnswer }),
  faults: roleFaults('authorization:saveRole'),
  async run(app, { signed, body, caller }) {
    app.role.mustAdminister(signed);
    return { role: datedRole(await app.role.create(signed, newRoleProperties(body), caller)) };
  },
});
