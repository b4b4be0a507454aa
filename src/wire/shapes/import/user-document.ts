import type { Status } from '../../../core/account/account.ts';
import type { Finding, Newcomer, NewcomerToken } from '../../../core/administration/newcomer.ts';
import { judgeStored } from '../../../core/password/stored-form.ts';
import { sha256Base64 } from '../../../lib/digest.ts';
import { factorsOf } from './factors.ts';
import { identitiesOf } from './links.ts';
import type { KnownRoles } from './roles.ts';
import { Unfit } from './unfit.ts';
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

/**
 * Reads a document of the collection `users`, of Rocket.Chat or of any other Meteor application.
 * @param known what the file has told of roles
 * @returns what it tells of somebody, in our words, and what of it was left out
 */
export function readUser(document: Document, known: KnownRoles): Read {
  const findings: Finding[] = [];
  const id = idOf(document);
  try {
    if (id === undefined) throw new Unfit('id-unfit', '_id');
    return { newcomer: newcomerOf(id, new Members(document, findings), known), findings };
  } catch (cause) {
    if (!(cause instanceof Unfit)) throw cause;
    return { newcomer: undefined, id, findings: [...findings, cause.finding] };
  }
}

function newcomerOf(id: string, user: Members, known: KnownRoles): Newcomer {
  const services = user.members('services');
  if (user.has('services') && services === undefined) throw new Unfit('wrong-type', 'services');
  const kind = user.text('type');
  const isRocketChats = isOfRocketChat(user, kind);
  // Visitors of its live chat once stood among the users, with tokens.
  if (isRocketChats && (kind === 'visitor' || kind === 'unknown')) throw new Unfit('kind-unfit', 'type');
  // Rocket.Chat lets in whom a document calls active, and nobody else; other applications know no closed accounts.
  const open = user.any('active') ?? !isRocketChats;
  if (typeof open !== 'boolean') throw new Unfit('wrong-type', 'active');
  const username = user.any('username');
  if (username !== undefined && (typeof username !== 'string' || username.length > 1_000)) {
    throw new Unfit('wrong-type', 'username');
  }
  const status = user.text('statusDefault') ?? '';
  return {
    id,
    username: username === '' ? undefined : username,
    name: user.text('name') ?? user.members('profile')?.text('name'),
    kind: kind === 'bot' || kind === 'app' ? kind : 'user',
    emails: emailsOf(user),
    // Whoever has none in Rocket.Chat cannot sign in there; elsewhere there may be no roles at all.
    ...(isRocketChats ? { roles: user.texts('roles', 1_000) ?? [] } : { ...known.of(id, user), defaultRolesToo: true }),
    open,
    closedBecause: Object.hasOwn(closedBecause, user.text('inactiveReason') ?? '')
      ? closedBecause[user.text('inactiveReason') ?? '']
      : undefined,
    signUpReason: user.text('reason'),
    passwordHash: services === undefined ? undefined : passwordOf(services),
    formerPasswords: (services?.texts('passwordHistory', 100) ?? []).map((hash, at) => ({ hash, at })),
    passwordChange: isTrue(user.any('requirePasswordChange'))
      ? { reason: user.text('requirePasswordChangeReason') }
      : undefined,
    chosenStatus: statuses.includes(status) ? (status as Status) : 'online',
    statusText: user.text('statusText') ?? '',
    statusEndsAt: user.moment('statusExpiresAt'),
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

/**
 * bcrypt or argon2id, both over the SHA-256 of the password; of very old applications neither. Of both, argon2id is the
 * newer one, unless it cannot be kept and the other can.
 */
function passwordOf(services: Members): string | undefined {
  const password = services.members('password');
  if (password?.has('srp') === true) password.leaveOut('password-form', 'srp');
  const hashes = [password?.text('argon2'), password?.text('bcrypt')].filter((hash) => hash !== undefined);
  return hashes.find((hash) => judgeStored(hash) === 'fits') ?? hashes[0];
}

/** By what no other application has. */
function isOfRocketChat(user: Members, kind: string | undefined): boolean {
  if (user.has('statusConnection') || user.has('__rooms')) return true;
  return user.has('_updatedAt') && kind !== undefined && kinds.includes(kind);
}

const kinds: readonly string[] = ['user', 'bot', 'app', 'visitor', 'unknown'];

/** As Rocket.Chat asks: a duty that some script wrote as `1` is one. */
function isTrue(value: unknown): boolean {
  return value !== undefined && value !== false && value !== 0 && value !== '';
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
