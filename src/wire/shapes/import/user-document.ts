import type { Status } from '../../../core/account/account.ts';
import type {
  Finding,
  Identity,
  Newcomer,
  NewcomerApp,
  NewcomerCodes,
  NewcomerToken,
} from '../../../core/administration/newcomer.ts';
import { sha256Base64 } from '../../../lib/digest.ts';
import { type Document, idOf, isPlain, Members } from './value.ts';

export type Read =
  | { readonly newcomer: Newcomer; readonly findings: readonly Finding[] }
  | { readonly newcomer: undefined; readonly id: string | undefined; readonly findings: readonly Finding[] };

const mostTokens = 10_000;
const statuses: readonly string[] = ['online', 'away', 'busy', 'offline'];
/** Why an account is closed (rest.md §11.7), in our words. */
const closedBecause: Readonly<Record<string, Newcomer['closedBecause']>> = {
  pending_approval: 'waits-for-approval',
  idle_too_long: 'idle',
};

/** Stops the reading: the account cannot come in as it is. */
class Unfit extends Error {
  readonly finding: Finding;

  constructor(reason: string, part: string) {
    super(reason);
    this.finding = { level: 'skipped', reason, part };
  }
}

/**
 * Reads a document of the collection `users`, of Rocket.Chat or of any other Meteor application.
 * @returns what it tells of somebody, in our words, and what of it was left out
 */
export function readUser(document: Document): Read {
  const findings: Finding[] = [];
  const id = idOf(document);
  try {
    if (id === undefined) throw new Unfit('id-unfit', '_id');
    return { newcomer: newcomerOf(id, new Members(document, findings)), findings };
  } catch (cause) {
    if (!(cause instanceof Unfit)) throw cause;
    return { newcomer: undefined, id, findings: [...findings, cause.finding] };
  }
}

function newcomerOf(id: string, user: Members): Newcomer {
  const services = user.members('services');
  if (user.has('services') && services === undefined) throw new Unfit('wrong-type', 'services');
  const open = user.any('active') ?? true;
  if (typeof open !== 'boolean') throw new Unfit('wrong-type', 'active');
  const username = user.any('username');
  if (username !== undefined && (typeof username !== 'string' || username.length > 1_000)) {
    throw new Unfit('wrong-type', 'username');
  }
  const status = user.text('statusDefault') ?? '';
  const kind = user.text('type');
  const change = user.flag('requirePasswordChange');
  return {
    id,
    username: username === '' ? undefined : username,
    name: user.text('name') ?? user.members('profile')?.text('name'),
    kind: kind === 'bot' || kind === 'app' ? kind : 'user',
    emails: emailsOf(user),
    roles: user.has('roles') ? (user.texts('roles', 1_000) ?? []) : undefined,
    open,
    closedBecause: Object.hasOwn(closedBecause, user.text('inactiveReason') ?? '')
      ? closedBecause[user.text('inactiveReason') ?? '']
      : undefined,
    signUpReason: user.text('reason'),
    passwordHash: services === undefined ? undefined : passwordOf(services),
    formerPasswords: (services?.texts('passwordHistory', 100) ?? []).map((hash, at) => ({ hash, at })),
    passwordChange: change === true ? { reason: user.text('requirePasswordChangeReason') } : undefined,
    chosenStatus: statuses.includes(status) ? (status as Status) : 'online',
    statusText: user.text('statusText') ?? '',
    bio: user.text('bio'),
    nickname: user.text('nickname'),
    language: user.text('language', 50),
    utcOffset: user.number('utcOffset'),
    preferences: user.members('settings')?.tree('preferences') ?? {},
    customFields: user.tree('customFields') ?? {},
    createdAt: user.moment('createdAt'),
    updatedAt: user.moment('_updatedAt'),
    lastLogInAt: user.moment('lastLogin'),
    tokens: services === undefined ? [] : tokensOf(services),
    ...factorsOf(services),
    passkeys: [],
    passkeyAlone: false,
    identities: services === undefined ? [] : identitiesOf(services),
  };
}

function emailsOf(user: Members): Newcomer['emails'] {
  return (user.list('emails', 100) ?? []).flatMap((email) => {
    if (!isPlain(email) || typeof email['address'] !== 'string') {
      user.leaveOut('wrong-type', 'emails');
      return [];
    }
    return [{ address: email['address'].slice(0, 1_000), verified: email['verified'] === true }];
  });
}

/** bcrypt or argon2id, both over the SHA-256 of the password; of very old applications neither. */
function passwordOf(services: Members): string | undefined {
  const password = services.members('password');
  if (password?.has('srp') === true) password.leaveOut('password-form', 'srp');
  return password?.text('argon2') ?? password?.text('bcrypt');
}

/** @throws Unfit: whoever had a second factor must not come in without it */
function factorsOf(services: Members | undefined): {
  readonly app: NewcomerApp | undefined;
  readonly backupCodes: NewcomerCodes | undefined;
  readonly emailFactor: boolean;
} {
  const emailFactor = isOn(services, 'email2fa');
  if (!isOn(services, 'totp')) return { app: undefined, backupCodes: undefined, emailFactor };
  const totp = services?.members('totp');
  const secret = totp?.text('secret');
  if (secret === undefined) throw new Unfit('second-factor-unfit', 'services.totp.secret');
  return { app: { secret }, backupCodes: { digests: totp?.texts('hashedBackup', 100) ?? [] }, emailFactor };
}

/** @throws Unfit where it cannot be told */
function isOn(services: Members | undefined, name: string): boolean {
  if (services?.has(name) !== true) return false;
  const on = services.members(name)?.any('enabled') ?? false;
  if (typeof on !== 'boolean' || !isPlain(services.any(name))) {
    throw new Unfit('second-factor-unfit', `services.${name}.enabled`);
  }
  return on;
}

/** Log-in tokens and personal access tokens (realtime.md §10.2). */
function tokensOf(services: Members): readonly NewcomerToken[] {
  const resume = services.members('resume');
  const all = resume?.list('loginTokens', mostTokens) ?? [];
  return all.flatMap((token) => {
    const read = isPlain(token) ? tokenOf(token) : undefined;
    if (read === undefined) resume?.leaveOut('token-form', 'loginTokens');
    return read ?? [];
  });
}

function tokenOf(token: Document): NewcomerToken | undefined {
  const hash = hashOf(token);
  if (hash === undefined) return undefined;
  const member = (name: string): unknown => (Object.hasOwn(token, name) ? token[name] : undefined);
  const type = member('type');
  if (type !== undefined && type !== 'personalAccessToken') return undefined;
  const personal = type !== undefined;
  const createdAt = member(personal ? 'createdAt' : 'when');
  const name = member('name');
  const lastPart = member('lastTokenPart');
  if (!(createdAt instanceof Date)) return undefined;
  if (personal && typeof name !== 'string') return undefined;
  return {
    hash,
    pool: personal ? 'personal' : 'interactive',
    name: personal ? String(name) : undefined,
    lastPart: typeof lastPart === 'string' ? lastPart.slice(-6) : '',
    skipsSecondFactor: personal && member('bypassTwoFactor') === true,
    createdAt: createdAt.getTime(),
    endsAt: undefined,
  };
}

/** Very old documents have the text of a token itself. */
function hashOf(token: Document): string | undefined {
  const { hashedToken, token: text } = token;
  if (typeof hashedToken === 'string') return hashedToken;
  return typeof text === 'string' && text.length >= 17 && text.length <= 200 ? sha256Base64(text) : undefined;
}

/** What lies under `services` and is no way in from elsewhere. */
const notExternal: ReadonlySet<string> = new Set([
  'password',
  'passwordHistory',
  'resume',
  'email',
  'totp',
  'email2fa',
  'emailCode',
  'emailToken',
  'cloud',
  'crowd',
  'crowd_username',
]);

/** Where a provider keeps what it calls somebody, if not under `id`. */
const subjects: Readonly<Record<string, string>> = { saml: 'nameID', cas: 'external_id' };

/** What helps to tell who it is; tokens of providers are secrets, and stay away. */
const told = ['email', 'username', 'name', 'idAttribute', 'provider'] as const;

function identitiesOf(services: Members): readonly Identity[] {
  const found = services
    .names()
    .filter((name) => !notExternal.has(name))
    .flatMap((provider) => identityOf(services, provider));
  const crowd = services.any('crowd_username');
  return typeof crowd === 'string' ? [...found, { provider: 'crowd', subject: crowd.slice(0, 500), facts: {} }] : found;
}

function identityOf(services: Members, provider: string): readonly Identity[] {
  const value = services.any(provider);
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/u.test(provider) || provider in {} || !isPlain(value)) {
    services.leaveOut('identity-unfit', provider.slice(0, 64));
    return [];
  }
  const subject = value[subjects[provider] ?? 'id'] ?? value['id'];
  const text = typeof subject === 'number' && Number.isSafeInteger(subject) ? String(subject) : subject;
  if (typeof text !== 'string' || text === '' || text.length > 500 || !/^[^\0]*$/u.test(text) || !text.isWellFormed()) {
    services.leaveOut('identity-unfit', provider);
    return [];
  }
  const facts: Record<string, string> = {};
  for (const name of told) {
    const fact = value[name];
    if (typeof fact === 'string' && fact.length <= 300 && fact.isWellFormed()) facts[name] = fact;
  }
  return [{ provider, subject: text, facts }];
}
