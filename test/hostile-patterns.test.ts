// Regular expressions of operators, of dumps and of the environment, which meet what strangers type.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { call } from './command-line.ts';
import { bsonOf } from './dump.ts';
import { outcomeOf } from './factor-owner.ts';
import { caller, openWorld, type World } from './world.ts';

const hostile = `${'a'.repeat(60)}!`;

async function inWorld(act: (world: World) => Promise<void>, env: Record<string, string> = {}): Promise<void> {
  const world = await openWorld({ env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false', ...env } });
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

describe('a pattern that takes for ever', () => {
  it('is refused as a setting, from an administrator, the command line and a dump, whose people are brought in', async () => {
    await inWorld(async (world) => {
      const folder = mkdtempSync(join(tmpdir(), 'countersign-patterns-'));
      try {
        const before = world.app.settings.get('UTF8_User_Names_Validation');
        for (const [id, value] of [
          ['UTF8_User_Names_Validation', '(a+)+'],
          ['Accounts_BlockedUsernameList', 'root,(a|aa)+b'],
        ] as const) {
          const set = await call(world, 'setting', 'set', id, value);
          assert.equal(set.code, 1, set.out);
          assert.match(set.err, /no text keeps busy/u);
        }
        const settings = [
          { _id: 'UTF8_User_Names_Validation', value: '(a+)+', packageValue: before },
          { _id: 'Accounts_BlockedUsernameList', value: '(a|aa)+b', packageValue: '' },
        ];
        writeFileSync(join(folder, 'rocketchat_settings.bson'), bsonOf(settings));
        const people = [
          { _id: 'mongoAnn000000001', username: 'ann', active: true, type: 'user', roles: ['user'] },
          { _id: 'mongoBad000000002', username: hostile, active: true, type: 'user', roles: ['user'] },
        ];
        writeFileSync(join(folder, 'users.bson'), bsonOf(people));
        const report = join(folder, 'report.jsonl');
        const run = await call(world, 'import', 'rocketchat', folder, '--report', report);
        assert.equal(run.code, 0, run.err);
        const lines = readFileSync(report, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as { id: string; findings: readonly { reason: string }[] });
        for (const { _id } of settings) {
          const line = lines.find(({ id }) => id === _id);
          assert.deepEqual(
            line?.findings.map(({ reason }) => reason),
            ['setting-value-invalid'],
          );
        }
        assert.equal(world.app.settings.get('UTF8_User_Names_Validation'), before);
        assert.notEqual(await world.app.account.find({ by: 'username', value: 'ann' }), undefined);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });

  it('is given up where it is set all the same, and strangers keep nobody waiting with it', async () => {
    await inWorld(
      async (world) => {
        await world.add('aa');
        const register = async (username: string): Promise<string> => {
          const asked = { username, name: 'X', secret: undefined, reason: undefined, customFields: {} };
          const rest = { email: `${username.length}@example.com`, password: 'A good long passphrase 7!' };
          return await outcomeOf(world.app.registration.register({ ...asked, ...rest }, caller()));
        };
        const attack = async (): Promise<void> => {
          assert.equal(await register(hostile), 'username-invalid');
        };
        assert.ok((await timed(attack)) < 3_000);
        const again: number[] = [];
        for (let n = 0; n < 8; n += 1) again.push(await timed(attack));
        assert.ok(Math.min(...again) < 150, String(again));
        // On a machine that is busy with other things a name that fits may need a second try.
        let outcome = await register('aaa');
        for (let tries = 0; outcome === 'username-invalid' && tries < 5; tries += 1) outcome = await register('aaa');
        assert.equal(outcome, 'passed');
        // A sign-in runs no pattern at all.
        const signIn = async (): Promise<void> => {
          const how = { by: 'username', value: hostile } as const;
          const refused = await outcomeOf(world.app.session.logIn(how, { plain: 'wrong' }, caller()));
          assert.equal(refused, 'wrong-credentials');
        };
        const signIns: number[] = [];
        for (let n = 0; n < 5; n += 1) signIns.push(await timed(signIn));
        assert.ok(Math.min(...signIns) < 20, String(signIns));
      },
      { OVERWRITE_SETTING_UTF8_User_Names_Validation: '(a+)+' },
    );
  });
});
