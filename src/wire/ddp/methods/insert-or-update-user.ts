import type { App } from '../../../app.ts';
import { longestStatusText } from '../../../core/account/edit.ts';
import { Fault } from '../../../core/fault.ts';
import { systemRandom } from '../../../lib/system-random.ts';
import { type OwnGate, userMethod } from '../method.ts';
import { fieldOf, fieldsOf, maybeTextOf } from '../params.ts';
import { accountOf } from './accounts.ts';

/** Longer ones are nobody's. */
const longestPassword = 4096;
const mostRoles = 500;

/** What is missing or null stays as it is. @throws Fault `malformed` */
function userOf([user]: readonly unknown[]) {
  const fields = fieldsOf(user);
  const text = (key: string): string | undefined => maybeTextOf(fieldOf(fields, key));
  const flag = (key: string): boolean | undefined => {
    const value = fieldOf(fields, key) ?? undefined;
    if (value !== undefined && typeof value !== 'boolean') throw new Fault('malformed');
    return value;
  };
  const [password = '', customFields, id] = [text('password'), fieldOf(fields, 'customFields'), text('_id')];
  if (password.length > longestPassword) throw new Fault('malformed');
  return {
    id: id === '' ? undefined : id,
    username: text('username'),
    name: text('name'),
    email: text('email'),
    verified: flag('verified'),
    bio: text('bio'),
    nickname: text('nickname'),
    statusText: text('statusText'),
    roles: rolesOf(fieldOf(fields, 'roles')),
    customFields: customFields === undefined || customFields === null ? undefined : fieldsOf(customFields),
    password: password === '' ? undefined : password,
    randomPassword: flag('setRandomPassword'),
    passwordChangeRequired: flag('requirePasswordChange'),
    welcome: flag('sendWelcomeEmail'),
  };
}

function rolesOf(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const roles = Array.isArray(value) ? value.filter((role): role is string => typeof role === 'string') : [];
  if (!Array.isArray(value) || roles.length !== value.length || roles.length > mostRoles) throw new Fault('malformed');
  return roles;
}

/** How old administration pages make and edit accounts: `users.create` and `users.update` in one. */
export const insertOrUpdateUser = userMethod({
  name: 'insertOrUpdateUser',
  scoped: true,
  twoFactorFor(app, signed, given): OwnGate {
    const { id, email, password, randomPassword } = userOf(given);
    const newPassword = randomPassword === true ? 'random' : password;
    // An address or a password of one's own is no less one's own when it is changed by this way.
    const own = id === signed.account.id && app.account.isSensitive(signed, { email, newPassword });
    return {
      options: own ? { remember: false, always: true } : { remember: true, always: false },
      otherwise: undefined,
    };
  },
  params: userOf,
  async run(app, { signed, caller }, { id, ...asked }) {
    if (id === undefined) return await made(app, signed, asked, caller);
    await app.account.edit(signed, await accountOf(app, id), asked, caller);
    return true;
  },
});

async function made(
  app: App,
  signed: Parameters<App['account']['create']>[0],
  asked: Omit<ReturnType<typeof userOf>, 'id'>,
  caller: Parameters<App['account']['create']>[2],
): Promise<string> {
  const { username = '', name = '', email, verified = false, roles, statusText, welcome } = asked;
  const isRandom = asked.randomPassword === true;
  const { id } = await app.account.create(
    signed,
    {
      username,
      name,
      email: email === undefined || email === '' ? undefined : { address: email, verified },
      password: isRandom ? systemRandom.token() : asked.password,
      roles,
      passwordChange: isRandom || asked.passwordChangeRequired === true ? { reason: undefined } : undefined,
      customFields: asked.customFields ?? {},
      bio: asked.bio === '' ? undefined : asked.bio,
      nickname: asked.nickname === '' ? undefined : asked.nickname,
      statusText: statusText?.slice(0, longestStatusText),
      welcome: isRandom ? 'enrolment' : welcome === true ? 'welcome' : undefined,
    },
    caller,
  );
  return id;
}
