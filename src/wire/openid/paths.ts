/** What is served under `/oidc`, each in one spelling: whatever counts requests sees the same path as whatever answers. */
const served: ReadonlySet<string> = new Set([
  '/.well-known/openid-configuration',
  '/auth',
  '/token',
  '/userinfo',
  '/jwks',
  '/introspect',
  '/revoke',
  '/end-session',
  '/end-session/confirm',
  '/end-session/success',
]);

/** Where the provider goes on with what was begun, and where it waits for a person. */
const begun = /^\/(?:auth|interaction)\/[\w-]{1,64}$/u;

/** Whose answers write something, whoever asks. */
const writing = /^\/(?:auth|interaction|end-session)(?:\/|$)/u;

/** In bytes. What an application sends along comes back to it, and is kept until then. */
const longestQuery = 2_048;
/** In bytes, of an ID token that an application hands back. */
const longestHint = 4_096;

/** A path with its query, as it came. */
export interface AskedPath {
  /** Behind `/oidc`. */
  readonly path: string;
  /** From its `?` on; empty where there is none. */
  readonly query: string;
}

/** @param whole behind `/oidc` */
export function askedPath(whole: string): AskedPath {
  const at = whole.indexOf('?');
  return at < 0 ? { path: whole, query: '' } : { path: whole.slice(0, at), query: whole.slice(at) };
}

/** Whether something is served there; another case, a slash at the end or a character in percent is another path. */
export function isServed({ path }: AskedPath): boolean {
  return served.has(path) || begun.test(path);
}

/** Whether an answer writes something, also for whoever is nobody. */
export function writes({ path }: AskedPath): boolean {
  return writing.test(path);
}

/** Whether a query is as short as those that are meant. */
export function isShort({ query }: AskedPath): boolean {
  if (query.length <= longestQuery) return true;
  const hint = /[&?]id_token_hint=[^&]*/u.exec(query)?.[0].length ?? 0;
  return hint <= longestHint && query.length - hint <= longestQuery;
}
