import { isoOf } from '../../shapes/user-fields.ts';
import { endpoint } from '../endpoint.ts';
import { accountMembers, namedAccountIfAny } from '../named-account.ts';
import { moment, object, oneOf, optional, text } from '../schema.ts';

const status = oneOf('online', 'away', 'busy', 'offline');

export default endpoint({
  method: 'get',
  path: '/api/v1/users.getStatus',
  summary: 'Tells the status of the caller, or of another account.',
  auth: 'token',
  scoped: true,
  query: object(accountMembers),
  answer: object({
    _id: text(),
    connectionStatus: optional(status),
    status,
    statusExpiresAt: optional(moment()),
  }),
  async run(app, { signed, query }) {
    const named = await namedAccountIfAny(app, query);
    const account = named ?? signed.account;
    if (account.id !== signed.account.id) return { _id: account.id, status: app.presence.of(account) };
    return {
      _id: account.id,
      connectionStatus: app.presence.ofConnections(account.id),
      status: app.presence.of(account),
      statusExpiresAt: isoOf(account.statusEndsAt),
    };
  },
});
