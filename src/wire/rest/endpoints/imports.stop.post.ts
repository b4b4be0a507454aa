import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/imports.stop',
  summary: 'Ends an import between two steps; imports.start goes on with it.',
  auth: 'token',
  permission: { all: ['access-permissions', 'create-user'] },
  applications: false,
  body: object({ importId: text() }),
  answer: object({}),
  async run(app, { signed, body }) {
    await app.import.stop(signed, body.importId);
    return {};
  },
});
