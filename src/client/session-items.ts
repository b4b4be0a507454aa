/** A personal access token as lists show it, without the token itself. */
export interface PersonalToken {
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The last six characters. */
  readonly lastTokenPart: string;
  readonly bypassTwoFactor: boolean;
  /** These are told with the query `details`, each where it is set. */
  readonly _id?: string;
  readonly lastUsedAt?: string;
  readonly expiresAt?: string;
  readonly scopes?: readonly string[];
  readonly addresses?: readonly string[];
}

/** Whose a session or a token is, in lists over all accounts. */
export interface Owner {
  readonly username?: string;
  readonly name?: string;
}

/** What the user agent of a client tells of it; empty texts where it tells nothing. */
export interface Device {
  readonly type: 'browser' | 'mobile-app' | 'desktop-app' | 'mobile' | 'tablet' | 'other';
  readonly name: string;
  readonly longVersion: string;
  readonly os: { readonly name: string; readonly version: string };
  readonly version: string;
}

/** A session as lists show it: neither its token nor its hash. */
export interface SessionItem {
  readonly sessionId: string;
  readonly userId: string;
  readonly device: Device;
  readonly ip: string;
  /** ISO 8601, like the moments below. */
  readonly loginAt: string;
  readonly lastActivityAt: string;
  readonly door: string;
  readonly factor?: string;
  readonly current: boolean;
  readonly expiresAt?: string;
}

/** A passkey as lists show it. */
export interface Passkey {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, like `usedAt`. */
  readonly createdAt: string;
  readonly usedAt?: string;
  readonly backedUp: boolean;
}

/** A sign-in to the account, or an attempt that was refused. */
export interface SignIn {
  /** ISO 8601. */
  readonly at: string;
  readonly done: boolean;
  readonly door: string;
  readonly address: string;
  readonly userAgent: string;
  readonly device: Device;
  /** `password`, `passkey`, the name of a provider; `confirmation` where a session gave a second factor for an act. */
  readonly kind?: string;
  /** The second factor that held. */
  readonly factor?: string;
  /** Why it was refused. */
  readonly code?: string;
}

/** A session that is not asked for a second factor for a while. */
export interface TrustedClient {
  readonly id: string;
  readonly userAgent: string;
  readonly device: Device;
  readonly address: string;
  /** ISO 8601. */
  readonly until: string;
}

/** Who may not sign in for now; the members that name them are the ones by which the block is cleared. */
export interface Block {
  /** `codes`: an account with too many wrong codes in a row, which is cleared as an account is. */
  readonly type: 'account' | 'device' | 'address' | 'name' | 'codes';
  readonly userId?: string;
  readonly username?: string;
  /** A fingerprint of the address and the client. */
  readonly device?: string;
  readonly address?: string;
  /** The digest of a typed name that no account has. */
  readonly name?: string;
  /** Failed sign-ins; of `codes` the wrong codes in a row. */
  readonly failures: number;
  /** When the last failure was counted: ISO 8601, as is `until`. Not for `codes`. */
  readonly since?: string;
  /** Not for `codes`, which end when the account is cleared and not before. */
  readonly until?: string;
}
