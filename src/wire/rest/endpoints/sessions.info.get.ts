import { endpoint } from '../endpoint.ts';
import { object } from '../schema.ts';
import { sessionIdMember, sessionItem, sessionSchema } from '../session-shape.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/sessions/info',
  summary: "Tells about one of the caller's sessions.",
  auth: 'token',
  query: object({ sessionId: sessionIdMember }),
  answer: sessionSchema,
  run: async (app, { signed, query }) =>
    await sessionItem(app, await app.sessions.own(signed, query.sessionId), signed),
});
