import type { SuppliedFactor } from '../../core/second-factor/gate.ts';

const plainMembers: ReadonlySet<string> = new Set(['user', 'username', 'email', 'password', 'code']);

type Fields = Readonly<Record<string, unknown>>;

/**
 * The body of a log-in in the form that the log-in handlers take (rest.md §7.1): names and addresses as text become a
 * user, and a code becomes the wrapper. Everything else goes through as it is, for the handlers to judge.
 * @param isDirectoryOn whether a password in clear is one that a directory may know: then it takes the form for that
 * @param header the code and the method of the headers `x-2fa-code` and `x-2fa-method`; a code in the body wins
 */
export function normalised(body: Fields, header: SuppliedFactor, isDirectoryOn: boolean): Fields {
  const isPlain = Object.hasOwn(body, 'password') && Object.keys(body).every((member) => plainMembers.has(member));
  const user = isPlain ? userOf(body) : undefined;
  if (user === undefined) return body;
  const login = isDirectoryOn ? ofDirectory(user, body['password']) : ofPassword(user, body['password']);
  const code = codeOf(body, header.code);
  if (code === undefined) return login;
  return { totp: { code, login, ...(header.method === undefined ? {} : { method: header.method }) } };
}

function userOf(body: Fields): Fields | undefined {
  const user = own(body, 'user');
  if (typeof user === 'string') return user.includes('@') ? { email: user } : { username: user };
  // An object says itself what it is; such a body goes through as it is.
  if (user !== undefined) return undefined;
  const username = own(body, 'username');
  if (typeof username === 'string') return { username };
  const email = own(body, 'email');
  return typeof email === 'string' && username === undefined ? { email } : undefined;
}

function ofPassword(user: Fields, password: unknown): Fields {
  return { user, password: passwordOf(password) };
}

/** A digest could not be shown to a directory. */
function ofDirectory(user: Fields, password: unknown): Fields {
  if (typeof password !== 'string') return ofPassword(user, password);
  return { ldap: true, username: user, ldapPass: password, ldapOptions: {} };
}

// A documented form that signs nobody in: the whole object stands where the digest belongs.
function passwordOf(password: unknown): unknown {
  const isHashed = typeof password === 'object' && password !== null && Boolean(own(password, 'hashed'));
  return isHashed ? { digest: password, algorithm: 'sha-256' } : password;
}

function codeOf(body: Fields, headerCode: string | undefined): unknown {
  const code = own(body, 'code');
  return code === undefined || code === '' ? headerCode : code;
}

function own(fields: object, name: string): unknown {
  return Object.hasOwn(fields, name) ? (fields as Fields)[name] : undefined;
}
