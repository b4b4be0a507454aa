import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Clock, Events, Happening } from '../../core/ports.ts';
import type { SqlBackend } from '../sql/backend.ts';
import { listeners } from '../sql/listeners.ts';
import { migrate } from '../sql/migrate.ts';
import { compileSlots, slots } from '../sql/slots.ts';
import { type SqlStore, storeOver } from '../sql/store.ts';
import { type Connected, connectionConfig, connections, type OnStatement, withoutNul } from './connection.ts';
import { asOpeningFault, asRefusal, duplicateOf, isUnsupported } from './errors.ts';
import { channel, type Listener, listen } from './listener.ts';
import { payloadIn, payloadsOf } from './payloads.ts';
import { postgresWords, tableWords } from './words.ts';
import { begin, transactionWriter } from './writer.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  readonly clock: Clock;
  /** Connections for reads and writes; one more listens. Default 10. */
  readonly poolSize?: number;
  /** Hears of each statement before it runs; for tests that count round trips. */
  readonly onStatement?: OnStatement;
}

/**
 * Opens a PostgreSQL database, brings its schema up to date, and gives the store over it. Any number of nodes may have
 * it open.
 * @throws StoreFault with one sentence for the operator
 */
export async function openPostgres(options: PostgresOptions): Promise<SqlStore> {
  const { url, clock, onStatement } = options;
  const node = randomUUID();
  const here = listeners();
  const pool = new pg.Pool({ ...connectionConfig(url), max: options.poolSize ?? 10, idleTimeoutMillis: 60_000 });
  const { take, read } = connections(pool, onStatement);
  let listener: Listener | undefined;
  let chainIsNew: boolean;
  try {
    ({ chainIsNew } = await migrateDatabase(url, read, clock));
    listener = await listen(url, node, {
      onPayload: (text) => {
        const payload = payloadIn(text);
        // The own ones were told when they were committed.
        if (payload === undefined || payload.node === node) return;
        for (const happening of payload.told) here.tell(happening);
      },
      onGap: here.tellGap,
    });
  } catch (cause) {
    await listener?.stop();
    await pool.end();
    throw asOpeningFault(cause, url);
  }
  const { supported, stop } = listener;

  const hot: SqlBackend['hot'] = (name, build) => {
    const { sql, fill } = compileSlots(build(read, slots()));
    return async (given, inside) => {
      if (inside !== undefined) return (await inside.run({ name, sql }, fill(given))) as never;
      onStatement?.(sql);
      try {
        const { rows } = await pool.query({ name, text: sql, values: fill(given).map(withoutNul) });
        return rows as never;
      } catch (cause) {
        throw asRefusal(cause);
      }
    };
  };

  const write = transactionWriter({ node, take, notices: () => supported, tell: here.tell, onStatement });
  const events: Events = {
    publish: publisher({ node, take, supported, tell: here.tell }),
    subscribe: here.subscribe,
    onGap: here.onGap,
  };
  let open = true;
  return storeOver(
    { dialect: postgresWords, read, hot, duplicate: duplicateOf, write },
    {
      events,
      clock,
      chainIsNew,
      close: async () => {
        if (!open) return;
        open = false;
        await stop();
        await pool.end();
      },
    },
  );
}

/** Any number that no other program is likely to have taken. */
const migrationLock = 4_736_251_019;

async function migrateDatabase(
  url: string,
  read: SqlBackend['read'],
  clock: Clock,
): Promise<{ readonly chainIsNew: boolean }> {
  // A connection of its own without time limits: it may wait for another node that is migrating.
  const pool = new pg.Pool({ ...connectionConfig(url), max: 1, statement_timeout: 0, query_timeout: 0 });
  const { take } = connections(pool, undefined);
  try {
    const connection = await take();
    try {
      const version = (await connection.run('select version() as version')).rows as { version: string }[];
      return await migrate(
        {
          read,
          tables: tableWords(version[0]?.version ?? ''),
          hasTable: async (name) => {
            const { rows } = await connection.run('select to_regclass($1) is not null as there', [name]);
            return (rows as { there: boolean }[])[0]?.there === true;
          },
          alone: async (act) => {
            const canLock = await knowsAdvisoryLocks(connection);
            await inTransaction(connection, async () => {
              if (canLock) await connection.run('select pg_advisory_xact_lock($1)', [migrationLock]);
              await act(connection.db);
            });
          },
        },
        clock.now(),
      );
    } finally {
      connection.release();
    }
  } finally {
    await pool.end();
  }
}

/** Some servers that speak PostgreSQL's protocol have none; there, start one node first after an upgrade. */
async function knowsAdvisoryLocks(connection: Connected): Promise<boolean> {
  try {
    await connection.run('select pg_advisory_unlock_all()');
    return true;
  } catch (cause) {
    if (isUnsupported(cause)) return false;
    throw cause;
  }
}

async function inTransaction(connection: Connected, act: () => Promise<void>): Promise<void> {
  await connection.run(begin);
  try {
    await act();
    await connection.run('commit');
  } catch (cause) {
    await connection.run('rollback').catch(() => {});
    throw cause;
  }
}

/** Tells this node at once, and the others over a connection of the pool, in the order of the calls. */
function publisher(needs: {
  readonly node: string;
  readonly take: () => Promise<Connected>;
  readonly supported: boolean;
  readonly tell: (happening: Happening) => void;
}): (happening: Happening) => void {
  let waiting: Happening[] = [];
  let sending = false;

  async function send(): Promise<void> {
    sending = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const connection = await needs.take();
        try {
          for (const payload of payloadsOf(needs.node, batch)) {
            await connection.run('select pg_notify($1, $2)', [channel, payload]);
          }
        } finally {
          connection.release();
        }
      } catch {
        // Losing one may delay, never permit: the database is away, and the others drop what they keep when it is back.
      }
    }
    sending = false;
  }

  return (happening) => {
    needs.tell(happening);
    if (!needs.supported) return;
    waiting.push(happening);
    if (!sending) void send();
  };
}
