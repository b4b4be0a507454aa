import { endpoint } from '../endpoint.ts';
import { object } from '../schema.ts';
import { sessionIdMember, sessionItem, sessionSchema } from '../session-shape.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/sessions/info.admin',
  summary: "Tells about a session of anybody's.",
  auth: 'token',
  applications: false,
  permission: { all: ['view-device-management'] },
  twoFactor: { remember: true, always: false },
  query: object({ sessionId: sessionIdMember }),
  answer: sessionSchema,
  async run(app, { signed, query }) {
    const { token, account } = await app.sessions.ofAnybody(signed, query.sessionId);
    return await sessionItem(app, token, signed, account);
  },
});
