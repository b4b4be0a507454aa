import { randomBytes } from 'node:crypto';
import { longestStatusText } from '../../../core/account/edit.ts';
import { createFaults } from '../create-faults.ts';
import { endpoint } from '../endpoint.ts';
import { madeUser } from '../made-user.ts';
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
    return { user: madeUser(app, account, signed) };
  },
});
