import type { Account } from '../account/account.ts';
import type { Moment } from '../ports.ts';
import type { groupRoles } from './groups.ts';
import type { SyncNeeds, SyncOptions } from './sync-needs.ts';
import type { SyncPolicy } from './sync-policy.ts';
import type { Tally } from './tally.ts';

/** One run, as its steps see it. */
export interface Run {
  readonly needs: SyncNeeds;
  readonly options: SyncOptions;
  readonly policy: SyncPolicy;
  readonly tally: Tally;
  /** By this moment the run marks whom it saw. */
  readonly at: Moment;
  /** When it began, by the clock. */
  readonly begunAt: Moment;
  /** Accounts that an entry is just being joined with: entries are looked at side by side. */
  readonly joining: Set<string>;
  /** Whose pictures are still to be looked at. */
  readonly pictures: { readonly dn: string; readonly account: Account }[];
  readonly rolesOf: ReturnType<typeof groupRoles> | undefined;
  /**
   * Of a dry run, which marks nobody in the store: the accounts that it saw, those that the directory has shut, and the
   * subjects that it saw.
   */
  readonly marks:
    | { readonly alive: Set<string>; readonly shut: Set<string>; readonly subjects: Set<string> }
    | undefined;
}
