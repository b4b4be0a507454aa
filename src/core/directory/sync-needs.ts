import type { AvatarStore } from '../account/avatar-store.ts';
import type { AccountStore } from '../account/store.ts';
import type { AuditStore } from '../audit/store.ts';
import type { IdentityStore } from '../external-login/identity-store.ts';
import type { SettleNeeds } from '../external-login/settle-needs.ts';
import type { Caller, Clock, Moment, Random } from '../ports.ts';
import type { Directory, SyncReport } from './directory.ts';
import type { SyncPolicy, SyncTimes } from './sync-policy.ts';
import type { SyncStore } from './sync-store.ts';

/** What runs over the directory need. */
export interface SyncNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  readonly accounts: Pick<AccountStore, 'find' | 'edit' | 'setOpen'>;
  readonly identities: Pick<IdentityStore, 'find' | 'ofAccount' | 'link' | 'addAccount' | 'use'>;
  readonly sync: SyncStore;
  readonly audit: Pick<AuditStore, 'append'>;
  readonly avatars: Pick<AvatarStore, 'put'>;
  readonly directory: Pick<Directory, 'search'>;
  readonly settling: SettleNeeds;
  readonly policy: () => SyncPolicy;
  readonly times: () => SyncTimes;
  /** The definition of custom fields, see `mergedCustomFields`. */
  readonly customFields: () => string;
  /** Hears of each run how it went, and what broke one: for the operator's log. */
  readonly onRun: (report: SyncReport) => void;
  readonly onTrouble: (cause: unknown) => void;
}

/** How a run is asked for. */
export interface SyncOptions {
  /** Only what changed since the last run, where there was one. */
  readonly delta?: boolean;
  /** Writes nothing, and reports what would have been done. */
  readonly dryRun?: boolean;
  /** So many accounts may be closed this once, whatever the safety stop says. */
  readonly allowClosing?: number;
  /** The directory was built anew: an entry that it calls otherwise than before may be of the same person. */
  readonly acceptsNewEntries?: boolean;
  /** Only where no run was begun since: of several nodes whose clocks strike at once, one runs. */
  readonly onlyAfter?: { readonly triedAt: Moment | undefined };
  /** Who asked; undefined for the clock. */
  readonly actorId?: string | undefined;
  readonly caller: Caller;
  /** Ends the run between two steps. */
  readonly signal?: AbortSignal;
}
