import { roleDocument } from '../../shapes/role-document.ts';
import { endpoint } from '../endpoint.ts';
import { roleAnswer } from '../listed-roles.ts';
import { list, object } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/roles.list',
  summary: 'Lists the roles.',
  auth: 'token',
  scoped: true,
  answer: object({ roles: list(roleAnswer) }),
  run: (app) => ({ roles: app.permissions.roles().map(roleDocument) }),
});
