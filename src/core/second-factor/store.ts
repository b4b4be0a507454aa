import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';

/** What is stored of an account's second factors, but its passkeys. */
export interface KeptFactors {
  /** The authenticator app; `begunBy` is the hash of the token that began, until a first code has confirmed it. */
  readonly app:
    | { readonly sealedSecret: string; readonly begunBy: string | undefined; readonly usedStep: number }
    | undefined;
  readonly backup: { readonly salt: string; readonly hashes: readonly string[] } | undefined;
  readonly emailCode: { readonly hash: string; readonly endsAt: Moment; readonly wrong: number } | undefined;
  /** Wrong codes since the last right one, of whatever factor. */
  readonly wrongCodes: number;
  /** When a second factor began to be required of this account. */
  readonly requiredSince: Moment | undefined;
}

/** Of an account that has set up nothing, and was never asked to. */
export const nothingKept: KeptFactors = Object.freeze({
  app: undefined,
  backup: undefined,
  emailCode: undefined,
  wrongCodes: 0,
  requiredSince: undefined,
});

/** What a device told when its passkey was used. */
export interface PasskeyUse {
  readonly signCount: number;
  /** Whether the passkey is kept in more places than this one device. */
  readonly backedUp: boolean;
  readonly at: Moment;
}

/** What a code uses up. */
export type Spending =
  | { readonly kind: 'app-step'; readonly step: number }
  | { readonly kind: 'backup-code'; readonly hash: string }
  | { readonly kind: 'email-code'; readonly hash: string }
  | { readonly kind: 'passkey'; readonly challenge: string; readonly id: string; readonly use: PasskeyUse };

/** Failures that must not have been reached when something is spent: other nodes count as well. */
export interface FailureLimit {
  readonly failures: number;
  readonly since: Moment;
  readonly deviceKnown: boolean;
  readonly deviceKey: string;
}

export type SpendOutcome = 'spent' | 'gone' | 'blocked';

export interface BackupCodes {
  readonly salt: string;
  readonly hashes: readonly string[];
}

/**
 * What second factors need from a store. Every method is one atomic step. Whatever adds or removes a factor ends all
 * trust in clients of the account in the same step.
 */
export interface FactorStore {
  kept(accountId: string): Promise<KeptFactors>;
  /** Puts a secret that waits for its first code, in place of one that waits. */
  beginApp(
    accountId: string,
    app: { readonly sealedSecret: string; readonly begunBy: string },
    audit: AuditEntry,
  ): Promise<'begun' | 'on-already' | 'account-gone'>;
  /**
   * Turns the waiting secret on, if this token began it and `sealedSecret` still waits. Ends every session but this one,
   * which becomes a full one if it was only good for enrolling.
   */
  confirmApp(
    accountId: string,
    confirmed: {
      readonly sealedSecret: string;
      readonly begunBy: string;
      readonly step: number;
      readonly backup: BackupCodes;
    },
    audit: AuditEntry,
  ): Promise<boolean>;
  /** Takes the app away, with the backup codes; false where there was none. */
  removeApp(accountId: string, audit: AuditEntry): Promise<boolean>;
  setBackupCodes(accountId: string, backup: BackupCodes, audit: AuditEntry): Promise<void>;
  /** Turns codes by e-mail on or off; false where that changed nothing. On: ends every session but `exceptToken`. */
  setEmail(accountId: string, on: boolean, exceptToken: string | undefined, audit: AuditEntry): Promise<boolean>;
  /**
   * Puts a code in place of the last one.
   * @param code.mostSent so many are put within the hour
   * @returns false when there have been so many
   */
  putEmailCode(
    accountId: string,
    code: { readonly hash: string; readonly endsAt: Moment; readonly now: Moment; readonly mostSent: number },
    audit: AuditEntry,
  ): Promise<boolean>;
  /** Uses up what a code stands for: of two at once, one wins. Forgets the wrong codes. */
  spend(accountId: string, spending: Spending, unless: FailureLimit | undefined): Promise<SpendOutcome>;
  /** Notes since when a second factor is required, once; gives the first moment that was noted. */
  noteRequired(accountId: string, now: Moment): Promise<Moment>;
  /** Takes every second factor of the account away, passkeys included, and ends all its tokens. */
  reset(accountId: string, audit: AuditEntry): Promise<boolean>;
}
