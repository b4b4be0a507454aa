import type { Account } from '../account/account.ts';
import type { Door, Moment } from '../ports.ts';

/**
 * The pools of tokens, each with a cap of its own (design §3.14): pages and sockets; REST log-ins and tokens made for
 * others, until first resumed on a socket; personal access tokens.
 */
export type Pool = 'interactive' | 'script' | 'personal';

/** A bearer token as it is stored: the text itself is known to the client alone. */
export interface Token {
  /** base64 of SHA-256 of the text (realtime.md §10.2). */
  readonly hash: string;
  /** 17 characters; names the token where its hash must not appear. */
  readonly id: string;
  readonly accountId: string;
  /** `application` for the access token of an application, which is kept elsewhere and in no pool. */
  readonly pool: Pool | 'application';
  /** What its owner calls it; personal tokens only, unique for the account. */
  readonly name: string | undefined;
  /** The last six characters of the text, personal tokens only, so that its owner can tell them apart. */
  readonly lastPart: string;
  /** A personal token that is never asked for a second factor. */
  readonly skipsSecondFactor: boolean;
  /** A session that can do nothing but set up the second factor that is required of its account. */
  readonly enrolsOnly: boolean;
  readonly createdAt: Moment;
  /** When it ends; undefined for never (personal). */
  readonly endsAt: Moment | undefined;
  /** Written in batches, so it may lag by a minute. */
  readonly usedAt: Moment;
  /** The client that has lately held a second factor with this token, and until when that counts. */
  readonly trust: Trust | undefined;
  readonly door: Door;
  readonly address: string;
  readonly userAgent: string;
  /** The second factor that held at the sign-in; undefined where none was asked. */
  readonly factor: string | undefined;
  /** Ids of the only permissions that it carries, personal tokens only; undefined for all that its owner has. */
  readonly scopes: readonly string[] | undefined;
  /** The only addresses from which it counts, each an address or CIDR, personal tokens only; undefined for anywhere. */
  readonly addresses: readonly string[] | undefined;
}

/** A token that stands in a pool. */
export type PooledToken = Token & { readonly pool: Pool };

export interface Trust {
  /** Fingerprint of user agent and address (`core/second-factor/client.ts`). */
  readonly client: string;
  readonly until: Moment;
}

/** A caller who has shown a live token: what every use-case for somebody takes. */
export interface Signed {
  readonly account: Account;
  readonly token: Token;
  /** They showed what stands for the token for some minutes, see `makePageToken`: nothing that lives longer is made of it. */
  readonly byPage?: true;
}
