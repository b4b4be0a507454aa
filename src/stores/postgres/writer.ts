import { setTimeout as sleep } from 'node:timers/promises';
import type { Happening } from '../../core/ports.ts';
import type { SqlBackend, Write } from '../sql/backend.ts';
import type { Connected, OnStatement } from './connection.ts';
import { isConflict } from './errors.ts';
import { channel } from './listener.ts';
import { payloadsOf } from './payloads.ts';

/**
 * Every write locks first and then looks at what others have left. Under another isolation level, which a database or a
 * pooler may have as its default, it would look at what was there before it waited.
 */
export const begin = 'begin isolation level read committed';

/** How often a write that lost against another is run before its error is given to the caller. */
const mostAttempts = 8;

/**
 * Writes in one transaction each. What a write announces travels in its transaction: other nodes hear it when it is
 * committed and never otherwise; this node's subscribers hear it before the write returns.
 */
export function transactionWriter(needs: {
  readonly node: string;
  readonly take: () => Promise<Connected>;
  readonly notices: () => boolean;
  readonly tell: (happening: Happening) => void;
  readonly onStatement: OnStatement | undefined;
}): SqlBackend['write'] {
  async function once<T>(act: (write: Write) => Promise<T>): Promise<T> {
    const connection = await needs.take();
    const told: Happening[] = [];
    let committing = false;
    try {
      await connection.run(begin);
      const value = await act({
        db: connection.db,
        announce: (happening) => told.push(happening),
        run: async ({ name, sql }, values) => {
          needs.onStatement?.(sql);
          const { rows } = await connection.run(sql, values, name);
          return rows as readonly unknown[];
        },
      });
      if (needs.notices()) {
        for (const payload of payloadsOf(needs.node, told)) {
          await connection.run('select pg_notify($1, $2)', [channel, payload]);
        }
      }
      committing = true;
      const { command } = await connection.run('commit');
      // A transaction in which a statement failed is undone by COMMIT without an error.
      if (command !== 'COMMIT') throw new Error('A write went on after one of its statements had failed.');
      for (const happening of told) needs.tell(happening);
      return value;
    } catch (cause) {
      if (committing && !isConflict(cause)) {
        // The answer to COMMIT may be what was lost. Dropping what is cached for nothing does no harm; believing it does.
        for (const happening of told) needs.tell(happening);
      }
      await connection.run('rollback').catch(() => {});
      throw cause;
    } finally {
      connection.release();
    }
  }

  return async (act) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(act);
      } catch (cause) {
        if (attempt === mostAttempts || !isConflict(cause)) throw cause;
      }
      await sleep(Math.random() * 5 * 2 ** attempt);
    }
  };
}
