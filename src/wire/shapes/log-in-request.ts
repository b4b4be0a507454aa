import type { App } from '../../app.ts';
import type { Claim } from '../../core/account/account.ts';
import { Fault } from '../../core/fault.ts';
import type { GivenPassword } from '../../core/password/password.ts';
import type { Caller } from '../../core/ports.ts';
import type { SuppliedFactor } from '../../core/second-factor/gate.ts';
import type { CredentialPair, CredentialWay } from '../../core/session/credential.ts';
import type { LoggedIn } from '../../core/session/log-in.ts';
import { decodeProviderToken, identityBy, type ProviderToken } from './provider-token-form.ts';

/** What a request to sign in asks, whatever door it came through. */
export type LogInRequest =
  | {
      readonly kind: 'password';
      readonly claim: Claim;
      readonly password: GivenPassword;
      readonly supplied: SuppliedFactor;
    }
  /** A password in clear that a directory may know. */
  | {
      readonly kind: 'directory';
      readonly claim: Claim;
      readonly password: string;
      readonly supplied: SuppliedFactor;
    }
  | { readonly kind: 'resume'; readonly token: string }
  /** The second half of a browser flow; the first half left a credential behind. */
  | {
      readonly kind: 'credential';
      readonly way: CredentialWay;
      readonly pair: CredentialPair;
      readonly supplied: SuppliedFactor;
    }
  /** A token that a provider gave to the client itself. */
  | { readonly kind: 'provider-token'; readonly token: ProviderToken; readonly supplied: SuppliedFactor };

const noFactor: SuppliedFactor = { code: undefined, method: undefined };

type Fields = Readonly<Record<string, unknown>>;

/** Longer ones are nobody's, and are refused before anything is hashed. */
const longest = { claim: 1024, password: 4096, token: 512, code: 16_384, method: 32 };

/**
 * Decodes the form that reaches the log-in handlers (realtime.md §8.3): strictly, an object where a string belongs is
 * refused. The forms are asked in a fixed order (`resume`, `totp`, `password`, directory, pending), and the first that
 * fits takes the request: nothing is combined.
 * @throws Fault `malformed` or `form-not-recognised`
 */
export function decodeLogIn(value: unknown): LogInRequest {
  if (!isFields(value)) throw new Fault('malformed');
  return decodeForm(value, true);
}

/** Signs in as the request asks. @throws Fault, see `logIn` */
export async function signIn(app: App, request: LogInRequest, caller: Caller): Promise<LoggedIn> {
  switch (request.kind) {
    case 'password':
      return await app.session.logIn(request.claim, request.password, caller, request.supplied);
    case 'directory':
      return await app.directory.logIn(request.claim, request.password, caller, request.supplied);
    case 'resume':
      return await app.session.resume(request.token, caller);
    case 'credential':
      return await app.external.logInByCredential(request.way, request.pair, caller, request.supplied);
    case 'provider-token': {
      const { token, supplied } = request;
      return await app.external.logInAs(token.service, async () => await identityBy(app, token), caller, supplied);
    }
  }
}

function decodeForm(form: Fields, mayWrap: boolean): LogInRequest {
  if (isGiven(form, 'resume')) return { kind: 'resume', token: shortString(form['resume'], longest.token) };
  if (mayWrap && isGiven(form, 'totp')) {
    const wrapped = decodeWrapper(form);
    if (wrapped !== undefined) return wrapped;
  }
  if (isGiven(form, 'password')) return decodePassword(form);
  if (isGiven(form, 'ldap') && isGiven(form, 'ldapOptions')) return decodeDirectory(form);
  if (isGiven(form, 'crowd')) return decodeCrowd(form);
  return decodeCredential(form);
}

function decodeWrapper(form: Fields): LogInRequest | undefined {
  const { totp } = form;
  if (!isFields(totp)) throw new Fault('malformed');
  // Without a code, and beside another form (`oauth`), it is no wrapper.
  if (!isGiven(totp, 'code') || !Object.hasOwn(totp, 'login')) return undefined;
  const code = shortString(totp['code'], longest.code);
  const { login } = totp;
  if (!isFields(login)) throw new Fault('malformed');
  const inner = decodeForm(login, false);
  const method = isGiven(totp, 'method') ? shortString(totp['method'], longest.method) : undefined;
  return inner.kind === 'resume' ? inner : { ...inner, supplied: { code, method } };
}

function decodePassword(form: Fields): LogInRequest {
  for (const key of Object.keys(form)) if (!passwordKeys.has(key)) throw new Fault('malformed');
  const { code } = form;
  if (code !== undefined && typeof code !== 'string') throw new Fault('malformed');
  return {
    kind: 'password',
    claim: decodeUser(form['user']),
    password: decodeSecret(form['password']),
    supplied: {
      code: code === undefined || code === '' ? undefined : shortString(code, longest.code),
      method: undefined,
    },
  };
}

const passwordKeys: ReadonlySet<string> = new Set(['user', 'password', 'code']);

function decodeUser(user: unknown): Claim {
  if (!isFields(user)) throw new Fault('malformed');
  const [key, ...others] = Object.keys(user);
  if (others.length > 0 || (key !== 'id' && key !== 'username' && key !== 'email')) throw new Fault('malformed');
  return { by: key, value: shortString(user[key], longest.claim) };
}

function decodeSecret(password: unknown): GivenPassword {
  if (typeof password === 'string') return { plain: plainPassword(password) };
  if (!isFields(password) || !Object.hasOwn(password, 'algorithm') || password['algorithm'] !== 'sha-256') {
    throw new Fault('malformed');
  }
  return { digest: shortString(Object.hasOwn(password, 'digest') ? password['digest'] : undefined, longest.password) };
}

/** A password is only ever hashed, so NUL may stand in it; half a character could not be told from another half. */
function plainPassword(value: string): string {
  if (value === '' || value.length > longest.password || !value.isWellFormed()) throw new Fault('malformed');
  return value;
}

/** A log-in for a directory; where there is none it is one with a password (realtime.md §8.8). */
function decodeDirectory(form: Fields): LogInRequest {
  const { username, ldapPass } = form;
  const claim = isFields(username) ? decodeUser(username) : namedClaim(username);
  if (claim.by === 'id' || typeof ldapPass !== 'string') throw new Fault('malformed');
  return { kind: 'directory', claim, password: plainPassword(ldapPass), supplied: codeBeside(form) };
}

/** There is no Crowd server: it is a log-in with a password. */
function decodeCrowd({ username, crowdPassword }: Fields): LogInRequest {
  const plain = shortString(crowdPassword, longest.password);
  return { kind: 'password', claim: namedClaim(username), password: { plain }, supplied: noFactor };
}

function namedClaim(username: unknown): Claim {
  const value = shortString(username, longest.claim);
  return { by: value.includes('@') ? 'email' : 'username', value };
}

function decodeCredential(form: Fields): LogInRequest {
  if (isGiven(form, 'oauth')) {
    const { oauth } = form;
    if (!isFields(oauth)) throw new Fault('malformed');
    const { credentialToken, credentialSecret } = oauth;
    if (Object.keys(oauth).some((key) => key !== 'credentialToken' && key !== 'credentialSecret')) {
      throw new Fault('malformed');
    }
    const secret = credentialSecret === null ? null : shortString(credentialSecret, longest.token);
    return credential('oauth', credentialToken, secret, codeBeside(form));
  }
  if (isGiven(form, 'saml') && Object.hasOwn(form, 'credentialToken')) {
    return credential('saml', form['credentialToken'], undefined, codeBeside(form));
  }
  if (isGiven(form, 'cas')) {
    const { cas } = form;
    if (!isFields(cas)) throw new Fault('malformed');
    return credential('cas', cas['credentialToken'], undefined, codeBeside(form));
  }
  const token = decodeProviderToken(form);
  if (token !== undefined) return { kind: 'provider-token', token, supplied: codeBeside(form) };
  throw new Fault('form-not-recognised');
}

function credential(
  way: CredentialWay,
  token: unknown,
  secret: string | null | undefined,
  supplied: SuppliedFactor,
): LogInRequest {
  return { kind: 'credential', way, pair: { token: shortString(token, longest.token), secret }, supplied };
}

/** A code that stands beside the form: `{oauth, totp: {code}}` (realtime.md §8.3). */
function codeBeside({ totp }: Fields): SuppliedFactor {
  if (!isFields(totp) || !isGiven(totp, 'code')) return noFactor;
  const method = isGiven(totp, 'method') ? shortString(totp['method'], longest.method) : undefined;
  return { code: shortString(totp['code'], longest.code), method };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Present and not one of the empty values, which Meteor's handlers pass over. */
function isGiven(form: Fields, key: string): boolean {
  if (!Object.hasOwn(form, key)) return false;
  const value = form[key];
  return value !== undefined && value !== null && value !== '' && value !== false && value !== 0;
}

function shortString(value: unknown, most: number): string {
  const fits = typeof value === 'string' && value !== '' && value.length <= most;
  // Half a character and NUL stand in no name and no token; a database would refuse them in its own way.
  if (!fits || !value.isWellFormed() || value.includes('\0')) throw new Fault('malformed');
  return value;
}
