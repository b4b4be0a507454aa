import type { NewAccount } from '../account/store.ts';
import type { AuditEntry } from '../audit-entry.ts';
import type { Sealer } from '../ports.ts';
import type { Passkey } from '../second-factor/passkey-store.ts';
import type { BackupCodes } from '../second-factor/store.ts';
import type { Token } from '../session/token.ts';
import type { FormerPassword, Identity } from './newcomer.ts';

/** An account with everything that hangs on it, as it is written and as it is read back. */
export interface Belongings {
  readonly account: NewAccount;
  readonly tokens: readonly Token[];
  readonly app: { readonly sealedSecret: string } | undefined;
  readonly backup: BackupCodes | undefined;
  readonly passkeys: readonly Passkey[];
  readonly identities: readonly Identity[];
  readonly formerPasswords: readonly FormerPassword[];
}

/** What must be nobody else's. */
export interface Unique {
  readonly ids: readonly string[];
  /** Folded (`foldName`). */
  readonly usernames: readonly string[];
  /** Folded (`foldName`). */
  readonly addresses: readonly string[];
  readonly tokenHashes: readonly string[];
  readonly passkeys: readonly string[];
  readonly identities: readonly Pick<Identity, 'provider' | 'subject'>[];
}

/** Which of them somebody has. Identities are told by `identityKey`. */
export interface Taken {
  readonly ids: ReadonlySet<string>;
  readonly usernames: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
  readonly tokenHashes: ReadonlySet<string>;
  readonly passkeys: ReadonlySet<string>;
  readonly identities: ReadonlySet<string>;
}

/** One text for an identity. */
export function identityKey({ provider, subject }: Pick<Identity, 'provider' | 'subject'>): string {
  return `${provider}\0${subject}`;
}

/** Tells the exports of one key from those of another, and nothing of the key. */
export function keyMarkOf(sealer: Pick<Sealer, 'mark'>): string {
  return sealer.mark('export', 'key of an export');
}

/** What moving in and out needs from a store. Every method is one atomic step. */
export interface MoveStore {
  /** At most a few hundred accounts at a time. */
  taken(wanted: Unique): Promise<Taken>;
  /**
   * Writes all of them with everything that hangs on them, and the entries, or nothing: `taken` where something of them
   * is somebody's already. Announces each account.
   */
  bringIn(people: readonly Belongings[], audit: readonly AuditEntry[]): Promise<'done' | 'taken'>;
  /** Accounts in the order of their ids, those after `after`; sessions that ended at `now` are left out. */
  page(after: string | undefined, count: number, now: number): Promise<readonly Belongings[]>;
}
