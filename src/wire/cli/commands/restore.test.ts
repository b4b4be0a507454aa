import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Restored } from '../../../core/administration/restored.ts';
import { call } from '../fake-needs.suite.ts';

const quiet: Restored = {
  madeAt: Date.UTC(2026, 0, 31, 12),
  aside: '/srv/countersign.db.before-restore-1',
  compared: true,
  accounts: 3,
  sessionsEnded: 7,
  sessionsKept: 0,
  sessionsRevived: 0,
  personalTokensKept: 2,
  personalTokensEnded: 1,
  accountsClosed: 0,
  accountsBack: 0,
  accountsLost: 0,
  oldPasswords: 0,
  administratorsAgain: 0,
  waysInEnded: 0,
  backupCodesEnded: 0,
  factorsLost: 0,
};

describe('countersign backup and restore', () => {
  const restored = async (more: Partial<Restored>, ...words: readonly string[]) =>
    await call(['restore', 'monday.db', ...words], {
      restore: async (backup, keepSessions, caller) => {
        assert.deepEqual([backup, keepSessions, caller.door], ['monday.db', words.includes('--keep-sessions'), 'cli']);
        return await Promise.resolve({ ...quiet, ...more });
      },
    });

  it('says what ended, what came back, and nothing of what did not happen', async () => {
    const { code, out } = await restored({});
    assert.equal(code, 0);
    assert.equal(
      out,
      [
        'The backup of 2026-01-31 12:00:00 UTC is in place, with 3 accounts.',
        'The database that was there lies in /srv/countersign.db.before-restore-1, with the audit trail of what came since.',
        'All sessions are ended (7): everybody signs in again.',
        'Personal tokens that count: 2; revoked since, and still so: 1.',
        '',
      ].join('\n'),
    );
  });

  it('warns of everything that an old backup revives', async () => {
    const { out } = await restored({ accountsBack: 1, oldPasswords: 2, administratorsAgain: 3, factorsLost: 4 });
    assert.match(out, /deleted since, and are there again: 1\./u);
    assert.match(out, /password of then: 2\./u);
    assert.match(out, /are again: 3\./u);
    assert.match(out, /have lost it: 4\./u);
    const kept = await restored({ sessionsKept: 5, sessionsRevived: 4 }, '--keep-sessions');
    assert.match(kept.out, /Sessions that are back: 5, 4 of which had ended since\./u);
    const blind = await restored({ compared: false, aside: undefined, madeAt: undefined });
    assert.match(blind.out, /no database to compare with.*are back: look at them\./u);
  });

  it('prints one document with --json', async () => {
    const { out } = await restored({}, '--json');
    assert.deepEqual(JSON.parse(out), quiet);
  });

  it('says where the key lies that a backup does not hold', async () => {
    const made = { file: '/b/monday.db', bytes: 4096, keyFile: '/srv/countersign.key' };
    const backUp = async () => await Promise.resolve(made);
    const { out, err } = await call(['backup', 'monday.db'], { backUp });
    assert.match(out, /\/b\/monday\.db holds the database, 4096 bytes, checked\./u);
    assert.match(err, /the key file \/srv\/countersign\.key only/u);
    const { out: json } = await call(['backup', 'monday.db', '--json'], { backUp });
    assert.deepEqual(JSON.parse(json), made);
  });
});
