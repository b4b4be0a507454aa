import type { AuditEntry } from '../../core/audit-entry.ts';
import type { Moment } from '../../core/ports.ts';
import type { Pool } from '../../core/session/token.ts';
import type { SqlBackend, Write } from './backend.ts';
import { chunksOf } from './chunks.ts';
import type { Bit, Schema } from './schema.ts';

/** What is asked of an account before it is written. */
export interface LockedAccount {
  readonly username: string | null;
  readonly open: Bit;
  readonly password_hash: string | null;
  readonly password_change: Bit;
  readonly password_change_reason: string | null;
}

/** The steps that writes of several ports share. */
export interface Steps {
  /** Writes entries of the audit trail in the write that they tell of. */
  record(inside: Write, ...entries: readonly AuditEntry[]): Promise<void>;
  /**
   * Keeps every other write that locks this account waiting until this one is committed. Each write that ends or opens
   * several tokens does this before it touches a token: so they queue up, see each other's tokens, and never deadlock.
   */
  lockAccount(inside: Write, id: string): Promise<LockedAccount | undefined>;
  /**
   * Ends the least recently used live tokens of a pool until the cap fits, `keep` excepted; the audit says which. The
   * caller holds the account's lock, and announces the account when any ended.
   * @returns how many ended
   */
  evict(
    inside: Write,
    from: FullPool,
    because: Omit<AuditEntry, 'what' | 'outcome' | 'accountId' | 'facts'>,
  ): Promise<number>;
}

/** Whether a token is still there, as this write sees it. */
export async function lives({ db }: Write, hash: string): Promise<{ readonly held: boolean }> {
  const found = await db.selectFrom('tokens').select('id').where('hash', '=', hash).executeTakeFirst();
  return { held: found !== undefined };
}

export interface FullPool {
  readonly accountId: string;
  readonly pool: Pool;
  readonly cap: number;
  /** The hash of the token that makes the room necessary. */
  readonly keep: string;
  readonly now: Moment;
}

/** A row of the audit trail before it is sealed. */
type NewEntry = Omit<Schema['audit'], 'seq' | 'position' | 'seal'>;

/** After a cap was lowered, the rest goes with the next token. */
const mostEvicted = 10_000;

export function sharedSteps({ hot, dialect }: SqlBackend): Steps {
  const insertEntry = hot<NewEntry, never>('audit_insert', (db, given) =>
    db.insertInto('audit').values({
      at: given.at,
      what: given.what,
      outcome: given.outcome,
      account_id: given.account_id,
      actor_id: given.actor_id,
      door: given.door,
      address: given.address,
      user_agent: given.user_agent,
      json_facts: given.json_facts,
    }),
  );
  const lock = hot<{ id: string }, LockedAccount>('account_lock', (db, given) =>
    dialect.lock(
      db
        .selectFrom('accounts')
        .select(['username', 'open', 'password_hash', 'password_change', 'password_change_reason'])
        .where('id', '=', given.id),
    ),
  );
  const overflow = hot<
    { accountId: string; pool: string; keep: string; now: number; others: number },
    { hash: string; id: string }
  >('pool_overflow', (db, given) =>
    db
      .selectFrom('tokens')
      .select(['hash', 'id'])
      .where('account_id', '=', given.accountId)
      .where('pool', '=', given.pool)
      .where('hash', '!=', given.keep)
      .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', given.now)]))
      .orderBy('used_at', 'desc')
      .limit(mostEvicted)
      .offset(given.others),
  );

  const record: Steps['record'] = async (inside, ...entries) => {
    const [only] = entries;
    if (only !== undefined && entries.length === 1) {
      await insertEntry(rowOfEntry(only), inside);
      return;
    }
    for (const chunk of chunksOf(entries, 500)) {
      await inside.db.insertInto('audit').values(chunk.map(rowOfEntry)).execute();
    }
  };

  return {
    record,
    lockAccount: async (inside, id) => (await lock({ id }, inside))[0],
    evict: async (inside, { accountId, pool, cap, keep, now }, because) => {
      const over = await overflow({ accountId, pool, keep, now, others: Math.max(0, cap - 1) }, inside);
      for (const chunk of chunksOf(over, 500)) {
        const hashes = chunk.map(({ hash }) => hash);
        await inside.db.deleteFrom('tokens').where('hash', 'in', hashes).execute();
      }
      const entries = over.map(({ id }) => ({
        at: because.at,
        what: 'token.evict',
        outcome: 'done' as const,
        accountId,
        actorId: because.actorId,
        door: because.door,
        address: because.address,
        userAgent: because.userAgent,
        facts: { pool, token: id },
      }));
      await record(inside, ...entries);
      return over.length;
    },
  };
}

/** True when somebody else did it: then the account's clients are told before their sockets close. */
export function doneByAnother(audit: AuditEntry, accountId: string): boolean {
  return audit.actorId !== accountId;
}

function rowOfEntry(entry: AuditEntry): NewEntry {
  return {
    at: entry.at,
    what: entry.what,
    outcome: entry.outcome,
    account_id: entry.accountId ?? null,
    actor_id: entry.actorId ?? null,
    door: entry.door,
    address: entry.address,
    user_agent: entry.userAgent,
    json_facts: JSON.stringify(entry.facts),
  };
}
