// The audit trail of servers in processes of their own: power cuts, older copies, readers who go away.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { unlimited } from '../attacks/arena.ts';
import { ask, sleep } from '../attacks/wire.ts';
import { inherited } from '../inherited.ts';
import { type RunningServer, startServer } from '../server.ts';
import { type Ran, run } from './run.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

function environmentOf({ folder }: RunningServer): Record<string, string> {
  return { ...inherited, DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}` };
}

async function countersign(
  server: RunningServer,
  words: readonly string[],
  more: Record<string, string> = {},
): Promise<Ran> {
  return await run(words, { ...environmentOf(server), ...more }, { cwd: server.folder, patienceMs: 120_000 });
}

/** Signs in until the server is gone; gives how many sign-ins were answered. */
async function signInOnAndOn(server: RunningServer): Promise<number> {
  const { username: user, password } = server.administrator;
  for (let done = 0; ; done += 1) {
    try {
      const reply = await ask(server, { path: '/api/v1/login', json: { user, password } });
      assert.equal(reply.status, 200, reply.text);
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause) return done;
      throw cause;
    }
  }
}

/** The head that a server told in its log when it stopped. */
function headIn({ lines }: RunningServer): string {
  const told = lines.map((line) => /"event":"audit\.head","head":"([^"]+)"/u.exec(line)?.[1]);
  return told.findLast((head) => head !== undefined) ?? '';
}

/** Puts entries in that wait for their seals. */
function fill({ folder }: RunningServer, count: number): void {
  const database = new DatabaseSync(join(folder, 'countersign.db'), { timeout: 5_000 });
  database.exec(
    `with recursive n (n) as (select 1 union all select n + 1 from n where n < ${count})
     insert into audit (at, what, outcome, door, address, user_agent, json_facts)
     select n, 'log-in', 'done', 'rest', '198.51.100.1', '${'x'.repeat(400)}', '{"n":' || n || '}' from n`,
  );
  database.close();
}

describe('the audit trail of a server', { timeout: 300_000 }, () => {
  let server: RunningServer;
  before(async () => {
    server = await startServer({ env: { ...unlimited, OVERWRITE_SETTING_Countersign_Token_Pool_Script: '100000' } });
  });
  after(async () => {
    await server.dispose();
  });

  it('holds over power cuts, and has every sign-in that was answered', async () => {
    let answered = 0;
    for (let round = 0; round < 6; round += 1) {
      const writing = Promise.all([signInOnAndOn(server), signInOnAndOn(server)]);
      await sleep(600 + round * 130);
      await server.kill();
      answered += (await writing).reduce((sum, one) => sum + one, 0);
      server = await server.restart();
    }
    const verified = await countersign(server, ['audit', 'verify', '--json']);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const { entries } = JSON.parse(verified.stdout) as { entries: number };
    assert.ok(answered > 6 && entries >= answered, `${entries} entries of ${answered} sign-ins`);
  });

  it('tells its head when it stops, which shows later that an older copy was put in its place', async () => {
    await server.stop();
    const file = join(server.folder, 'countersign.db');
    const copy = join(server.folder, 'older.db');
    const older = headIn(server);
    copyFileSync(file, copy);
    server = await server.restart();
    const { username: user, password } = server.administrator;
    assert.equal((await ask(server, { path: '/api/v1/login', json: { user, password } })).status, 200);
    await server.stop();
    const newer = headIn(server);
    assert.match(newer, /^\d+:\S{44}$/u);
    assert.notEqual(newer, older);
    assert.equal((await countersign(server, ['audit', 'verify', '--head', older])).code, 0);
    assert.equal((await countersign(server, ['audit', 'verify', '--head', newer])).code, 0);
    for (const rest of ['-wal', '-shm']) rmSync(`${file}${rest}`, { force: true });
    copyFileSync(copy, file);
    assert.equal((await countersign(server, ['audit', 'verify'])).code, 0, 'by itself it is in order');
    assert.equal((await countersign(server, ['audit', 'verify', '--head', older])).code, 0);
    const found = await countersign(server, ['audit', 'verify', '--head', newer]);
    assert.equal(found.code, 1);
    assert.match(
      found.stdout,
      /^The audit trail does not hold: it was cut off, entry \d+ and all behind it are missing\.\n$/u,
    );
    server = await server.restart();
  });

  it('is written on where its end was changed, which the log says once, and is sealed no further', async () => {
    const other = await startServer({ env: unlimited });
    try {
      const database = new DatabaseSync(join(other.folder, 'countersign.db'), { timeout: 5_000 });
      const until = Date.now() + 15_000;
      const head = (): string =>
        String(database.prepare(`select value from meta where name = 'audit-head'`).get()?.['value']);
      while (head() === '') {
        assert.ok(Date.now() < until, 'nothing is sealed');
        await sleep(50);
      }
      database.exec(`update meta set value = '1:' || substr(value, 3) where name = 'audit-head'`);
      const { username: user, password } = other.administrator;
      const told = (): number =>
        other.lines.filter((line) => line.includes('the audit trail could not be sealed')).length;
      for (let n = 0; n < 2 || (told() === 0 && Date.now() < until); n += 1) {
        assert.equal((await ask(other, { path: '/api/v1/login', json: { user, password } })).status, 200);
        await sleep(1_100);
      }
      assert.equal(told(), 1);
      assert.ok(Number(database.prepare('select count(*) as n from audit where position is null').get()?.['n']) >= 2);
      database.close();
      const found = await countersign(other, ['audit', 'verify']);
      assert.equal(found.code, 1);
      assert.match(found.stdout, /what the database keeps of its end is gone, or was not written with the key/u);
    } finally {
      await other.dispose();
    }
  });

  it('is not begun again where it was wiped: the log of the running server, the next one, verify and doctor tell', async () => {
    let other = await startServer({ env: unlimited });
    try {
      const file = join(other.folder, 'countersign.db');
      const { username: user, password } = other.administrator;
      const told = (): readonly string[] =>
        other.lines.filter((line) => line.includes('"event":"audit.head-back"') && line.includes('"level":50'));
      const untilTold = async (): Promise<void> => {
        const until = Date.now() + 30_000;
        while (told().length === 0) {
          assert.ok(Date.now() < until, 'the log tells nothing');
          await sleep(100);
        }
      };
      const mustNotHold = async (): Promise<void> => {
        const verified = await countersign(other, ['audit', 'verify']);
        assert.equal(verified.code, 1, verified.stdout);
        assert.match(verified.stdout, /^The audit trail does not hold: what the database keeps of its end is gone/u);
      };
      assert.equal((await countersign(other, ['audit', 'verify'])).code, 0);
      await sleep(200);
      const database = new DatabaseSync(file, { timeout: 5_000 });
      database.exec(`begin; delete from audit; delete from meta where name in ('audit-head', 'audit-anchor'); commit`);
      await untilTold();
      assert.equal((await ask(other, { path: '/api/v1/login', json: { user, password } })).status, 200);
      await mustNotHold();
      // Also where the rows are there as in a database that is new.
      database.exec(
        `begin; delete from audit; delete from meta where name like 'audit-%';
         insert into meta (name, value) values ('audit-head', ''), ('audit-anchor', ''); commit`,
      );
      database.close();
      await other.stop();
      other = await other.restart();
      await untilTold();
      assert.equal((await ask(other, { path: '/api/v1/login', json: { user, password } })).status, 200);
      await mustNotHold();
      const checks = JSON.parse((await countersign(other, ['doctor', '--json'])).stdout) as {
        checks: readonly { readonly id: string; readonly level: string }[];
      };
      assert.equal(checks.checks.find(({ id }) => id === 'audit')?.level, 'fail');
    } finally {
      await other.dispose();
    }
  });

  it('is verified and exported in little memory, however long it is', async () => {
    await server.stop();
    fill(server, 60_000);
    const little = { NODE_OPTIONS: '--max-old-space-size=48' };
    const verified = await countersign(server, ['audit', 'verify', '--json'], little);
    assert.equal(verified.code, 0, verified.stderr);
    const { entries } = JSON.parse(verified.stdout) as { entries: number };
    assert.ok(entries > 60_000);
    const exported = await countersign(server, ['audit', 'export'], little);
    assert.equal(exported.code, 0, exported.stderr);
    assert.equal(exported.stdout.split('\n').length, entries + 1);
  });

  it('is exported no further than somebody reads', async () => {
    const child = spawn(process.execPath, [main, 'audit', 'export'], {
      cwd: server.folder,
      env: environmentOf(server),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('is not taken for exported where the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    for (const words of [
      ['audit', 'export'],
      ['setting', 'list'],
    ]) {
      const child = spawn(process.execPath, [main, ...words], {
        cwd: server.folder,
        env: environmentOf(server),
        stdio: ['ignore', full, 'pipe'],
      });
      let stderr = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      const [code] = (await once(child, 'close')) as [number | null];
      assert.equal(code, 1, stderr);
      assert.match(stderr, /countersign: Standard output takes no more \(ENOSPC\)\.\n$/u);
    }
    closeSync(full);
  });
});
