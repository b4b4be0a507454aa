import { userInfo } from '../../shapes/user-fields.ts';
import { endpoint } from '../endpoint.ts';
import { ignoredMembers } from '../list-query.ts';
import { accountOf } from '../named-account.ts';
import { failure } from '../refusal.ts';
import { either, flag, free, object, optional, text } from '../schema.ts';

const others = { includeUserRooms: optional(flag()), fields: ignoredMembers.fields };

export default endpoint({
  method: 'get',
  path: '/api/v1/users.info',
  summary: 'Tells about one account: in full about oneself and with the permission view-full-other-user-info.',
  auth: 'token',
  scoped: true,
  query: either(
    object({ userId: text(), ...others }),
    object({ username: text(), ...others }),
    object({ importId: text(), ...others }),
    object({ email: text(), ...others }),
    object({ freeSwitchExtension: text(), ...others }),
  ),
  answer: object({ user: free() }),
  async run(app, { signed, query }) {
    const full = app.permissions.held(signed, 'view-full-other-user-info').held;
    const account =
      'userId' in query
        ? await accountOf(app, 'id', query.userId)
        : 'username' in query
          ? await accountOf(app, 'username', query.username)
          : 'email' in query
            ? await accountOf(app, 'email', query.email)
            : undefined;
    const own = account?.id === signed.account.id;
    if (account === undefined || ('email' in query && !full && !own)) throw failure('User not found.');
    const user = userInfo(account, {
      status: app.presence.of(account),
      statusConnection: app.presence.ofConnections(account.id),
      own,
      full,
      customFields: app.settings.get('Accounts_CustomFields'),
    });
    const withRooms =
      query.includeUserRooms === true && (own || app.permissions.held(signed, 'view-other-user-channels').held);
    return { user: withRooms ? { ...user, rooms: [] } : user };
  },
});
