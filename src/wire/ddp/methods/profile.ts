import type { App } from '../../../app.ts';
import type { Status } from '../../../core/account/account.ts';
import { Fault } from '../../../core/fault.ts';
import type { Signed } from '../../../core/session/token.ts';
import { sha256Hex } from '../../../lib/digest.ts';
import { arePreferences, savedPreferences } from '../../shapes/preference-keys.ts';
import { type AnyMethod, type OwnGate, userMethod } from '../method.ts';
import { fieldOf, fieldsOf, maybeTextOf, textOf } from '../params.ts';
import { Refusal } from '../refusal.ts';

const statuses: readonly string[] = ['online', 'away', 'busy', 'offline'] satisfies readonly Status[];

function isStatus(text: string): text is Status {
  return statuses.includes(text);
}

/** Longer ones are nobody's. */
const longestPassword = 4096;

function passwordTextOf(value: unknown): string | undefined {
  const text = maybeTextOf(value);
  if (text !== undefined && text.length > longestPassword) throw new Fault('malformed');
  return text === '' ? undefined : text;
}

/** What `saveUserProfile` is given: what is missing or null stays as it is. @throws Fault `malformed` */
function profileOf([settings, customFields]: readonly unknown[]) {
  const fields = fieldsOf(settings);
  const text = (key: string): string | undefined => maybeTextOf(fieldOf(fields, key));
  const status = text('statusType');
  if (status !== undefined && status !== '' && !isStatus(status)) throw new Fault('malformed');
  return {
    typedPassword: passwordTextOf(fieldOf(fields, 'typedPassword')),
    change: {
      name: text('realname'),
      username: text('username'),
      email: text('email'),
      newPassword: passwordTextOf(fieldOf(fields, 'newPassword')),
      bio: text('bio'),
      nickname: text('nickname'),
      statusText: text('statusText'),
      status: status === undefined || status === '' || !isStatus(status) ? undefined : status,
      customFields: customFields === undefined || customFields === null ? undefined : fieldsOf(customFields),
    },
  };
}

function gateOf(
  app: App,
  signed: Signed,
  change: Parameters<App['account']['editOwn']>[1],
  typed?: string,
): OwnGate | undefined {
  if (!app.account.isSensitive(signed, change)) return undefined;
  const mayBeTyped = typed !== undefined && !app.factor.hasOwn(signed.account).held;
  return {
    options: { remember: false, always: true },
    otherwise: mayBeTyped ? { code: typed, method: 'password' } : undefined,
  };
}

/** What is the matter with a username is not told here, as over REST. */
const identityCodes: ReadonlySet<string> = new Set(['username-taken', 'username-invalid', 'username-reserved']);

/** Edits one's own profile (realtime.md §14.4). */
const saveUserProfile = userMethod({
  name: 'saveUserProfile',
  passwordChange: true,
  twoFactorFor(app, signed, given) {
    const { change, typedPassword } = profileOf(given);
    return gateOf(app, signed, change, typedPassword);
  },
  params: profileOf,
  async run(app, { signed, caller }, { change, typedPassword }) {
    try {
      await app.account.editOwn(signed, change, typedPassword, caller);
    } catch (cause) {
      if (!(cause instanceof Fault) || !identityCodes.has(cause.code)) throw cause;
      throw new Refusal({ error: 'error-could-not-save-identity', reason: 'Could not save user identity' });
    }
    return true;
  },
});

function emailOf([email]: readonly unknown[]): string {
  return textOf(email);
}

/** How old clients change their address. */
const setEmail = userMethod({
  name: 'setEmail',
  twoFactorFor: (app, signed, given) => gateOf(app, signed, { email: emailOf(given) }),
  params: emailOf,
  async run(app, { signed, caller }, email) {
    await app.account.editOwn(signed, { email }, undefined, caller);
    return email;
  },
});

/** How old clients change their name. */
const setRealName = userMethod({
  name: 'setRealName',
  params: ([name]) => textOf(name),
  async run(app, { signed, caller }, name) {
    await app.account.editOwn(signed, { name }, undefined, caller);
    return name;
  },
});

const saveUserPreferences = userMethod({
  name: 'saveUserPreferences',
  params([asked]) {
    const preferences = fieldsOf(asked);
    if (!arePreferences(preferences).held) throw new Fault('malformed');
    return preferences;
  },
  async run(app, { signed }, asked) {
    const saved = await app.account.savePreferences(signed.account.id, savedPreferences(asked));
    if (saved === undefined) throw new Fault('account-unknown');
    return true;
  },
});

/** Deletes one's own account against SHA-256 of the password; the username where there is no password. */
const deleteUserOwnAccount = userMethod({
  name: 'deleteUserOwnAccount',
  params: ([shown]) => textOf(shown),
  async run(app, { signed, caller }, shown) {
    const { hasPassword, username } = signed.account;
    const isName = !hasPassword && username !== undefined && shown.trim() === username;
    await app.account.deleteOwn(signed, isName ? sha256Hex(username) : shown, caller);
    return true;
  },
});

export const profileMethods: readonly AnyMethod[] = [
  saveUserProfile,
  setEmail,
  setRealName,
  saveUserPreferences,
  deleteUserOwnAccount,
];
