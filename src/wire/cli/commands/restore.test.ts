import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Restored } from '../../../core/administration/restored.ts';
import { call } from '../fake-needs.suite.ts';

const quiet: Restored = {
  madeAt: Date.UTC(2026, 0, 31, 12),
  aside: '/srv/countersign.db.before-restore-1',
  compared: true,
  comparedUntil: undefined,
  uncompared: 0,
  accounts: 3,
  administrators: 1,
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
  consentsEnded: 0,
  applicationsOff: 0,
};

describe('countersign backup and restore', () => {
  const restored = async (more: Partial<Restored>, ...words: readonly string[]) =>
    await call(['restore', 'monday.db', ...words], {
      restore: async (backup, how, caller) => {
        assert.deepEqual([backup, caller.door], ['monday.db', 'cli']);
        assert.deepEqual(how, {
          keepSessions: words.includes('--keep-sessions'),
          endPersonal: words.includes('--end-personal-tokens'),
        });
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
    const stranger = await restored({ compared: false });
    assert.match(stranger.out, /The database that was there tells nothing of this backup.*look at them\./u);
  });

  it('says from when on the database that was there knew nothing, and when nobody administers', async () => {
    const { out } = await restored({ comparedUntil: Date.UTC(2026, 0, 30), uncompared: 2, administrators: 0 });
    assert.match(out, /the same past as this backup until 2026-01-30 00:00:00 UTC only.*ended since: 2\./u);
    assert.match(out, /There is no enabled administrator/u);
  });

  it('ends all personal tokens where that is asked for', async () => {
    const { out } = await restored({ personalTokensKept: 0, personalTokensEnded: 3 }, '--end-personal-tokens');
    assert.match(out, /^All personal tokens are ended \(3\)\.$/mu);
    assert.doesNotMatch(out, /revoked since/u);
  });

  it('settles what pg_restore has brought back', async () => {
    const settled = { accounts: 3, administrators: 1, sessionsEnded: 5, personalTokensKept: 2, personalTokensEnded: 0 };
    const settleRestored = async () => await Promise.resolve(settled);
    const { code, out } = await call(['restore', '--after-pg-restore'], { settleRestored });
    assert.equal(code, 0);
    assert.match(out, /All sessions are ended \(5\).*\nPersonal tokens that count again: 2\..*look at them/u);
    const refused = await call(['restore', 'monday.dump', '--after-pg-restore'], { settleRestored });
    assert.equal(refused.code, 2);
    const none = await call(['restore']);
    assert.deepEqual([none.code, (await call(['restore', ''])).code, (await call(['backup', ''])).code], [2, 2, 2]);
    assert.match(none.err, /Name the file that countersign backup made/u);
  });

  it('prints one document with --json', async () => {
    const { out } = await restored({}, '--json');
    assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(quiet)));
  });

  it('says where the key lies that a backup does not hold', async () => {
    const made = { file: '/b/monday.db', bytes: 4096, noted: true, keyFile: '/srv/countersign.key' };
    const backUp = async () => await Promise.resolve(made);
    const { out, err } = await call(['backup', 'monday.db'], { backUp });
    assert.match(out, /\/b\/monday\.db holds the database, 4096 bytes, checked\./u);
    assert.match(err, /the key file \/srv\/countersign\.key only/u);
    const { out: json } = await call(['backup', 'monday.db', '--json'], { backUp });
    const { noted: _noted, ...told } = made;
    assert.deepEqual(JSON.parse(json), told);
    const unnoted = async () => await Promise.resolve({ ...made, noted: false });
    assert.match((await call(['backup', 'monday.db'], { backUp: unnoted })).err, /trail could not be told/u);
  });
});
