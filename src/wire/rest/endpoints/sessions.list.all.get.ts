import { endpoint } from '../endpoint.ts';
import { accountOf } from '../named-account.ts';
import { object } from '../schema.ts';
import { sessionsAnswer, sessionsPage, sessionsQuery } from '../session-shape.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/sessions/list.all',
  summary: 'Lists the sessions of all accounts, newest first; a filter that is a username or an id lists those of one.',
  auth: 'token',
  applications: false,
  permission: { all: ['view-device-management'] },
  twoFactor: { remember: true, always: false },
  query: object(sessionsQuery),
  answer: sessionsAnswer,
  async run(app, { signed, query }) {
    const named = query.filter?.trim() ?? '';
    const account =
      named === '' ? undefined : ((await accountOf(app, 'username', named)) ?? (await accountOf(app, 'id', named)));
    const asked = account === undefined ? query : { ...query, filter: undefined };
    return await sessionsPage(
      app,
      signed,
      asked,
      async (page) => await app.sessions.listForAll(signed, { ...page, accountId: account?.id }),
      true,
    );
  },
});
