import { endpoint } from '../endpoint.ts';
import { object } from '../schema.ts';
import { sessionsAnswer, sessionsPage, sessionsQuery } from '../session-shape.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/sessions/list',
  summary: "Lists the caller's sessions, newest first.",
  auth: 'token',
  query: object(sessionsQuery),
  answer: sessionsAnswer,
  run: async (app, { signed, query }) =>
    await sessionsPage(app, signed, query, async (page) => await app.sessions.listOwn(signed, page), false),
});
