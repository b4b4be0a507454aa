import { endpoint } from '../endpoint.ts';
import { list, moment, object, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/applications.consents',
  summary: 'Lists the applications that the caller lets speak for them, the newest first.',
  auth: 'token',
  answer: object({ consents: list(object({ clientId: text(), name: text(), givenAt: moment() })) }),
  async run(app, { signed }) {
    const consents = await app.application.consents(signed);
    return {
      consents: consents.map(({ application, givenAt }) => ({
        clientId: application.clientId,
        name: application.name,
        givenAt: new Date(givenAt).toISOString(),
      })),
    };
  },
});
