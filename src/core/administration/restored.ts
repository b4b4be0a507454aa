import type { Moment } from '../ports.ts';

/** What a restoration did. Where nothing could be compared, what follows from a comparison is 0. */
export interface Restored {
  /** When the backup was made, where it says so. */
  readonly madeAt: Moment | undefined;
  /** Where the file that was there before lies now. */
  readonly aside: string | undefined;
  /** Whether the database that was there could be compared: only then is known what has ended since. */
  readonly compared: boolean;
  readonly accounts: number;
  readonly sessionsEnded: number;
  readonly sessionsKept: number;
  /** Of those kept, how many the database did not have any more. */
  readonly sessionsRevived: number;
  readonly personalTokensKept: number;
  /** They had been revoked since, and stay so. */
  readonly personalTokensEnded: number;
  /** They had been closed since, and stay so. */
  readonly accountsClosed: number;
  /** They had been deleted since, and are there again. */
  readonly accountsBack: number;
  /** They came after the backup, and are gone. */
  readonly accountsLost: number;
  /** They have the password of then. */
  readonly oldPasswords: number;
  /** They are administrators again. */
  readonly administratorsAgain: number;
  /** Passkeys and links that had been taken away since, and stay so. */
  readonly waysInEnded: number;
  /** Their backup codes were used or replaced since, and stay so. */
  readonly backupCodesEnded: number;
  /** They set up an app, a passkey or e-mail codes since, and have them no more. */
  readonly factorsLost: number;
}
