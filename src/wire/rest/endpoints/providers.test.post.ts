import { endpoint } from '../endpoint.ts';
import { flag, list, object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/providers.test',
  summary: 'Goes through the set-up of a provider, and asks it what can be asked without a person.',
  auth: 'token',
  applications: false,
  permission: { all: ['test-admin-options'] },
  body: object({ service: text({ maxLength: 128 }) }),
  answer: object({ steps: list(object({ step: text(), held: flag(), told: text() })) }),
  run: async (app, { signed, body }) => ({ steps: await app.setup.examine(signed, body.service) }),
});
