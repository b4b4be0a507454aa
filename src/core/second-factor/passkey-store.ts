import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';
import type { BackupCodes, PasskeyUse } from './store.ts';

/** A key pair on somebody's device; only its public half is known here. */
export interface Passkey {
  /** The credential's id, base64url: unique over all accounts. */
  readonly id: string;
  readonly accountId: string;
  /** What its owner calls it. */
  readonly name: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** How often the device says it was used; 0 for devices that do not count. */
  readonly signCount: number;
  /** How the browser reaches it. */
  readonly transports: readonly string[];
  /** Whether it is kept in more places than this one device. */
  readonly backedUp: boolean;
  readonly createdAt: Moment;
  readonly usedAt: Moment | undefined;
}

/** What passkeys need from a store. Every method is one atomic step. */
export interface PasskeyStore {
  /** The passkeys of an account, oldest first. */
  list(accountId: string): Promise<readonly Passkey[]>;
  find(id: string): Promise<Passkey | undefined>;
  /**
   * Adds a passkey. Ends every session but one, which becomes a full one, and all trust in clients.
   * @param how.most so many an account may have
   * @param how.keep the hash of the token that goes on
   * @param how.backup kept where the account has no backup codes left
   */
  add(
    passkey: Passkey,
    how: { readonly most: number; readonly keep: string; readonly backup: BackupCodes },
    audit: AuditEntry,
  ): Promise<'added' | 'added-with-backup' | 'too-many' | 'id-taken' | 'account-gone'>;
  /** False where the account has no such passkey. */
  rename(accountId: string, id: string, name: string, audit: AuditEntry): Promise<boolean>;
  /**
   * Takes a passkey away; ends all trust. With the last one goes the leave to come in by a passkey alone, and the backup
   * codes go where no app is left either. False where the account has no such passkey.
   */
  remove(accountId: string, id: string, audit: AuditEntry): Promise<boolean>;
  /** Whether a passkey alone lets the account in; ends all trust. False where it has none. */
  setAlone(accountId: string, alone: boolean, audit: AuditEntry): Promise<boolean>;
  /** Notes a use. `counter-back` where the device's counter is not beyond the last one: nothing is noted then. */
  use(accountId: string, id: string, use: PasskeyUse): Promise<'used' | 'counter-back' | 'gone'>;
}
