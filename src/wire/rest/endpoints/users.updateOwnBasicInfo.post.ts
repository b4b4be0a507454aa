import { meOf } from '../../shapes/me.ts';
import { endpoint } from '../endpoint.ts';
import { profileFaults } from '../profile-faults.ts';
import { free, object, oneOf, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.updateOwnBasicInfo',
  summary: 'Edits one’s own profile; a second factor is asked for another address or password.',
  auth: 'token',
  withoutUsername: true,
  passwordChange: true,
  rateLimit: 'Countersign_Rate_Limit_Own_Basic_Info',
  body: object({
    data: object({
      email: optional(text()),
      name: optional(text()),
      username: optional(text()),
      nickname: optional(text({ description: 'Empty text erases it.' })),
      bio: optional(text({ description: 'Empty text erases it.' })),
      statusType: optional(oneOf('online', 'away', 'busy', 'offline')),
      statusText: optional(text()),
      currentPassword: optional(
        text({ maxLength: 4096, description: 'SHA-256 in hex; taken as the second factor of whoever has no other.' }),
      ),
      newPassword: optional(text({ maxLength: 4096 })),
    }),
    customFields: optional(free({ description: 'Merged with those that are there.' })),
  }),
  answer: object({ user: free() }),
  faults: profileFaults,
  twoFactorFor(app, { signed, body, supplied }) {
    const { email, newPassword, currentPassword = '' } = body.data;
    if (!app.account.isSensitive(signed, { email, newPassword })) return undefined;
    const typed = currentPassword !== '' && !app.factor.hasOwn(signed.account).held;
    const shown = typed && supplied.code === undefined ? { code: currentPassword, method: 'password' } : supplied;
    return { options: { remember: false, always: true }, supplied: shown };
  },
  async run(app, { signed, body, caller }) {
    const { statusType, currentPassword, ...data } = body.data;
    const change = { ...data, status: statusType, customFields: body.customFields };
    const account = await app.account.editOwn(signed, change, currentPassword, caller);
    const status = app.presence.of(account);
    const statusConnection = app.presence.ofConnections(account.id);
    return { user: meOf(account, { settings: app.settings, status, statusConnection }) };
  },
});
