// `countersign ldap test` beside a running server and a real directory.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningServer, startServer } from '../server.ts';
import { openSlapd, type Slapd, slapdMissing } from '../slapd.ts';
import { type Ran, run } from './run.ts';

const missing = slapdMissing();

describe('countersign ldap test', { skip: missing ?? false }, () => {
  let slapd: Slapd;
  let server: RunningServer;
  before(async () => {
    slapd = await openSlapd();
    server = await startServer({ env: { ...slapd.env, OVERWRITE_SETTING_LDAP_User_Search_Field: 'uid,mail' } });
  });
  after(async () => {
    await server.dispose();
    await slapd.stop();
  });

  const command = async (words: string, input = ''): Promise<Ran> =>
    await run(
      ['ldap', 'test', ...words.split(' ').filter((word) => word !== '')],
      { DATABASE_URL: `sqlite:${join(server.folder, 'countersign.db')}` },
      { cwd: server.folder, input },
    );

  it('shows each step of a sign-in, and makes nobody', async () => {
    const done = await command('alice --password-stdin', 'alice-pw\n');
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual(done.stdout.trimEnd().split('\n'), [
      'ok   The directory is switched on.',
      'ok   Connected; encrypted and signed in as set.',
      'ok   One entry: uid=alice,ou=people,dc=example,dc=test',
      '     base   dc=example,dc=test',
      '     filter (&(objectclass=inetOrgPerson)(|(uid=alice)(mail=alice)))',
      'ok   Not disabled in the directory.',
      'ok   The password is right.',
      'ok   What would be taken:',
      '     id          3130303031',
      '     idAttribute uidNumber',
      '     username    alice',
      '     name        Alice Example',
      '     email       alice@example.test',
      'ok   A new account alice would be made.',
    ]);
    const again = await command('alice@example.test');
    assert.match(again.stdout, /A new account alice would be made/u);
  });

  it('says where it ends, with exit code 1', async () => {
    for (const [words, input, sentence] of [
      ['alice --password-stdin', 'wrong', 'FAIL The directory does not take the password.'],
      ['nobody', '', 'FAIL No entry bears this name.'],
      ['*', '', String.raw`     filter (&(objectclass=inetOrgPerson)(|(uid=\2a)(mail=\2a)))`],
      ['off-ad --password-stdin', 'off-ad-pw', 'FAIL Disabled or locked in the directory.'],
    ] as const) {
      const done = await command(words, input);
      assert.equal(done.code, 1, words);
      assert.ok(done.stdout.includes(sentence), done.stdout);
    }
    const json = await command('nobody --json');
    const { held, steps } = JSON.parse(json.stdout) as { readonly held: boolean; readonly steps: readonly object[] };
    assert.deepEqual([held, steps.length], [false, 3]);
    const shut = await command('', '');
    assert.equal(shut.code, 0);
    assert.equal(shut.stdout.trimEnd().split('\n').length, 2);
  });
});
