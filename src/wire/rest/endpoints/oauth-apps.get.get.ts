import { applicationDocument, publicApplicationDocument } from '../../shapes/application-document.ts';
import { readApplicationMembers } from '../application-shape.ts';
import { endpoint } from '../endpoint.ts';
import { failure, Refusal } from '../refusal.ts';
import { object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/oauth-apps.get',
  summary: 'Tells of one application; its secret only to whoever manages applications.',
  auth: 'token',
  applications: false,
  query: object({
    _id: optional(text({ minLength: 1 })),
    clientId: optional(text({ minLength: 1 })),
    appId: optional(text({ minLength: 1, description: 'Old name of _id.' })),
  }),
  answer: object({ oauthApp: object(readApplicationMembers) }),
  async run(app, { signed, query }) {
    const { clientId } = query;
    const id = query._id ?? query.appId;
    if ([query._id, query.appId, clientId].filter((one) => one !== undefined).length !== 1) {
      const error = 'must match exactly one schema in oneOf';
      throw new Refusal({ status: 400, body: { success: false, errorType: 'error-invalid-params', error } });
    }
    const { application } = app;
    const found = id === undefined ? await application.byClientId(clientId ?? '') : await application.byId(id);
    if (found === undefined) throw failure('OAuth app not found.');
    const isManager = application.mayManage(signed).held;
    return { oauthApp: isManager ? applicationDocument(app, found) : publicApplicationDocument(found) };
  },
});
