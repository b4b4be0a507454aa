import assert from 'node:assert/strict';
import { type Arena, unlimited } from '../arena.ts';
import { brokenBytes, digest, doors } from '../doors.ts';
import type { ActCase, Cast, Group } from '../group.ts';
import { mustRefuse } from '../verdict.ts';

type Body = Readonly<Record<string, unknown>>;

/** A way to sign in, with values that would let alice in, and the members that must hold for that. */
interface Form {
  readonly name: string;
  readonly body: (cast: Cast) => Body;
  /** Paths of the members that are replaced, one at a time. */
  readonly members: readonly string[];
  /** The member that is wrong from the start, where the replaced one alone decides nothing. */
  readonly spoiled?: Body;
}

/** Nothing in place of the member. */
const missing = Symbol('missing');

/** What stands in place of a member. @param right the value that would have let somebody in */
function hostile(right: unknown): readonly unknown[] {
  const text = typeof right === 'string' ? right : 'x';
  return [
    ...['$ne', '$gt', '$gte', '$lt', '$eq', '$not'].map((operator) => ({
      [operator]: operator === '$eq' ? right : '',
    })),
    { $regex: '.*' },
    { $exists: true },
    { $in: [right] },
    { $nin: [] },
    { $where: 'true' },
    { $or: [{}] },
    { $elemMatch: {} },
    // Types of the realtime wire.
    { $date: 0 },
    { $binary: Buffer.from(text).toString('base64') },
    { $type: 'oid', $value: text },
    // What is escaped is itself: harmless where it would have been right unescaped, so a text that needs none.
    { $escape: text },
    { $InfNaN: 1 },
    [],
    [right],
    [[right]],
    { 0: text, length: 1 },
    { toString: text, valueOf: text },
    0,
    1,
    -1.5,
    1e308,
    true,
    false,
    null,
    missing,
    '',
    ' ',
    '\u0000',
    `\ud800`,
    'x'.repeat(1_000_000),
    brokenBytes,
    '__proto__',
    'constructor',
    'toString',
    "' or 1=1 --",
    '*)(uid=*))(|(uid=*',
    '\r\nX-Injected: 1',
    { __proto__x: right, constructor: { prototype: { admin: true } } },
  ];
}

const forms: readonly Form[] = [
  {
    name: 'user and password',
    body: ({ alice }) => ({ user: alice.username, password: alice.password }),
    members: ['user', 'password'],
  },
  {
    name: 'username and password',
    body: ({ alice }) => ({ username: alice.username, password: alice.password }),
    members: ['username', 'password'],
  },
  {
    name: 'email and password',
    body: ({ alice }) => ({ email: alice.email, password: alice.password }),
    members: ['email', 'password'],
  },
  {
    name: 'selector and digest',
    body: ({ alice }) => ({ user: { username: alice.username }, password: digest(alice.password) }),
    members: ['user', 'user.username', 'password', 'password.digest', 'password.algorithm'],
  },
  {
    name: 'id and digest',
    body: ({ alice }) => ({ user: { id: alice.userId }, password: digest(alice.password) }),
    members: ['user.id'],
  },
  {
    name: 'password with code',
    body: ({ alice }) => ({ user: alice.username, password: 'wrong', code: '123456' }),
    members: ['code'],
  },
  { name: 'resume', body: ({ alice }) => ({ resume: alice.authToken }), members: ['resume'] },
  {
    name: 'totp around a password',
    body: ({ alice }) => ({
      totp: { code: '1', login: { user: { username: alice.username }, password: digest(alice.password) } },
    }),
    members: [
      'totp',
      'totp.login',
      'totp.login.user',
      'totp.login.user.username',
      'totp.login.password',
      'totp.login.password.digest',
    ],
  },
  {
    name: 'totp around a resume',
    body: ({ alice }) => ({ totp: { code: '1', login: { resume: alice.authToken } } }),
    members: ['totp.login', 'totp.login.resume'],
  },
  {
    name: 'directory',
    body: ({ alice }) => ({ ldap: true, username: alice.username, ldapPass: alice.password, ldapOptions: {} }),
    members: ['username', 'ldapPass'],
  },
  {
    name: 'crowd',
    body: ({ alice }) => ({ crowd: true, username: alice.username, crowdPassword: alice.password }),
    members: ['username', 'crowdPassword'],
  },
  {
    name: 'oauth',
    body: () => ({ oauth: { credentialToken: 'x', credentialSecret: 'y' } }),
    members: ['oauth', 'oauth.credentialToken', 'oauth.credentialSecret'],
  },
  { name: 'saml', body: () => ({ saml: true, credentialToken: 'x' }), members: ['saml', 'credentialToken'] },
  { name: 'cas', body: () => ({ cas: { credentialToken: 'x' } }), members: ['cas', 'cas.credentialToken'] },
  {
    name: 'access token',
    body: () => ({ serviceName: 'google', accessToken: 'x', idToken: 'y', expiresIn: 3600 }),
    members: ['serviceName', 'accessToken', 'expiresIn'],
  },
  { name: 'iframe', body: () => ({ iframe: true, token: 'x' }), members: ['iframe', 'token'] },
  { name: 'one-time token', body: () => ({ loginToken: 'x' }), members: ['loginToken'] },
  { name: 'apple', body: () => ({ identityToken: 'x' }), members: ['identityToken'] },
];

function valueAt(body: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((here, name) => (here as Body)[name], body);
}

function replaced(body: Body, [name = '', ...rest]: readonly string[], value: unknown): Body {
  if (rest.length > 0) return { ...body, [name]: replaced(body[name] as Body, rest, value) };
  const copy: Record<string, unknown> = { ...body };
  if (value === missing) delete copy[name];
  else copy[name] = value;
  return copy;
}

/** How many requests are under way at a time. */
const abreast = 6;

async function tryForm(arena: Arena, cast: Cast, form: Form): Promise<void> {
  const base = form.body(cast);
  const tries: { readonly body: Body; readonly what: string }[] = [];
  for (const member of form.members) {
    const path = member.split('.');
    for (const value of hostile(valueAt(base, path))) {
      tries.push({
        body: replaced(base, path, value),
        what: `${member} = ${String(JSON.stringify(value)).slice(0, 60)}`,
      });
    }
  }
  const before = arena.state(cast.bystander);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < tries.length; index = next++) {
      const one = tries[index];
      if (one === undefined) return;
      for (const door of doors) {
        for (const outcome of await arena.knock(door, one.body, { bystander: cast.bystander })) {
          try {
            mustRefuse(outcome);
          } catch (cause) {
            throw new Error(`${form.name} with ${one.what}`, { cause });
          }
        }
      }
    }
  };
  await Promise.all(Array.from({ length: abreast }, work));
  assert.equal(arena.state(cast.bystander), before, 'nothing was changed by what was refused');
}

/** Every member of every form of a log-in, replaced by everything hostile, at every door. */
export const generated: Group = {
  letter: 'A*',
  about: 'every member of every form to sign in, replaced by what does not belong there',
  env: unlimited,
  cases: forms.map(
    (form, at): ActCase => ({
      id: `A*${String(at + 1).padStart(2, '0')}`,
      about: `${form.name}: no value in place of ${form.members.join(', ')} opens a session or breaks anything`,
      act: async (arena, cast) => {
        await tryForm(arena, cast, form);
      },
    }),
  ),
};
