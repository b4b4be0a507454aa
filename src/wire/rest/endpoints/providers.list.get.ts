import { endpoint } from '../endpoint.ts';
import { flag, list, object, oneOf, optional, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/providers.list',
  summary: 'Lists every service by which people can be let sign in, with the settings that belong to it.',
  auth: 'token',
  permission: { any: ['test-admin-options', 'view-privileged-setting'] },
  answer: object({
    providers: list(
      object({
        service: text(),
        label: text(),
        kind: oneOf('built-in', 'custom', 'saml', 'cas', 'ldap'),
        on: flag(),
        settings: list(text()),
        callback: optional(text()),
        callbacks: list(text()),
        guide: text(),
      }),
    ),
  }),
  run: (app, { signed }) => ({ providers: app.setup.list(signed) }),
});
