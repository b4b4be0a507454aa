import { holdersOfPublicRoles } from '../../shapes/public-roles.ts';
import { endpoint } from '../endpoint.ts';
import { list, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/roles.getUsersInPublicRoles',
  summary: 'Lists the accounts whose roles clients show beside their names: roles of the server with a description.',
  auth: 'token',
  applications: true,
  answer: object({ users: list(object({ _id: text(), username: optional(text()), roles: list(text()) })) }),
  run: async (app) => ({ users: await holdersOfPublicRoles(app) }),
});
