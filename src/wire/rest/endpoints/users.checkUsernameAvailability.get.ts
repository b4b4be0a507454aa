import { endpoint } from '../endpoint.ts';
import { flag, object, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.checkUsernameAvailability',
  summary: 'Whether the caller could take a username.',
  auth: 'token',
  applications: true,
  withoutUsername: true,
  query: object({ username: text({ minLength: 1 }) }),
  answer: object({ result: flag() }),
  run: async (app, { signed, query: { username } }) => ({
    result: (await app.registration.usernameIsFree(signed, username)).held,
  }),
});
