import type { AccountStore } from '../../core/account/store.ts';
import { accountOf } from './account-row.ts';
import type { SqlBackend, Write } from './backend.ts';
import { endGrants } from './grants.ts';
import { administratorsWhoCanSignIn, lockAdministrators, openAdministrators } from './last-administrator.ts';
import { accountsIn } from './list-accounts.ts';
import { doneByAnother, type Steps } from './steps.ts';

/** Closes accounts that nobody has signed in to for long. */
export function idleClosing({ write, dialect }: SqlBackend, { record }: Steps): Pick<AccountStore, 'closeIdle'> {
  return {
    closeIdle: async ({ since, role, after, atMost, mayClose }, now, audit) =>
      await write(async (inside) => {
        const { db, announce } = inside;
        const stays = await lastSeenAdministrator(inside);
        let idle = accountsIn(db, dialect)
          .where('a.open', '=', 1)
          .where('a.last_log_in_at', '>', 0)
          .where('a.last_log_in_at', '<', since)
          .where(({ exists, selectFrom }) =>
            exists(
              selectFrom('account_roles as r')
                .select('r.role_id')
                .whereRef('r.account_id', '=', 'a.id')
                .where('r.role_id', '=', role),
            ),
          );
        if (after !== undefined) {
          idle = idle.where(({ and, or, eb }) =>
            or([
              eb('a.last_log_in_at', '>', after.lastLogInAt),
              and([eb('a.last_log_in_at', '=', after.lastLogInAt), eb('a.id', '>', after.id)]),
            ]),
          );
        }
        // Whoever signs in at this moment is held by that write, and is not idle.
        const rows = await dialect.lockFree(idle.orderBy('a.last_log_in_at').orderBy('a.id').limit(atMost)).execute();
        const accounts = rows.map(accountOf);
        const closed = accounts.filter((account) => account.id !== stays && mayClose(account).held);
        const ids = closed.map(({ id }) => id);
        if (ids.length > 0) {
          await db
            .updateTable('accounts')
            .set({ open: 0, closed_because: 'idle', updated_at: now })
            .where('id', 'in', ids)
            .execute();
          await db.deleteFrom('tokens').where('account_id', 'in', ids).execute();
          await endGrants(inside, ids);
        }
        const entries = ids.map((id) => audit(id));
        await record(inside, ...entries);
        for (const entry of entries) {
          const accountId = entry.accountId ?? '';
          const changed = ['open', 'closedBecause', 'updatedAt'];
          announce({ kind: 'account', accountId, changed, forced: doneByAnother(entry, accountId) });
        }
        const last = accounts.at(-1);
        const more = accounts.length === atMost && last !== undefined;
        return { closed, next: more ? { lastLogInAt: last.lastLogInAt ?? 0, id: last.id } : undefined };
      }),
  };

  /** The open administrator who can sign in and did so last: never closed, so that there always is one. */
  async function lastSeenAdministrator(inside: Write): Promise<string | undefined> {
    await lockAdministrators(inside, dialect);
    for (const those of [administratorsWhoCanSignIn, openAdministrators]) {
      const seen = those(inside.db).orderBy('a.last_log_in_at', 'desc').orderBy('a.id');
      const last = await seen.limit(1).executeTakeFirst();
      if (last !== undefined) return last.id;
    }
    return undefined;
  }
}
