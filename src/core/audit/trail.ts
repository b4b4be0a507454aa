import type { AuditEntry } from '../audit-entry.ts';
import type { Clock, Moment } from '../ports.ts';
import { endOf, headText, type Marker } from './chain.ts';
import { entryOfRow } from './entry-of-row.ts';
import { pruneTrail } from './prune-trail.ts';
import { RefusalNotes } from './refusal-notes.ts';
import { HeadForged, headOfTrail, sealTrail } from './seal-trail.ts';
import type { AuditCursor, AuditFilter, AuditPage, AuditStore, KeptEntry, Link } from './store.ts';
import type { Verified } from './verify-trail.ts';
import { type HeadGoneBack, headWatch } from './watch-head.ts';

export interface TrailNeeds {
  readonly audit: AuditStore;
  readonly sealer: Marker;
  readonly clock: Clock;
  /** For how many days entries are kept; 0 for ever. */
  readonly keepDays: () => number;
}

/** A sign-in, or an attempt that was refused, as its owner is shown it. */
export interface SignIn {
  readonly at: Moment;
  readonly held: boolean;
  readonly door: string;
  readonly address: string;
  readonly userAgent: string;
  /**
   * `password`, `passkey`, the name of a provider; undefined where it was refused before. `confirmation` is no sign-in:
   * somebody who was signed in gave a second factor for an act.
   */
  readonly kind: string | undefined;
  /** The second factor that held. */
  readonly factor: string | undefined;
  /** Why it was refused. */
  readonly code: string | undefined;
}

/** What an owner is shown of at most. */
export const mostSignIns = 50;

/** Entries that one read of an export brings. */
const readAtOnce = 1_000;

/** What is done with the audit trail beside writing it. @param needs the store, the key, the clock, the setting */
export function auditTrail(needs: TrailNeeds) {
  const { audit } = needs;
  const refusals = new RefusalNotes(needs);
  const watched = headWatch(needs);
  return {
    page: async (filter: AuditFilter, count: number, after?: AuditCursor): Promise<AuditPage> =>
      await audit.page(filter, count, after),
    /** The last sign-ins to an account, the second factors of its sessions, and what was refused, newest first. */
    signIns: async (accountId: string, count: number): Promise<readonly SignIn[]> => {
      const filter = { accountId, what: ['log-in', 'second-factor'] };
      const { entries } = await audit.page(filter, Math.min(count, mostSignIns));
      return entries.map(signInOf);
    },
    /** Links what waits; see `sealTrail`. @throws HeadForged */
    seal: async (): Promise<number> => await sealTrail(needs),
    /** The head as text, to be kept elsewhere; undefined before the first entry. */
    head: async (): Promise<string | undefined> => {
      const head = await headOfTrail(needs);
      return head === undefined ? undefined : headText(head);
    },
    /** A look in passing: whether the end of the chain is one of ours, and whether there is any entry. */
    glance: async (): Promise<{ readonly ended: boolean; readonly any: boolean }> => {
      const ended = endOf(needs.sealer, 'head', (await audit.kept()).head) !== undefined;
      return { ended, any: (await audit.newest(1)).length > 0 };
    },
    /** Whether the chain still reaches as far as it had when this process looked last; see `headWatch`. */
    watch: async (): Promise<HeadGoneBack | undefined> => await watched(),
    /** See `verifyTrail`. @param kept a head that was kept elsewhere */
    verify: async (kept?: Link): Promise<Verified> => {
      // No server needs it, and its start counts modules.
      const { verifyTrail } = await import('./verify-trail.ts');
      return await verifyTrail(needs, kept);
    },
    /** All that is sealed and fits, oldest first, in pieces of bounded size. */
    async *export(filter: Pick<AuditFilter, 'accountId' | 'since' | 'until'>): AsyncGenerator<readonly KeptEntry[]> {
      await sealTrail(needs).catch((cause: unknown) => {
        // Whoever looks for what was done to the trail must see what is left of it.
        if (!(cause instanceof HeadForged)) throw cause;
      });
      for (let after = { position: 0, seq: 0 }; ; ) {
        const rows = await audit.sealed(after, readAtOnce, filter);
        if (rows.length > 0) {
          yield rows.map(({ position, seal, row }) => ({ entry: entryOfRow(row), link: { position, seal } }));
        }
        const last = rows.at(-1);
        if (last === undefined || rows.length < readAtOnce) return;
        after = { position: last.position, seq: last.row.seq };
      }
    },
    /** Deletes some of what is old enough; see `pruneTrail`. */
    prune: async (): Promise<boolean> => await pruneTrail(needs),
    /** Notes an attempt that was refused without a look at a secret; see `RefusalNotes`. */
    noteRefusal: (entry: AuditEntry): void => {
      refusals.note(entry);
    },
    flushRefusals: async (): Promise<void> => {
      await refusals.flush();
    },
  };
}

function signInOf({ entry }: KeptEntry): SignIn {
  const { what, at, outcome, door, address, userAgent, facts } = entry;
  return {
    at,
    held: outcome === 'done',
    door,
    address,
    userAgent,
    kind: what === 'second-factor' ? 'confirmation' : textOf(facts['kind']),
    factor: textOf(facts['factor']),
    code: textOf(facts['code']),
  };
}

function textOf(fact: string | number | boolean | undefined): string | undefined {
  return typeof fact === 'string' ? fact : undefined;
}
