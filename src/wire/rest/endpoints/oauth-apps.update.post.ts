import { applicationDocument, optionsIn } from '../../shapes/application-document.ts';
import { applicationFaults, applicationMembers, askedApplicationMembers } from '../application-shape.ts';
import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/oauth-apps.update',
  summary: 'Changes an application; one that becomes inactive loses its tokens.',
  auth: 'token',
  applications: false,
  permission: { all: ['manage-oauth-apps'] },
  body: object({ appId: text({ minLength: 1 }), ...askedApplicationMembers }),
  answer: object(applicationMembers),
  faults: applicationFaults,
  async run(app, { signed, body, caller }) {
    const { appId, name, active, redirectUri } = body;
    const asked = { name, active, redirects: redirectUri, options: optionsIn(body) };
    return applicationDocument(app, await app.application.change(signed, appId, asked, caller));
  },
});
