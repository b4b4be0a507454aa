import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';
import { sessionIdMember } from '../session-shape.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/sessions/logout',
  summary: "Ends a session of anybody's; its sockets are told before they close.",
  auth: 'token',
  applications: false,
  permission: { all: ['logout-device-management'] },
  twoFactor: { remember: true, always: false },
  body: object({ sessionId: sessionIdMember }),
  answer: object({ sessionId: text() }),
  async run(app, { signed, body, caller }) {
    await app.sessions.endOfAnybody(signed, body.sessionId, caller);
    return { sessionId: body.sessionId };
  },
});
