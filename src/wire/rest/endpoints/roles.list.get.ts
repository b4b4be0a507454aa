import { endpoint } from '../endpoint.ts';
import { flag, list, object, oneOf, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/roles.list',
  summary: 'Lists the roles.',
  auth: 'token',
  answer: object({
    roles: list(
      object({
        _id: text(),
        name: text(),
        scope: oneOf('Users', 'Subscriptions'),
        description: text(),
        protected: flag(),
        mandatory2fa: flag(),
      }),
    ),
  }),
  run: (app) => ({
    roles: app.permissions.roles().map((role) => ({
      _id: role.id,
      name: role.name,
      scope: role.scope,
      description: role.description,
      protected: role.protected,
      mandatory2fa: role.secondFactor,
    })),
  }),
});
