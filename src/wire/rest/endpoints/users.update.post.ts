import { endpoint } from '../endpoint.ts';
import { madeUser } from '../made-user.ts';
import { accountOf } from '../named-account.ts';
import { profileFaults } from '../profile-faults.ts';
import { coded } from '../refusal.ts';
import { flag, free, list, object, oneOf, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.update',
  summary: 'Edits an account; of others with the permission edit-other-user-info.',
  auth: 'token',
  scoped: true,
  twoFactor: { remember: true, always: false },
  body: object({
    userId: text({ minLength: 1 }),
    data: object({
      email: optional(text()),
      name: optional(text()),
      password: optional(text({ maxLength: 4096, description: 'Needs edit-other-user-password, else passed over.' })),
      username: optional(text()),
      bio: optional(text({ description: 'Empty text erases it.' })),
      nickname: optional(text({ description: 'Empty text erases it.' })),
      statusText: optional(text()),
      status: optional(oneOf('online', 'away', 'busy', 'offline')),
      active: optional(flag({ description: 'Needs edit-other-user-active-status.' })),
      roles: optional(list(text(), { maxItems: 500, description: 'All of them; needs assign-roles.' })),
      requirePasswordChange: optional(flag()),
      setRandomPassword: optional(
        flag({ description: 'A password that nobody knows; a mailed link lets the owner choose one.' }),
      ),
      sendWelcomeEmail: optional(flag()),
      verified: optional(flag({ description: 'Whether the address counts as verified.' })),
      customFields: optional(free({ description: 'Merged with those that are there.' })),
      freeSwitchExtension: optional(text({ description: 'Ignored.' })),
    }),
    confirmRelinquish: optional(flag({ description: 'Ignored: there are no rooms.' })),
  }),
  answer: object({ user: free() }),
  faults: profileFaults,
  // An address or a password of one's own is no less one's own when it is changed by this way.
  twoFactorFor(app, { signed, body, supplied }) {
    const { email, password, setRandomPassword } = body.data;
    const newPassword = setRandomPassword === true ? 'random' : password;
    const own = body.userId === signed.account.id && app.account.isSensitive(signed, { email, newPassword });
    return own ? { options: { remember: false, always: true }, supplied } : undefined;
  },
  async run(app, { signed, body, caller }) {
    const { data } = body;
    const account = await accountOf(app, 'id', body.userId);
    if (account === undefined) throw coded('error-invalid-user', 'Invalid user');
    const { email, name, username, bio, nickname, statusText, status, roles, verified, customFields } = data;
    const written = await app.account.edit(
      signed,
      account,
      {
        email,
        name,
        username,
        bio,
        nickname,
        statusText,
        status,
        roles,
        verified,
        customFields,
        password: data.password === '' ? undefined : data.password,
        randomPassword: data.setRandomPassword,
        passwordChangeRequired: data.requirePasswordChange,
        open: data.active,
        welcome: data.sendWelcomeEmail,
      },
      caller,
    );
    return { user: madeUser(app, written, signed) };
  },
});
