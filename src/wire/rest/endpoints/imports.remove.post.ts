import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/imports.remove',
  summary: 'Forgets a file that was sent, and removes it.',
  auth: 'token',
  permission: { all: ['access-permissions', 'create-user'] },
  applications: false,
  body: object({ importId: text() }),
  answer: object({}),
  async run(app, { signed, body, caller }) {
    await app.import.remove(signed, body.importId, caller);
    return {};
  },
});
