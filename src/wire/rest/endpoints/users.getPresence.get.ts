import { isoOf } from '../../shapes/user-fields.ts';
import { endpoint } from '../endpoint.ts';
import { accountMembers, namedAccountIfAny } from '../named-account.ts';
import { moment, object, oneOf, optional } from '../schema.ts';

const status = oneOf('online', 'away', 'busy', 'offline');

export default endpoint({
  method: 'get',
  path: '/api/v1/users.getPresence',
  summary: 'Tells whether the caller, or another account, is there.',
  auth: 'token',
  scoped: true,
  query: object(accountMembers),
  answer: object({ presence: status, connectionStatus: optional(status), lastLogin: optional(moment()) }),
  async run(app, { signed, query }) {
    const named = await namedAccountIfAny(app, query);
    const account = named ?? signed.account;
    const presence = app.presence.of(account);
    if (account.id !== signed.account.id) return { presence };
    return {
      presence,
      connectionStatus: app.presence.ofConnections(account.id),
      lastLogin: isoOf(account.lastLogInAt),
    };
  },
});
