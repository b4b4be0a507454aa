import type { Moment } from '../../core/ports.ts';
import { type FactorStore, type FailureLimit, nothingKept, type SpendOutcome } from '../../core/second-factor/store.ts';
import type { SqlBackend, Write } from './backend.ts';
import { type KeptRow, keptColumns, keptOf } from './factor-row.ts';
import { accountKey, deviceKeyOf } from './failure-keys.ts';
import { endGrants } from './grants.ts';
import type { Schema } from './schema.ts';
import { doneByAnother, lives, type Steps } from './steps.ts';
import { spendPasskey } from './use-passkey.ts';

const hourMs = 3_600_000;

type FactorColumns = Omit<Schema['second_factors'], 'account_id'>;
type Changes = {
  [C in keyof FactorColumns]?: FactorColumns[C] extends { readonly __update__: infer U } ? U : FactorColumns[C];
};

export function factorStore({ write, hot }: SqlBackend, { lockAccount, record }: Steps): FactorStore {
  const kept = hot<{ id: string }, KeptRow>('factors_kept', (db, given) =>
    db.selectFrom('second_factors as f').select(keptColumns).where('f.account_id', '=', given.id),
  );

  return {
    kept: async (accountId) => {
      const [row] = await kept({ id: accountId });
      return row === undefined ? nothingKept : keptOf(row);
    },

    beginApp: async (accountId, { sealedSecret, begunBy }, audit) =>
      await write(async (inside) => {
        if ((await lockAccount(inside, accountId)) === undefined) return 'account-gone';
        const there = await rowOf(inside, accountId);
        if (there !== undefined && there.app_secret !== null && there.app_begun_by === null) return 'on-already';
        await put(inside, accountId, { app_secret: sealedSecret, app_begun_by: begunBy, app_step: 0 });
        await record(inside, audit);
        return 'begun';
      }),

    confirmApp: async (accountId, { sealedSecret, begunBy, step, backup }, audit) =>
      await write(async (inside) => {
        if ((await lockAccount(inside, accountId)) === undefined) return false;
        const there = await rowOf(inside, accountId);
        if (there?.app_secret !== sealedSecret || there.app_begun_by !== begunBy) return false;
        if (!(await lives(inside, begunBy)).held) return false;
        await put(inside, accountId, {
          app_begun_by: null,
          app_step: step,
          backup_salt: backup.salt,
          json_backup_codes: JSON.stringify(backup.hashes),
          wrong_codes: 0,
        });
        await enrolled(inside, accountId, begunBy);
        await record(inside, audit);
        return true;
      }),

    removeApp: async (accountId, audit) =>
      await write(async (inside) => {
        if ((await lockAccount(inside, accountId)) === undefined) return false;
        const passkey = await inside.db
          .selectFrom('passkeys')
          .select('id')
          .where('account_id', '=', accountId)
          .limit(1)
          .executeTakeFirst();
        const { numUpdatedRows } = await inside.db
          .updateTable('second_factors')
          .set({
            app_secret: null,
            app_begun_by: null,
            app_step: 0,
            // Whoever loses their passkey needs the codes as much.
            ...(passkey === undefined ? { backup_salt: null, json_backup_codes: '[]' } : {}),
          })
          .where('account_id', '=', accountId)
          .where('app_secret', 'is not', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await endTrust(inside, accountId);
        await record(inside, audit);
        inside.announce({ kind: 'account', accountId, changed: ['secondFactors'], forced: false });
        return true;
      }),

    setBackupCodes: async (accountId, { salt, hashes }, audit) =>
      await write(async (inside) => {
        if ((await lockAccount(inside, accountId)) === undefined) return;
        await put(inside, accountId, { backup_salt: salt, json_backup_codes: JSON.stringify(hashes) });
        await record(inside, audit);
      }),

    setEmail: async (accountId, on, exceptToken, audit) =>
      await write(async (inside) => {
        if ((await lockAccount(inside, accountId)) === undefined) return false;
        const there = await rowOf(inside, accountId);
        if ((there?.email_on === 1) === on) return false;
        await put(inside, accountId, { email_on: on ? 1 : 0, email_code: null });
        if (on) await enrolled(inside, accountId, exceptToken);
        else {
          await endTrust(inside, accountId);
          inside.announce({ kind: 'account', accountId, changed: ['secondFactors'], forced: false });
        }
        await record(inside, audit);
        return true;
      }),

    putEmailCode: async (accountId, { hash, endsAt, now, mostSent }, audit) =>
      await write(async (inside) => {
        if ((await lockAccount(inside, accountId)) === undefined) return false;
        const there = await rowOf(inside, accountId);
        const since = there?.emails_sent_since ?? 0;
        // A clock that was set back begins a new hour.
        const isSameHour = now - since < hourMs && now >= since;
        const sent = isSameHour ? (there?.emails_sent ?? 0) : 0;
        if (sent >= mostSent) return false;
        await put(inside, accountId, {
          email_code: hash,
          email_code_ends_at: endsAt,
          email_code_wrong: 0,
          emails_sent: sent + 1,
          emails_sent_since: isSameHour ? since : now,
        });
        await record(inside, audit);
        return true;
      }),

    spend: async (accountId, spending, unless) =>
      await write(async (inside): Promise<SpendOutcome> => {
        if ((await lockAccount(inside, accountId)) === undefined) return 'gone';
        if (unless !== undefined && (await isOverLimit(inside, accountId, unless))) return 'blocked';
        if (spending.kind === 'passkey') {
          if (!(await spendPasskey(inside, accountId, spending)).held) return 'gone';
          await put(inside, accountId, { wrong_codes: 0 });
          return 'spent';
        }
        const there = await rowOf(inside, accountId);
        if (there === undefined) return 'gone';
        switch (spending.kind) {
          case 'app-step':
            if (there.app_secret === null || there.app_begun_by !== null) return 'gone';
            if (there.app_step >= spending.step) return 'gone';
            await put(inside, accountId, { app_step: spending.step, wrong_codes: 0 });
            return 'spent';
          case 'backup-code': {
            const hashes = JSON.parse(there.json_backup_codes) as string[];
            if (!hashes.includes(spending.hash)) return 'gone';
            const left = hashes.filter((hash) => hash !== spending.hash);
            await put(inside, accountId, { json_backup_codes: JSON.stringify(left), wrong_codes: 0 });
            return 'spent';
          }
          case 'email-code':
            if (there.email_code !== spending.hash) return 'gone';
            await put(inside, accountId, { email_code: null, wrong_codes: 0 });
            return 'spent';
        }
      }),

    noteRequired: async (accountId, now) =>
      await write(async (inside) => {
        await lockAccount(inside, accountId);
        const since = (await rowOf(inside, accountId))?.required_since;
        if (since !== undefined && since !== null) return since;
        await put(inside, accountId, { required_since: now });
        return now;
      }),

    reset: async (accountId, audit) =>
      await write(async (inside) => {
        if ((await lockAccount(inside, accountId)) === undefined) return false;
        const { db, announce } = inside;
        const requiredSince = (await rowOf(inside, accountId))?.required_since;
        await db.deleteFrom('second_factors').where('account_id', '=', accountId).execute();
        await db.deleteFrom('passkeys').where('account_id', '=', accountId).execute();
        await db.deleteFrom('challenges').where('account_id', '=', accountId).execute();
        await db.deleteFrom('tokens').where('account_id', '=', accountId).execute();
        await endGrants(inside, [accountId]);
        // Else whoever resets would begin a new time of grace each time.
        if (requiredSince !== undefined && requiredSince !== null) {
          await put(inside, accountId, { required_since: requiredSince });
        }
        await record(inside, audit);
        announce({
          kind: 'account',
          accountId,
          changed: ['secondFactors'],
          forced: doneByAnother(audit, accountId),
        });
        return true;
      }),
  };

  async function rowOf({ db }: Write, accountId: string) {
    return await db.selectFrom('second_factors').selectAll().where('account_id', '=', accountId).executeTakeFirst();
  }

  /** The caller holds the account's lock. */
  async function put({ db }: Write, accountId: string, changes: Changes): Promise<void> {
    const { numUpdatedRows } = await db
      .updateTable('second_factors')
      .set(changes)
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) return;
    await db
      .insertInto('second_factors')
      .values({ account_id: accountId, ...changes })
      .execute();
  }
}

/** After a factor was added: every session but one ends, and that one is a full one from now on. */
export async function enrolled(inside: Write, accountId: string, keep: string | undefined): Promise<void> {
  const { db, announce } = inside;
  await db
    .deleteFrom('tokens')
    .where('account_id', '=', accountId)
    .where('pool', 'in', ['interactive', 'script'])
    .where('hash', '!=', keep ?? '')
    .execute();
  await endTrust(inside, accountId);
  await db
    .updateTable('tokens')
    .set({ enrols_only: 0 })
    .where('hash', '=', keep ?? '')
    .execute();
  announce({ kind: 'account', accountId, changed: ['secondFactors'], forced: true });
}

/** After a factor was taken away. */
export async function endTrust({ db }: Write, accountId: string): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ trust_client: null, trust_until: null })
    .where('account_id', '=', accountId)
    .execute();
}

async function isOverLimit({ db }: Write, accountId: string, limit: FailureLimit): Promise<boolean> {
  const own = accountKey(accountId);
  const key = limit.deviceKnown ? deviceKeyOf(own, limit.deviceKey) : own;
  return (await countOf(db, key, limit.since)) >= limit.failures;
}

async function countOf(db: Write['db'], key: string, since: Moment): Promise<number> {
  const { count } = await db
    .selectFrom('failures')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('key', '=', key)
    .where('at', '>=', since)
    .executeTakeFirstOrThrow();
  return Number(count);
}
