import { sql } from 'kysely';
import type { FigureStore } from '../../core/administration/figure-store.ts';
import type { Moment } from '../../core/ports.ts';
import type { SqlBackend } from './backend.ts';

/** What the one statement counts. */
interface Row {
  readonly accounts: number;
  readonly closed: number;
  readonly waiting: number;
  readonly tokens: number;
  readonly ended: number;
  readonly personal: number;
  readonly mails_waiting: number;
  readonly mails_failed: number;
  readonly mails_kept: number;
  readonly oldest: number | null;
}

/*
 * What is asked for by a condition is few: the closed accounts and the ended tokens, which a sweep takes away. What is
 * many is asked for without one, which both databases count by the smallest index of the table; the rest is subtracted.
 */
export function figureStore({ read }: SqlBackend): FigureStore {
  const counted = (now: Moment) =>
    read.selectNoFrom((eb) => {
      const all = eb.fn.countAll<number>().as('n');
      const mails = (state: string) => eb.selectFrom('outbox').select(all).where('state', '=', sql.lit<string>(state));
      return [
        eb.selectFrom('accounts').select(all).as('accounts'),
        // In the words of the index, `accounts_by_open`.
        eb.selectFrom('accounts').select(all).where('open', '=', sql.lit<number>(0)).as('closed'),
        // The same: `accounts_waiting` has these alone.
        eb
          .selectFrom('accounts')
          .select(all)
          .where('closed_because', '=', sql.lit<string>('waits-for-approval'))
          .as('waiting'),
        eb.selectFrom('tokens').select(all).as('tokens'),
        eb.selectFrom('tokens').select(all).where('ends_at', '<=', now).as('ended'),
        // As `live` in `listed-tokens.ts`: by `tokens_personal_by_creation`, which has all that is asked.
        eb
          .selectFrom('tokens')
          .select(all)
          .where('name', 'is not', null)
          .where(sql<boolean>`coalesce(ends_at, ${sql.lit(Number.MAX_SAFE_INTEGER)}) > ${now}`)
          .as('personal'),
        mails('waiting').as('mails_waiting'),
        mails('failed').as('mails_failed'),
        mails('kept').as('mails_kept'),
        // The first of `outbox_by_state`.
        eb
          .selectFrom('outbox')
          .select('made_at')
          .where('state', '=', sql.lit<string>('waiting'))
          .orderBy('made_at')
          .limit(1)
          .as('oldest'),
      ];
    });

  return {
    count: async (now) => {
      const row = await counted(now).$castTo<Row>().executeTakeFirstOrThrow();
      return {
        accounts: { total: row.accounts, closed: row.closed, waiting: row.waiting },
        sessions: row.tokens - row.ended - row.personal,
        personalTokens: row.personal,
        mails: {
          waiting: row.mails_waiting,
          failed: row.mails_failed,
          kept: row.mails_kept,
          oldestWaitingAt: row.oldest ?? undefined,
        },
      };
    },
  };
}
