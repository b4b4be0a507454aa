import type { ProxyTrust } from '../../../lib/client-address.ts';

/** What the environment decided, as far as doctor looks at it; `Config` of `src/config.ts` has this shape. */
export interface Configuration {
  readonly port: number;
  readonly address: string;
  readonly rootUrl: string;
  readonly rootUrlGiven: boolean;
  readonly database:
    | { readonly kind: 'sqlite'; readonly file: string }
    | { readonly kind: 'postgres'; readonly url: string };
  /** The key, where the environment gives it. */
  readonly key: string | undefined;
  readonly proxies: ProxyTrust;
  readonly logLevel: string;
}

export interface DatabaseFindings {
  /** For people, without a password: `SQLite 3.50.4`, `PostgreSQL 18.1 on db.example.org`. */
  readonly name: string;
  /** False where the first start has yet to make it; the rest is not looked at then. */
  readonly exists: boolean;
  /** How many migrations it has seen, and how many this version knows. */
  readonly schema: { readonly found: number; readonly known: number };
  /** What a check of all pages found wrong (`pragma quick_check`); undefined where the database has no such check. */
  readonly damage: readonly string[] | undefined;
  /** Why it cannot be written; undefined when it can. */
  readonly unwritable: string | undefined;
  /** Whether the key is the one that it was first used with; `unmarked` where none has been used yet. */
  readonly key: 'fits' | 'differs' | 'unmarked';
}

/** Looks at what only `main.ts` may know. Nothing here changes anything: no file is made, no schema is migrated. */
export interface ProductProbes {
  readonly node: { readonly version: string; readonly least: string };
  /** Reads the environment. Throws an error with one sentence where it cannot be used. */
  readonly configuration: () => Configuration;
  /** Looks at the database without changing it. Rejects with one sentence where it cannot be opened. */
  readonly database: () => Promise<DatabaseFindings>;
  /** Where the key file lies; not asked when the environment gives the key. Undefined where there can be none. */
  readonly keyFile: () => string | undefined;
}

/** An answer of a server. */
export interface WebAnswer {
  readonly status: number;
  /** The header `Date`. */
  readonly date: string | undefined;
  /** Where it sends the client instead. */
  readonly location: string | undefined;
  readonly seenAddress: string | undefined;
  /** The body where it is JSON. */
  readonly body: unknown;
}

/** Looks at the machine and the network; `systemProbes` has the real ones. */
export interface SystemProbes {
  readonly now: () => number;
  /** The bits of the mode; undefined where there is no such file. */
  readonly fileMode: (file: string) => number | undefined;
  /** Free bytes where the file lies, or would lie; undefined where that cannot be told. */
  readonly freeBytes: (file: string) => number | undefined;
  /** How many files this process may hold open; undefined where that cannot be told or is unlimited. */
  readonly openFileLimit: () => number | undefined;
  /** Asks a server for its `GET /api/info`. Rejects with the reason when no answer comes. */
  readonly info: (url: string) => Promise<WebAnswer>;
  /**
   * Asks a server for the address that `GET /livez` was seen to come from, which it tells only to peers on its own
   * machine, in the header `X-Seen-Address`.
   * @param url without a path of ours
   * @param forwardedFor sent as `X-Forwarded-For`
   */
  readonly seenAddress: (url: string, forwardedFor: string) => Promise<string | undefined>;
}

export interface DoctorProbes extends ProductProbes, SystemProbes {}
