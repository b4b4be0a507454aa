import type { Moment } from '../ports.ts';

/** What a restoration did. Where nothing could be compared, what follows from a comparison is 0. */
export interface Restored {
  /** When the backup was made, where it says so. */
  readonly madeAt: Moment | undefined;
  /** Where the file that was there before lies now. */
  readonly aside: string | undefined;
  /** Whether the database that was there could be compared: only then is known what has ended since. */
  readonly compared: boolean;
  /**
   * The last moment of which the database that was there knows what the backup knows: where it was itself put in place
   * from an older backup, say. Undefined where it knows all of the backup, and where nothing was compared.
   */
  readonly comparedUntil: Moment | undefined;
  /** Personal tokens, passkeys and links of the backup from later than that: whether they have ended, nobody can tell. */
  readonly uncompared: number;
  readonly accounts: number;
  /** Open accounts with the role admin: without one, only the command line can go on. */
  readonly administrators: number;
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
  /** Consents to applications that had been taken back since, and stay so. */
  readonly consentsEnded: number;
  /** Applications that had been switched off, deleted or given another secret since: they are switched off. */
  readonly applicationsOff: number;
}

/** What was ended in a database that other tools have restored. */
export type Settled = Pick<
  Restored,
  'accounts' | 'administrators' | 'sessionsEnded' | 'personalTokensKept' | 'personalTokensEnded'
>;
