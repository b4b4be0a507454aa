import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';
import { sessionIdMember } from '../session-shape.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/sessions/logout.me',
  summary: "Ends one of the caller's sessions.",
  auth: 'token',
  body: object({ sessionId: sessionIdMember }),
  answer: object({ sessionId: text() }),
  async run(app, { signed, body, caller }) {
    await app.sessions.endOwn(signed, body.sessionId, caller);
    return { sessionId: body.sessionId };
  },
});
