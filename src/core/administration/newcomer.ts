import type { Account, AccountKind, Email, Status } from '../account/account.ts';
import type { Moment } from '../ports.ts';
import type { Passkey } from '../second-factor/passkey-store.ts';
import type { BackupCodes } from '../second-factor/store.ts';
import type { Pool, Token } from '../session/token.ts';

/** Who somebody is elsewhere. */
export interface Identity {
  /** The name-space of the provider, for example `google`. */
  readonly provider: string;
  /** What the provider calls the person. */
  readonly subject: string;
  /** Small and without secrets: what helps an administrator to tell who it is. */
  readonly facts: Readonly<Record<string, string>>;
}

/** A token that somebody holds already: only its hash is known. */
export interface NewcomerToken {
  readonly hash: string;
  readonly pool: Pool;
  readonly name: string | undefined;
  readonly lastPart: string;
  readonly skipsSecondFactor: boolean;
  readonly createdAt: Moment;
  /** Undefined for never, and for sessions: so long after `createdAt` as the setting has it. */
  readonly endsAt: Moment | undefined;
  /** What is known beyond that, in an export of our own. */
  readonly more?: Partial<
    Pick<Token, 'id' | 'usedAt' | 'door' | 'address' | 'userAgent' | 'factor' | 'scopes' | 'addresses' | 'enrolsOnly'>
  >;
}

/** The authenticator app of somebody, confirmed long ago: in base 32, or as an export of our own has it. */
export type NewcomerApp = { readonly secret: string } | { readonly sealedSecret: string };

/** Backup codes that are left: as SHA-256 in lower-case hex, or as an export of our own has them. */
export type NewcomerCodes = { readonly digests: readonly string[] } | BackupCodes;

export interface FormerPassword {
  readonly hash: string;
  readonly at: Moment;
}

/**
 * Somebody as a file tells of them. Every member has its type and a bounded size, and nothing else is known of it:
 * whether it is fit for us is for `bringIn` to say.
 */
export interface Newcomer {
  readonly id: string;
  readonly username: string | undefined;
  readonly name: string | undefined;
  readonly kind: AccountKind;
  readonly emails: readonly Email[];
  /** Undefined for those that new accounts get. */
  readonly roles: readonly string[] | undefined;
  /** They come beside those that new accounts get: where they come from, nobody had those. */
  readonly defaultRolesToo?: boolean;
  readonly open: boolean;
  readonly closedBecause: Account['closedBecause'];
  readonly signUpReason: string | undefined;
  readonly passwordHash: string | undefined;
  readonly formerPasswords: readonly FormerPassword[];
  readonly passwordChange: Account['passwordChange'];
  readonly chosenStatus: Status;
  readonly statusText: string;
  /** When the chosen status and its text end; undefined for never. */
  readonly statusEndsAt: Moment | undefined;
  readonly bio: string | undefined;
  readonly nickname: string | undefined;
  readonly language: string | undefined;
  readonly utcOffset: number | undefined;
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly customFields: Readonly<Record<string, unknown>>;
  readonly createdAt: Moment | undefined;
  readonly updatedAt: Moment | undefined;
  readonly lastLogInAt: Moment | undefined;
  readonly tokens: readonly NewcomerToken[];
  readonly app: NewcomerApp | undefined;
  readonly backupCodes: NewcomerCodes | undefined;
  readonly emailFactor: boolean;
  readonly passkeys: readonly Passkey[];
  readonly passkeyAlone: boolean;
  readonly identities: readonly Identity[];
}

/** Something that the report tells: what became of a document, or of a part of it. */
export interface Finding {
  /** `skipped`: nothing of it came in. `left-out`: it came in without this part. `note`: it came in, and is worth a look. */
  readonly level: 'skipped' | 'left-out' | 'note';
  /** A word for programs, for example `username-taken`. */
  readonly reason: string;
  /** Which part, for example `emails.0`. */
  readonly part?: string;
  /** A value that may be told: never a hash, a token or a secret. */
  readonly value?: string;
  /** What holds on this server in place of it. */
  readonly here?: string;
}
