import { applicationDocument, newOptionsIn } from '../../shapes/application-document.ts';
import { applicationFaults, applicationMembers, askedApplicationMembers } from '../application-shape.ts';
import { endpoint } from '../endpoint.ts';
import { object } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/oauth-apps.create',
  summary: 'Makes an application, with a client id and a secret.',
  auth: 'token',
  applications: false,
  permission: { all: ['manage-oauth-apps'] },
  body: object(askedApplicationMembers),
  answer: object({ application: object(applicationMembers) }),
  faults: applicationFaults,
  async run(app, { signed, body, caller }) {
    const { name, active, redirectUri } = body;
    const asked = { name, active, redirects: redirectUri, options: newOptionsIn(body) };
    return { application: applicationDocument(app, await app.application.add(signed, asked, caller)) };
  },
});
