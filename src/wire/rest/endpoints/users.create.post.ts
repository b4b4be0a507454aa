import { randomBytes } from 'node:crypto';
import { longestBio, longestNickname, longestStatusText } from '../../../core/account/edit.ts';
import { userMade } from '../../shapes/user-fields.ts';
import { createFaults } from '../create-faults.ts';
import { endpoint } from '../endpoint.ts';
import { coded } from '../refusal.ts';
import { flag, free, list, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.create',
  summary: 'Makes an account for somebody else; the permission is create-user.',
  auth: 'token',
  scoped: true,
  applications: false,
  body: object({
    email: text(),
    name: text(),
    password: text({ maxLength: 4096 }),
    username: text(),
    active: optional(flag()),
    bio: optional(text()),
    nickname: optional(text()),
    statusText: optional(text()),
    roles: optional(list(text())),
    joinDefaultChannels: optional(flag({ description: 'Ignored: there are no channels.' })),
    requirePasswordChange: optional(flag()),
    setRandomPassword: optional(
      flag({ description: 'Nobody knows the password: a link is mailed with which the owner sets one.' }),
    ),
    sendWelcomeEmail: optional(flag({ description: 'Mails the owner that there is an account.' })),
    verified: optional(flag({ description: 'The address counts as verified.' })),
    customFields: optional(free()),
    fields: optional(text({ description: 'Ignored.' })),
    freeSwitchExtension: optional(text({ description: 'Ignored.' })),
  }),
  answer: object({ user: free() }),
  faults: createFaults,
  async run(app, { signed, body, caller }) {
    if ((body.bio ?? '').length > longestBio) {
      throw coded('error-bio-size-exceeded', `Bio size exceeds ${longestBio} characters`);
    }
    if ((body.nickname ?? '').length > longestNickname) {
      throw coded('error-nickname-size-exceeded', `Nickname size exceeds ${longestNickname} characters`);
    }
    const random = body.setRandomPassword === true;
    const account = await app.account.create(
      signed,
      {
        username: body.username,
        name: body.name,
        email: { address: body.email, verified: body.verified ?? false },
        password: random ? randomBytes(24).toString('base64url') : body.password,
        roles: body.roles,
        open: body.active ?? true,
        passwordChange: random || body.requirePasswordChange === true ? { reason: undefined } : undefined,
        customFields: body.customFields ?? {},
        bio: body.bio === '' ? undefined : body.bio,
        nickname: body.nickname === '' ? undefined : body.nickname,
        statusText: body.statusText?.slice(0, longestStatusText),
        welcome: random ? 'enrolment' : body.sendWelcomeEmail === true ? 'welcome' : undefined,
      },
      caller,
    );
    const full = app.permissions.held(signed, 'view-full-other-user-info').held;
    return { user: userMade(account, app.presence.of(account), full) };
  },
});
