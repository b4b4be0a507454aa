import { endpoint } from '../endpoint.ts';
import { Ready } from '../ready.ts';
import { flag, object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/oauth-apps.delete',
  summary: 'Removes an application with its tokens; the answer is the bare value true.',
  auth: 'token',
  applications: false,
  permission: { all: ['manage-oauth-apps'] },
  envelope: false,
  body: object({ appId: text({ minLength: 1 }) }),
  answer: flag(),
  async run(app, { signed, body, caller }) {
    await app.application.remove(signed, body.appId, caller);
    return new Ready('true');
  },
});
