import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { sql as statement } from 'kysely';
import { beginTrail } from '../../core/audit/begin-trail.ts';
import { auditChainSuite } from '../../core/audit/chain.suite.ts';
import { verifyTrail } from '../../core/audit/verify-trail.ts';
import { Fault } from '../../core/fault.ts';
import type { Happening } from '../../core/ports.ts';
import { noon, type SuiteGround, sampleAccount, sampleAudit, sampleToken } from '../../core/samples.suite.ts';
import type { OpenedStore } from '../../core/store.ts';
import { sealerOf } from '../../lib/seal.ts';
import { systemRandom } from '../../lib/system-random.ts';
import { migrations } from '../sql/migrations.ts';
import { StoreFault } from '../store-fault.ts';
import { storeSuites } from '../store-suites.suite.ts';
import { kyselyOver } from './driver.ts';
import { openSqlite } from './open.ts';
import { sqliteWords } from './words.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-sqlite-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});
let files = 0;

async function open(): Promise<SuiteGround> {
  files += 1;
  let run: string[] = [];
  const store = await openSqlite({
    file: join(folder, `${files}.db`),
    clock: { now: () => noon },
    onStatement: (sql) => run.push(sql),
  });
  return {
    store,
    statements: () => {
      const since = run;
      run = [];
      return since;
    },
  };
}

for (const suite of storeSuites) {
  suite('sqlite', open);
}

auditChainSuite('sqlite', async () => {
  files += 1;
  const file = join(folder, `${files}.db`);
  const store = await openSqlite({ file, clock: { now: () => noon } });
  const other = await openSqlite({ file, clock: { now: () => noon } });
  const database = new DatabaseSync(file, { timeout: 5_000 });
  return {
    store,
    other,
    again: async () => await openSqlite({ file, clock: { now: () => noon } }),
    sql: async (text) => {
      database.exec(text);
      await Promise.resolve();
    },
    close: async () => {
      database.close();
      await Promise.all([store.close(), other.close()]);
    },
  };
});

const clock = { now: () => noon };
const freshFile = () => {
  files += 1;
  return join(folder, `${files}.db`);
};

describe('a SQLite file', () => {
  it('is made for its owner alone, with its folder', async () => {
    const file = join(folder, 'new', 'deep', 'x.db');
    const store = await openSqlite({ file, clock });
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    assert.deepEqual([dirname(file), file, `${file}-wal`, `${file}-shm`].map(modeOf), ['700', '600', '600', '600']);
    await store.close();
    await store.close();
  });

  it('keeps what was written when it is opened again', async () => {
    const file = freshFile();
    const account = sampleAccount();
    const first = await openSqlite({ file, clock });
    await first.accounts.add(account, sampleAudit(account.id));
    await first.close();
    const second = await openSqlite({ file, clock });
    assert.equal((await second.accounts.byId(account.id))?.id, account.id);
    await second.close();
  });

  const refusal = async (file: string): Promise<StoreFault> => {
    const fault: unknown = await openSqlite({ file, clock }).then(
      () => assert.fail('it was opened'),
      (cause: unknown) => cause,
    );
    assert.ok(fault instanceof StoreFault, String(fault));
    assert.match(fault.message, /^[^\n]+\.$/u);
    return fault;
  };

  it('is refused with one sentence where it cannot be used', async () => {
    const text = freshFile();
    writeFileSync(text, 'This is a text and no database, and it is long enough to have a header.'.repeat(10));
    assert.equal((await refusal(text)).code, 'not-a-database');
    assert.equal((await refusal(join(text, 'below', 'x.db'))).code, 'folder-unwritable');
    assert.equal((await refusal(folder)).code, 'file-unusable');
    assert.equal((await refusal(':memory:')).code, 'file-unusable');
    const foreign = freshFile();
    const database = new DatabaseSync(foreign);
    database.exec('create table somebody_elses (x)');
    database.close();
    assert.equal((await refusal(foreign)).code, 'foreign-database');
    assert.equal(readFileSync(foreign).includes('accounts'), false);
  });

  it('of a version that knew no chain of the audit trail begins one, and no other does', async () => {
    const sealer = sealerOf(Buffer.alloc(32, 1));
    for (const [steps, held] of [
      [2, true],
      [3, false],
    ] as const) {
      const file = freshFile();
      const database = new DatabaseSync(file);
      const db = kyselyOver(database, undefined);
      await statement`create table migrations (number integer not null primary key, at bigint not null)`.execute(db);
      for (const [n, step] of migrations.slice(0, steps).entries()) {
        for (const one of step(sqliteWords)) await one.execute(db);
        database.exec(`insert into migrations (number, at) values (${n + 1}, 0)`);
      }
      database.exec(`
        insert into accounts (id, name_key, kind, open, password_change, chosen_status, status_text, json_preferences,
          json_custom_fields, created_at, updated_at, last_log_in_at, most_interactive, most_script)
        values ('a', '', 'person', 1, 0, 'online', '', '{}', '{}', 0, 0, 0, 0, 0);
        insert into audit (at, what, outcome, account_id, door, address, user_agent, json_facts)
        values (0, 'account.add', 'done', 'a', 'server', '', '', '{}');`);
      database.close();
      const store = await openSqlite({ file, clock });
      const needs = { audit: store.audit, sealer, clock };
      await beginTrail({ ...needs, random: systemRandom });
      const verified = await verifyTrail(needs);
      assert.equal(verified.held, held, `${steps} steps`);
      assert.equal(verified.held && verified.entries, held && 1);
      await store.close();
    }
  });

  it('is refused when a newer version has written it', async () => {
    const file = freshFile();
    await (await openSqlite({ file, clock })).close();
    const database = new DatabaseSync(file);
    database.exec('insert into migrations (number, at) values (1000, 0)');
    database.close();
    assert.equal((await refusal(file)).code, 'newer-schema');
  });

  it('answers "unavailable" to writes while another process holds it, and reads on', async () => {
    const file = freshFile();
    const store = await openSqlite({ file, clock, lockWaitMs: 20 });
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    const account = sampleAccount();
    const add = async () => await store.accounts.add(account, sampleAudit(account.id));
    await assert.rejects(add, (cause: unknown) => cause instanceof Fault && cause.code === 'unavailable');
    assert.equal(await store.accounts.byId(account.id), undefined);
    other.exec('rollback');
    other.close();
    assert.equal(await add(), 'added');
    await store.close();
  });

  it('takes tens of thousands of rows in one write', async () => {
    const store = await openSqlite({ file: freshFile(), clock });
    const accounts = Array.from({ length: 20_000 }, () => sampleAccount());
    await store.bulk.accounts(accounts);
    await store.bulk.tokens(accounts.map(({ id }) => sampleToken(id)));
    assert.equal(await store.accounts.count(), 20_000);
    await store.close();
  });
});

describe('processes that have one SQLite file open', () => {
  it('hear of each other, and not twice of themselves', async () => {
    const file = freshFile();
    const [one, other] = [await openSqlite({ file, clock }), await openSqlite({ file, clock })];
    const [heardByOne, heardByOther] = [listenTo(one), listenTo(other)];
    const account = sampleAccount();
    await one.accounts.add(account, sampleAudit(account.id));
    assert.equal(heardByOne.length, 1);
    await until(() => heardByOther.length === 1);
    await other.accounts.setOpen(account.id, false, noon, sampleAudit(account.id));
    await until(() => heardByOne.length === 2);
    await one.accounts.change(account.id, { statusText: 'x' }, noon);
    await until(() => heardByOther.length === 3);
    await sleep(500);
    assert.deepEqual(
      heardByOne.map(({ kind }) => kind),
      ['account-added', 'account', 'account'],
    );
    assert.deepEqual(heardByOther, heardByOne);
    await one.close();
    await other.close();
  });

  it('hear nothing of a write that was refused', async () => {
    const file = freshFile();
    const [one, other] = [await openSqlite({ file, clock }), await openSqlite({ file, clock })];
    const heard = listenTo(other);
    const account = sampleAccount({ roles: ['admin'] });
    await one.accounts.add(account, sampleAudit(account.id));
    assert.equal(await one.accounts.add(account, sampleAudit(account.id)), 'username-taken');
    assert.equal(await one.accounts.setOpen(account.id, false, noon, sampleAudit(account.id)), 'last-administrator');
    await until(() => heard.length === 1);
    await sleep(500);
    assert.equal(heard.length, 1);
    await one.close();
    await other.close();
  });

  it('are told of a gap when what happened was deleted before they looked', async () => {
    const file = freshFile();
    let now = noon;
    const moving = { now: () => now };
    const one = await openSqlite({ file, clock: moving });
    const account = sampleAccount();
    await one.accounts.add(account, sampleAudit(account.id));
    const other = await openSqlite({ file, clock: moving });
    const heard = listenTo(other);
    let gaps = 0;
    other.events.onGap(() => {
      gaps += 1;
    });
    // Two hours pass for the first process before the other looks again.
    await one.accounts.change(account.id, { statusText: 'lost' }, noon);
    now += 7_200_000;
    await one.accounts.change(account.id, { statusText: 'heard' }, noon);
    await until(() => gaps === 1);
    assert.equal(heard.length, 1);
    await sleep(500);
    assert.equal(gaps, 1);
    await one.close();
    await other.close();
  });

  it('may all make it at the same moment, and one of them adds a name', async () => {
    const file = freshFile();
    const script = `
      import { openSqlite } from ${JSON.stringify(join(import.meta.dirname, 'open.ts'))};
      import { sampleAccount, sampleAudit } from ${JSON.stringify(join(import.meta.dirname, '../../core/samples.suite.ts'))};
      const store = await openSqlite({ file: process.argv[1], clock: Date });
      const account = sampleAccount({ id: String(process.pid), username: 'wanted', emails: [] });
      console.log(await store.accounts.add(account, sampleAudit(account.id)));
      await store.close();`;
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const run = promisify(execFile);
        return (await run(process.execPath, ['--input-type=module-typescript', '-e', script, file])).stdout.trim();
      }),
    );
    assert.deepEqual(outcomes.toSorted(), ['added', 'username-taken', 'username-taken', 'username-taken']);
  });

  it('lose nothing that was acknowledged when they are killed', async () => {
    const file = freshFile();
    const script = `
      import { openSqlite } from ${JSON.stringify(join(import.meta.dirname, 'open.ts'))};
      import { sampleAccount, sampleAudit } from ${JSON.stringify(join(import.meta.dirname, '../../core/samples.suite.ts'))};
      const store = await openSqlite({ file: process.argv[1], clock: Date });
      let made = 0;
      await Promise.all(Array.from({ length: 8 }, async () => {
        for (;;) {
          made += 1;
          const account = sampleAccount({ id: process.pid + '-' + made });
          await store.accounts.add(account, sampleAudit(account.id));
          process.stdout.write(account.id + '\\n');
        }
      }));`;
    for (let round = 0; round < 3; round += 1) {
      const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.length > 500 + 700 * round) child.kill('SIGKILL');
      });
      await once(child, 'close');
      const acknowledged = said.split('\n').slice(0, -1);
      assert.ok(acknowledged.length > 10);
      const store = await openSqlite({ file, clock });
      const found = await store.accounts.byIds(acknowledged.slice(-1_000));
      assert.equal(found.length, Math.min(1_000, acknowledged.length));
      // An account is written with its addresses and roles, or not at all.
      const { accounts } = await store.accounts.list({ offset: 0, count: 0, sort: [] });
      assert.ok(accounts.every(({ emails, roles }) => emails.length === 1 && roles.length === 1));
      await store.close();
    }
    const database = new DatabaseSync(file);
    assert.deepEqual(
      database
        .prepare('pragma integrity_check')
        .all()
        .map((row) => row['integrity_check']),
      ['ok'],
    );
    assert.deepEqual(database.prepare('pragma foreign_key_check').all(), []);
    database.close();
  });
});

function listenTo(store: OpenedStore): Happening[] {
  const heard: Happening[] = [];
  store.events.subscribe((happening) => heard.push(happening));
  return heard;
}

/** Waits until something is so, for a second at most. */
async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 10) {
    assert.ok(waited < 1_000, 'not within a second');
    await sleep(10);
  }
}
