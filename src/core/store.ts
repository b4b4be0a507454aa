import type { AvatarStore } from './account/avatar-store.ts';
import type { AccountStore } from './account/store.ts';
import type { ChangeStore } from './administration/change-store.ts';
import type { FigureStore } from './administration/figure-store.ts';
import type { MoveStore } from './administration/move-store.ts';
import type { OpenIdRecordStore } from './application/openid-records.ts';
import type { SigningKeyStore } from './application/signing-keys.ts';
import type { ApplicationStore, GrantStore } from './application/store.ts';
import type { AuditStore } from './audit/store.ts';
import type { CallCounts } from './call-counts.ts';
import type { SyncStore } from './directory/sync-store.ts';
import type { IdentityStore } from './external-login/identity-store.ts';
import type { OutboxStore } from './outbox.ts';
import type { PasswordStore } from './password/store.ts';
import type { Events } from './ports.ts';
import type { ChallengeStore } from './second-factor/challenge-store.ts';
import type { PasskeyStore } from './second-factor/passkey-store.ts';
import type { FactorStore } from './second-factor/store.ts';
import type { BlockStore } from './session/block-store.ts';
import type { PageSessionStore } from './session/page-session.ts';
import type { TokenStore } from './session/store.ts';
import type { SettingStore } from './setting/store.ts';

/** An open store: one port for each part of the core, and the way happenings travel. */
export interface OpenedStore {
  readonly accounts: AccountStore;
  readonly avatars: AvatarStore;
  readonly settings: SettingStore;
  readonly passwords: PasswordStore;
  readonly changes: ChangeStore;
  readonly factors: FactorStore;
  readonly challenges: ChallengeStore;
  readonly passkeys: PasskeyStore;
  readonly tokens: TokenStore;
  readonly identities: IdentityStore;
  readonly sync: SyncStore;
  readonly pageSessions: PageSessionStore;
  readonly applications: ApplicationStore;
  readonly grants: GrantStore;
  readonly openIdRecords: OpenIdRecordStore;
  readonly signingKeys: SigningKeyStore;
  readonly blocks: BlockStore;
  readonly counts: CallCounts;
  readonly audit: AuditStore;
  readonly outbox: OutboxStore;
  readonly moving: MoveStore;
  readonly figures: FigureStore;
  readonly events: Events;
  /** A value that is kept beside the data, written once: the first caller's value stays. For the key check. */
  readonly once: (name: string, value: string) => Promise<string>;
  /** The value kept under a name, if any. */
  readonly noted: (name: string) => Promise<string | undefined>;
  /** Rejects when the store cannot answer a trivial read. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}
