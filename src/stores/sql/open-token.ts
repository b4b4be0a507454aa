import { type Kysely, sql } from 'kysely';
import type { Opening, OpenOutcome, TokenStore } from '../../core/session/store.ts';
import type { Pool } from '../../core/session/token.ts';
import type { SqlBackend, Write } from './backend.ts';
import { accountKey, deviceKeyOf } from './failure-keys.ts';
import { grownBy, recount } from './pool-size.ts';
import type { Schema } from './schema.ts';
import { lives, type Steps } from './steps.ts';
import { insertTokens } from './token-row.ts';

type Refusal = Extract<OpenOutcome, { opened: false }>;

/** Undoes the write that it is thrown in. */
class Refused extends Error {
  readonly outcome: Refusal;

  constructor(because: Refusal['because']) {
    super(because);
    this.outcome = { opened: false, because };
  }
}

/** A device that has signed in is remembered among this many of its account. */
const mostDevices = 20;

/** The write that every log-in ends in: it opens a token, or leaves everything as it was. */
export function tokenOpening(backend: SqlBackend, { record, evict }: Steps): TokenStore['open'] {
  const statements = openingStatements(backend);

  return async (opening) => {
    try {
      return await backend.write(async (inside): Promise<OpenOutcome> => {
        const { token, device } = opening;
        const mayBeFull = await enter(inside, opening);
        if (opening.shownToken !== undefined && !(await lives(inside, opening.shownToken)).held) {
          throw new Refused('token-ended');
        }
        const failed = await mustBeUnderLimit(inside, opening);
        await statements.insert(token, inside);
        if (opening.origin !== undefined) await noteOrigin(inside, token, opening.origin);
        const { accountId, pool, hash: keep, createdAt: now } = token;
        const cap = capOf(opening);
        const evicted = mayBeFull ? await evict(inside, { accountId, pool, cap, keep, now }, opening.audit) : 0;
        if (mayBeFull && evicted === 0) await recount(inside, accountId, pool, now);
        const newDevice = device !== undefined && (await remember(inside, accountId, device.key, now));
        if (opening.forgive && failed) await forgive(inside, opening);
        await record(inside, opening.audit);
        if (evicted > 0) inside.announce({ kind: 'account', accountId, changed: [], forced: false });
        return { opened: true, evicted, newDevice };
      });
    } catch (cause) {
      if (cause instanceof Refused) return cause.outcome;
      throw cause;
    }
  };

  /**
   * The conditions stand in the update itself, and it comes first: it waits for whoever is closing the account or
   * changing the password, and then looks at what they left; and they wait for this write, and then find its token.
   * @returns whether the pool may be over its cap with the new token
   */
  async function enter(inside: Write, opening: Opening): Promise<boolean> {
    const { token, provedPasswordHash, betterPasswordHash } = opening;
    const cap = capOf(opening);
    const now = opening.isLogIn ? token.createdAt : null;
    const given = { id: token.accountId, now, cap, overCap: cap + 1 };
    const [entered] =
      provedPasswordHash === undefined
        ? await statements.enter[token.pool](given, inside)
        : await statements.enterByPassword[token.pool]({ ...given, proved: provedPasswordHash }, inside);
    if (entered === undefined) throw new Refused(await whyNot(inside, token.accountId));
    if (betterPasswordHash !== undefined) {
      const { id } = given;
      await inside.db.updateTable('accounts').set({ password_hash: betterPasswordHash }).where('id', '=', id).execute();
    }
    return entered.most > cap;
  }

  async function whyNot({ db }: Write, accountId: string): Promise<Refusal['because']> {
    const found = await db.selectFrom('accounts').select('open').where('id', '=', accountId).executeTakeFirst();
    if (found === undefined) return 'account-gone';
    return found.open === 1 ? 'password-changed' : 'account-closed';
  }

  /** @returns whether there may be failures to forgive */
  async function mustBeUnderLimit(inside: Write, { token, device, unless }: Opening): Promise<boolean> {
    if (unless === undefined) return true;
    const own = accountKey(token.accountId);
    const deviceOwn = device === undefined ? own : deviceKeyOf(own, device.key);
    const [failed] = await statements.failures({ own, deviceOwn, since: unless.since }, inside);
    const counted = unless.deviceKnown ? failed?.of_device : failed?.of_account;
    if ((counted ?? 0) >= unless.failures) throw new Refused('blocked');
    // Older ones count no more, and the sweep takes them.
    return (failed?.of_device ?? 0) > 0 || (failed?.of_account ?? 0) > 0;
  }

  /** @returns whether it is a new one */
  async function remember(inside: Write, accountId: string, deviceKey: string, now: number): Promise<boolean> {
    const seen = await statements.seeDevice({ accountId, deviceKey, now }, inside);
    if (seen.length > 0) return false;
    await statements.addDevice({ accountId, deviceKey, now }, inside);
    await statements.forgetDevices({ accountId, deviceKey }, inside);
    return true;
  }

  /** Whoever parts an identity holds the account's lock meanwhile, as this write does since it began. */
  async function noteOrigin(
    { db }: Write,
    { hash: token_hash, accountId }: Pick<Opening['token'], 'hash' | 'accountId'>,
    { provider, subject, session }: NonNullable<Opening['origin']>,
  ): Promise<void> {
    const joined = await db
      .selectFrom('identities')
      .select('account_id')
      .where('provider', '=', provider)
      .where('subject', '=', subject)
      .executeTakeFirst();
    if (joined?.account_id !== accountId) throw new Refused('identity-parted');
    await db.insertInto('provider_sessions').values({ token_hash, provider, subject, session }).execute();
  }

  async function forgive({ db }: Write, { token, device }: Opening): Promise<void> {
    const own = accountKey(token.accountId);
    const keys = device === undefined ? [own] : [own, deviceKeyOf(own, device.key)];
    await db.deleteFrom('failures').where('key', 'in', keys).execute();
  }
}

/** `now` is null where it is no sign-in that the account remembers. */
type Entering = { id: string; now: number | null; cap: number; overCap: number };

function entering(db: Kysely<Schema>, pool: Pool, given: Entering) {
  const { set, most } = grownBy(pool, given);
  return db
    .updateTable('accounts')
    .set({ last_log_in_at: sql<number>`coalesce(${given.now}, last_log_in_at)`, ...set })
    .where('id', '=', given.id)
    .where('open', '=', 1)
    .returning(most);
}

function forEachPool<T>(make: (pool: Pool) => T): Record<Pool, T> {
  return { interactive: make('interactive'), script: make('script'), personal: make('personal') };
}

/** The new token itself always has room. */
function capOf({ cap }: Opening): number {
  return Math.max(1, cap);
}

function openingStatements(backend: SqlBackend) {
  const { hot } = backend;
  return {
    insert: insertTokens(backend),
    enter: forEachPool((pool) =>
      hot<Entering, { most: number }>(`account_enter_${pool}`, (db, given) => entering(db, pool, given)),
    ),
    enterByPassword: forEachPool((pool) =>
      hot<Entering & { proved: string }, { most: number }>(`account_enter_by_password_${pool}`, (db, given) =>
        entering(db, pool, given).where('password_hash', '=', given.proved),
      ),
    ),
    failures: hot<{ own: string; deviceOwn: string; since: number }, { of_account: number; of_device: number }>(
      'failures_count',
      (db, given) =>
        db.selectNoFrom((eb) => {
          const countOf = (key: string) =>
            eb
              .selectFrom('failures')
              .select(({ fn }) => fn.countAll<number>().as('count'))
              .where('key', '=', key)
              .where('at', '>=', given.since)
              .$asScalar()
              .$notNull();
          return [countOf(given.own).as('of_account'), countOf(given.deviceOwn).as('of_device')];
        }),
    ),
    seeDevice: hot<{ accountId: string; deviceKey: string; now: number }, { seen_at: number }>(
      'device_see',
      (db, given) =>
        db
          .updateTable('devices')
          .set({ seen_at: given.now })
          .where('account_id', '=', given.accountId)
          .where('device_key', '=', given.deviceKey)
          .returning('seen_at'),
    ),
    addDevice: hot<{ accountId: string; deviceKey: string; now: number }, never>('device_add', (db, given) =>
      db.insertInto('devices').values({ account_id: given.accountId, device_key: given.deviceKey, seen_at: given.now }),
    ),
    forgetDevices: hot<{ accountId: string; deviceKey: string }, never>('device_forget', (db, given) =>
      db
        .deleteFrom('devices')
        .where('account_id', '=', given.accountId)
        .where('device_key', '!=', given.deviceKey)
        .where('device_key', 'not in', (eb) =>
          eb
            .selectFrom('devices as newest')
            .select('newest.device_key')
            .where('newest.account_id', '=', given.accountId)
            .orderBy('newest.seen_at', 'desc')
            .limit(sql.lit(mostDevices)),
        ),
    ),
  };
}
