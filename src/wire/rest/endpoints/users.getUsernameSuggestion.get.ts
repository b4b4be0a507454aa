import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.getUsernameSuggestion',
  summary: 'A username that is free and looks like the caller.',
  auth: 'token',
  applications: true,
  withoutUsername: true,
  answer: object({ result: text() }),
  run: async (app, { signed }) => ({ result: await app.registration.suggestUsername(signed) }),
});
