import type { AuditEntry } from '../../core/audit-entry.ts';
import type { PasswordChange, PasswordStore } from '../../core/password/store.ts';
import type { SqlBackend, Write } from './backend.ts';
import { keepFormer } from './former-passwords.ts';
import { endGrants } from './grants.ts';
import { endHalfDone } from './half-done.ts';
import { spendLink } from './links.ts';
import { doneByAnother, lives, type Steps } from './steps.ts';

export function passwordStore({ hot, write }: SqlBackend, steps: Steps): PasswordStore {
  const setInside = settingPassword(steps);
  const hashOf = hot<{ id: string }, { password_hash: string | null }>('password_hash_of', (db, given) =>
    db.selectFrom('accounts').select('password_hash').where('id', '=', given.id),
  );

  const formerOf = hot<{ id: string; most: number }, { hash: string }>('former_passwords_of', (db, given) =>
    db
      .selectFrom('former_passwords')
      .select('hash')
      .where('account_id', '=', given.id)
      .orderBy('at', 'desc')
      .limit(given.most),
  );

  return {
    kept: async (accountId, atMost) => ({
      current: (await hashOf({ id: accountId }))[0]?.password_hash ?? undefined,
      former: atMost === 0 ? [] : (await formerOf({ id: accountId, most: atMost })).map(({ hash }) => hash),
    }),

    hashOf: async (accountId) => (await hashOf({ id: accountId }))[0]?.password_hash ?? undefined,

    setPassword: async (change, audit) => await write(async (inside) => await setInside(inside, change, audit)),
  };
}

/** The part of a write that sets a password. @returns false where something is no more as it must be */
export function settingPassword({ lockAccount, record }: Steps) {
  return async (inside: Write, change: PasswordChange, audit: AuditEntry): Promise<boolean> => {
    const { db, announce } = inside;
    const before = await lockAccount(inside, change.accountId);
    if (before === undefined) return false;
    if (change.expected !== undefined && before.password_hash !== change.expected) return false;
    // Of two sessions that choose at once, the first ends the second: what that one was allowed counts no more.
    if (change.exceptToken !== undefined && !(await lives(inside, change.exceptToken)).held) return false;
    const { accountId, link, now } = change;
    if (link !== undefined && !(await spendLink(inside, before, { ...link, accountId, now })).held) return false;
    const required = change.changeRequired === undefined ? 0 : 1;
    const reason = change.changeRequired?.reason ?? null;
    await db
      .updateTable('accounts')
      .set({
        password_hash: change.hash,
        password_change: required,
        password_change_reason: reason,
        password_change_since: required === 1 ? change.now : null,
        updated_at: change.now,
      })
      .where('id', '=', change.accountId)
      .execute();
    await keepFormer(inside, change.accountId, before.password_hash, change);
    await db
      .deleteFrom('tokens')
      .where('account_id', '=', change.accountId)
      .where('pool', 'in', ['interactive', 'script', ...(change.takesOver === true ? ['personal'] : [])])
      .where('hash', '!=', change.exceptToken ?? '')
      .execute();
    // Whoever knew the old password may have let an application in.
    await endGrants(inside, [change.accountId]);
    await endHalfDone(inside, [change.accountId]);
    if (change.takesOver === true) {
      await db
        .updateTable('second_factors')
        .set({ passkey_alone: 0 })
        .where('account_id', '=', change.accountId)
        .execute();
      await db.deleteFrom('identities').where('account_id', '=', change.accountId).execute();
    }
    await db
      .updateTable('tokens')
      .set({ trust_client: null, trust_until: null })
      .where('account_id', '=', change.accountId)
      .execute();
    await record(inside, audit);
    announce({
      kind: 'account',
      accountId: change.accountId,
      changed: [
        ...(before.password_hash === null ? ['hasPassword'] : []),
        ...(before.password_change === required && before.password_change_reason === reason ? [] : ['passwordChange']),
        ...(change.takesOver === true ? ['secondFactors', 'identities'] : []),
        ...(link === undefined ? [] : ['emails']),
        'updatedAt',
      ],
      forced: doneByAnother(audit, change.accountId),
    });
    return true;
  };
}
