import { applicationDocument } from '../../shapes/application-document.ts';
import { applicationMembers } from '../application-shape.ts';
import { endpoint } from '../endpoint.ts';
import { list, object } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/oauth-apps.list',
  summary: 'Lists the applications whose people sign in here, with their secrets.',
  auth: 'token',
  applications: false,
  permission: { all: ['manage-oauth-apps'] },
  answer: object({ oauthApps: list(object(applicationMembers)) }),
  async run(app, { signed }) {
    const found = await app.application.list(signed);
    return { oauthApps: found.map((application) => applicationDocument(app, application)) };
  },
});
