import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { type Postgres, startPostgres } from './postgres.ts';
import { type Ran, run } from './process/run.ts';

describe('the command line on PostgreSQL', { timeout: 120_000 }, () => {
  let postgres: Postgres;
  let cwd: string;
  let env: Readonly<Record<string, string>>;

  before(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'countersign-commands-'));
    postgres = await startPostgres();
    env = { DATABASE_URL: await postgres.freshDatabase(), COUNTERSIGN_KEY: randomBytes(32).toString('base64') };
  });
  after(async () => {
    await postgres.stop();
    rmSync(cwd, { recursive: true, force: true });
  });

  const command = async (...words: readonly string[]): Promise<Ran> => await run(words, env, { cwd });
  const done = async (...words: readonly string[]): Promise<string> => {
    const ran = await command(...words);
    assert.equal(ran.code, 0, `${words.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  };
  const query = async (statement: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new pg.Client(env['DATABASE_URL']);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await client.end();
    }
  };

  it('makes no tables where it only reads', async () => {
    const { code, stderr } = await command('audit', 'verify');
    assert.equal(code, 1);
    assert.match(stderr, /There is nothing of Countersign in the PostgreSQL database/u);
    assert.match((await command('restore', '--after-pg-restore')).stderr, /run pg_restore first/u);
    assert.deepEqual(await query(`select tablename from pg_tables where schemaname = 'public'`), []);
  });

  it('makes people, tokens and settings, and reads them', async () => {
    const { stderr } = await command('user', 'create', 'ada', '--role', 'admin', '--email', 'ada@example.org');
    assert.match(stderr, /There was no database/u);
    await done('user', 'create', 'bob');
    assert.match(await done('user', 'list'), /^ada .*\n^bob /mu);
    assert.match(await done('user', 'show', 'ada'), /E-mail +ada@example\.org/u);
    await done('setting', 'set', 'Site_Name', 'On PostgreSQL');
    assert.equal(await done('setting', 'get', 'Site_Name'), 'On PostgreSQL\n');
    await done('token', 'create', 'ada');
    await done('token', 'create', 'ada', '--personal', 'ci', '--scope', 'view-logs');
    assert.match(await done('token', 'list', 'ada'), /personal +ci/u);
    assert.match(await done('session', 'list'), /ada/u);
    assert.match(await done('role', 'list'), /admin/u);
    assert.match(await done('user', 'disable', 'bob'), /bob is disabled/u);
    await done('block', 'list');
    await done('mail', 'list');
    assert.match(await done('audit', 'list', '--user', 'ada'), /personal-token\.make/u);
    assert.match(await done('audit', 'verify'), /^Entries 1 to \d+ hold\./u);
    assert.match(await done('doctor'), /PostgreSQL/u);
  });

  it('says which tools back up and restore, and ends what those bring back', async () => {
    assert.match((await command('backup', 'x.dump')).stderr, /pg_dump --format=custom --file='x\.dump'/u);
    assert.match((await command('restore', 'x.dump')).stderr, /pg_restore .*countersign restore --after-pg-restore/u);
    await query(`insert into challenges (hash, kind, json_facts, ends_at) values ('h', 'k', '{}', 9999999999999)`);
    await done('user', 'reset-password', 'ada');
    const kept = await done('restore', '--after-pg-restore');
    assert.match(kept, /All sessions are ended \(1\).*\nPersonal tokens that count again: 1\./u);
    const [left] = await query(`select (select count(*)::int from tokens) as tokens,
      (select count(*)::int from challenges) as challenges, (select count(*)::int from outbox) as mails`);
    assert.deepEqual(left, { tokens: 1, challenges: 0, mails: 0 });
    assert.match(await done('restore', '--after-pg-restore', '--end-personal-tokens'), /tokens are ended \(1\)\./u);
    assert.deepEqual(await query('select id from tokens'), []);
    assert.match(await done('audit', 'list', '--what', 'store.restore'), /personalTokensEnded=1/u);
    assert.match(await done('audit', 'verify'), /hold\./u);
    const other = { ...env, COUNTERSIGN_KEY: randomBytes(32).toString('base64') };
    assert.match((await run(['restore', '--after-pg-restore'], other, { cwd })).stderr, /is not the key/u);
  });
});
