import type { Moment } from '../../core/ports.ts';
import type { Opening, OpenOutcome } from '../../core/session/store.ts';
import { record } from './audit.ts';
import type { SqlBackend, Write } from './backend.ts';
import { evict } from './evict.ts';
import { accountKey, deviceKeyOf } from './failure-keys.ts';
import { rowOfToken } from './token-row.ts';

type Refusal = Extract<OpenOutcome, { opened: false }>;

/** Undoes the write that it is thrown in. */
class Refused extends Error {
  readonly outcome: Refusal;

  constructor(because: Refusal['because']) {
    super(because);
    this.outcome = { opened: false, because };
  }
}

/** Opens a token, or leaves everything as it was. */
export async function openToken(backend: SqlBackend, opening: Opening): Promise<OpenOutcome> {
  try {
    return await backend.write(async (inside): Promise<OpenOutcome> => {
      const { token } = opening;
      await enter(inside, opening);
      await mustBeUnderLimit(inside, opening);
      await inside.db.insertInto('tokens').values(rowOfToken(token)).execute();
      const pool = { accountId: token.accountId, pool: token.pool, cap: opening.cap, keep: token.hash };
      const evicted = await evict(inside, { ...pool, now: token.createdAt }, opening.audit);
      if (opening.device !== undefined) await remember(inside, token.accountId, opening.device.key, token.createdAt);
      if (opening.forgive) await forgive(inside, opening);
      await record(inside, opening.audit);
      if (evicted > 0) inside.announce({ kind: 'account', accountId: token.accountId, changed: [], forced: false });
      return { opened: true, evicted };
    });
  } catch (cause) {
    if (cause instanceof Refused) return cause.outcome;
    throw cause;
  }
}

/**
 * The conditions stand in the update itself, and it comes first: it waits for whoever is closing the account or changing
 * the password, and then looks at what they left; and they wait for this write, and then find its token to end it.
 */
async function enter({ db }: Write, { token, provedPasswordHash, betterPasswordHash }: Opening): Promise<void> {
  let update = db
    .updateTable('accounts')
    .set({
      last_log_in_at: token.createdAt,
      ...(betterPasswordHash === undefined ? {} : { password_hash: betterPasswordHash }),
    })
    .where('id', '=', token.accountId)
    .where('open', '=', 1);
  if (provedPasswordHash !== undefined) update = update.where('password_hash', '=', provedPasswordHash);
  const { numUpdatedRows } = await update.executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  const found = await db.selectFrom('accounts').select('open').where('id', '=', token.accountId).executeTakeFirst();
  if (found === undefined) throw new Refused('account-gone');
  throw new Refused(found.open === 1 ? 'password-changed' : 'account-closed');
}

async function mustBeUnderLimit({ db }: Write, { token, device, unless }: Opening): Promise<void> {
  if (unless === undefined) return;
  const own = accountKey(token.accountId);
  const key = unless.deviceKnown && device !== undefined ? deviceKeyOf(own, device.key) : own;
  const found = await db
    .selectFrom('failures')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('key', '=', key)
    .where('at', '>=', unless.since)
    .executeTakeFirst();
  if ((found?.count ?? 0) >= unless.failures) throw new Refused('blocked');
}

const mostDevices = 20;

async function remember({ db }: Write, accountId: string, deviceKey: string, now: Moment): Promise<void> {
  await db
    .insertInto('devices')
    .values({ account_id: accountId, device_key: deviceKey, seen_at: now })
    .onConflict((there) => there.columns(['account_id', 'device_key']).doUpdateSet({ seen_at: now }))
    .execute();
  await db
    .deleteFrom('devices')
    .where('account_id', '=', accountId)
    .where('device_key', '!=', deviceKey)
    .where('device_key', 'not in', (eb) =>
      eb
        .selectFrom('devices as newest')
        .select('newest.device_key')
        .where('newest.account_id', '=', accountId)
        .orderBy('newest.seen_at', 'desc')
        .limit(mostDevices),
    )
    .execute();
}

async function forgive({ db }: Write, { token, device }: Opening): Promise<void> {
  const own = accountKey(token.accountId);
  const keys = device === undefined ? [own] : [own, deviceKeyOf(own, device.key)];
  await db.deleteFrom('failures').where('key', 'in', keys).execute();
}
