import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Postgres, startPostgres } from '../../../test/postgres.ts';
import { auditChainSuite } from '../../core/audit/chain.suite.ts';
import { Fault } from '../../core/fault.ts';
import type { Happening } from '../../core/ports.ts';
import { eight, noon, type SuiteGround, sampleAccount, sampleAudit, sampleToken } from '../../core/samples.suite.ts';
import type { OpenedStore } from '../../core/store.ts';
import type { SqlStore } from '../sql/store.ts';
import { StoreFault } from '../store-fault.ts';
import { storeSuites } from '../store-suites.suite.ts';
import { openPostgres } from './open.ts';

let postgres: Postgres;
before(async () => {
  postgres = await startPostgres();
});
after(async () => {
  await postgres.stop();
});

async function open(): Promise<SuiteGround> {
  let run: string[] = [];
  const store = await openPostgres({
    url: await postgres.freshDatabase(),
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
  suite('postgres', open);
}

auditChainSuite('postgres', async () => {
  const url = await postgres.freshDatabase();
  const store = await openPostgres({ url, clock: { now: () => noon } });
  const other = await openPostgres({ url, clock: { now: () => noon } });
  const client = new pg.Client(url);
  await client.connect();
  return {
    store,
    other,
    again: async () => await openPostgres({ url, clock: { now: () => noon } }),
    sql: async (text) => {
      await client.query(text);
    },
    close: async () => {
      await Promise.all([client.end(), store.close(), other.close()]);
    },
  };
});

const clock = { now: () => noon };

describe('nodes on one PostgreSQL database', () => {
  let url: string;
  let one: SqlStore;
  let other: SqlStore;
  let admin: pg.Client;
  before(async () => {
    url = await postgres.freshDatabase();
    // All at the same moment: one of them makes the tables.
    const nodes = await eight(async () => await openPostgres({ url, clock, poolSize: 2 }));
    await Promise.all(nodes.slice(2).map(async (node) => await node.close()));
    [one, other] = nodes as [SqlStore, SqlStore];
    admin = new pg.Client(url);
    await admin.connect();
  });
  after(async () => {
    await Promise.all([one.close(), other.close(), admin.end()]);
  });

  it('hear of each other, and of themselves once and before the answer', async () => {
    const [heardByOne, heardByOther] = [listenTo(one), listenTo(other)];
    const account = sampleAccount({ roles: ['admin'] });
    await one.accounts.add(account, sampleAudit(account.id));
    assert.equal(heardByOne.length, 1);
    await until(() => heardByOther.length === 1);
    // Nothing of what is refused.
    assert.equal(await one.accounts.add(account, sampleAudit(account.id)), 'id-taken');
    assert.equal(await one.accounts.setOpen(account.id, false, noon, sampleAudit(account.id)), 'last-administrator');
    await other.accounts.change(account.id, { statusText: 'x' }, noon);
    await until(() => heardByOne.length === 2);
    const states = Array.from({ length: 1_000 }, () => [account.id, 'online'] as const);
    one.events.publish({ kind: 'presence', node: 'one', all: true, states });
    one.events.publish({ kind: 'presence-wanted', node: 'one' });
    assert.equal(heardByOne.length, 4);
    await until(() => heardByOther.at(-1)?.kind === 'presence-wanted');
    const presence = heardByOther.slice(2, -1);
    assert.equal(presence.flatMap((heard) => (heard.kind === 'presence' ? heard.states : [])).length, 1_000);
    await sleep(200);
    assert.deepEqual(
      heardByOne.map(({ kind }) => kind),
      ['account-added', 'account', 'presence', 'presence-wanted'],
    );
  });

  it('tell of many settings in notices that PostgreSQL takes', async () => {
    const heard = listenTo(other);
    const ids = Array.from({ length: 600 }, (_, index) => `Setting_With_A_Long_Name_${index}`);
    const settings = ids.map((id) => ({ id, value: true, source: 'environment', updatedAt: noon }) as const);
    await one.settings.putSettings(settings, []);
    await until(() => heard.flatMap((some) => (some.kind === 'settings' ? some.ids : [])).length === 600);
    assert.ok(heard.length > 1);
  });

  it('are told of a gap when the connection they listen on was lost, and hear again', async () => {
    let gaps = 0;
    other.events.onGap(() => {
      gaps += 1;
    });
    const heard = listenTo(other);
    await kill(`application_name = 'countersign-listener'`);
    await until(() => gaps === 1, 5_000);
    const account = sampleAccount();
    await one.accounts.add(account, sampleAudit(account.id));
    await until(() => heard.length === 1);
    assert.equal(gaps, 1);
  });

  it('answer "unavailable" when a connection dies under a call, and go on with new ones', async () => {
    const account = sampleAccount();
    await one.accounts.add(account, sampleAudit(account.id));
    const lock = new pg.Client(url);
    await lock.connect();
    await lock.query('begin');
    await lock.query('select 1 from accounts where id = $1 for update', [account.id]);
    const waiting = one.accounts.change(account.id, { statusText: 'x' }, noon);
    const refused = assert.rejects(waiting, (cause: unknown) => cause instanceof Fault && cause.code === 'unavailable');
    await sleep(100);
    await kill(`wait_event_type = 'Lock'`);
    await refused;
    await lock.end();
    assert.equal(await one.accounts.change(account.id, { statusText: 'y' }, noon), true);
    await kill(`application_name = 'countersign'`);
    await sleep(100);
    assert.equal((await one.accounts.byId(account.id))?.statusText, 'y');
  });

  it('answer "unavailable" within the limit when every connection is taken', async () => {
    const lock = new pg.Client(url);
    await lock.connect();
    await lock.query('begin');
    await lock.query('lock table settings');
    const began = performance.now();
    const waiting = Array.from({ length: 4 }, async () => await one.settings.settings());
    const outcomes = await Promise.allSettled(waiting.slice(2));
    assert.ok(performance.now() - began < 7_000);
    for (const outcome of outcomes) {
      assert.ok(
        outcome.status === 'rejected' && outcome.reason instanceof Fault && outcome.reason.code === 'unavailable',
      );
    }
    await lock.end();
    await Promise.all(waiting.slice(0, 2));
  });

  it('run a write again that was chosen as the victim of a deadlock', async () => {
    const setting = (id: string) => ({ id, value: true, source: 'environment', updatedAt: noon }) as const;
    await one.settings.putSettings([setting('a'), setting('b')], []);
    const earlier = await deadlocks();
    const lock = new pg.Client(url);
    await lock.connect();
    await lock.query(`set deadlock_timeout = '30s'`);
    await lock.query('begin');
    await lock.query(`update settings set source = 'x' where id = 'b'`);
    const written = one.settings.putSettings([setting('a'), setting('b')], []);
    await sleep(200);
    await lock.query(`update settings set source = 'x' where id = 'a'`);
    await lock.query('rollback');
    await lock.end();
    await written;
    await until(async () => (await deadlocks()) === earlier + 1, 3_000);
  });

  async function kill(which: string): Promise<void> {
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and ${which}`);
  }

  async function deadlocks(): Promise<number> {
    const { rows } = await admin.query<{ deadlocks: string }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    return Number(rows[0]?.deadlocks);
  }
});

describe('opening PostgreSQL', () => {
  const refusal = async (url: string): Promise<StoreFault> => {
    const fault: unknown = await openPostgres({ url, clock }).then(
      () => assert.fail('it was opened'),
      (cause: unknown) => cause,
    );
    assert.ok(fault instanceof StoreFault, String(fault));
    assert.match(fault.message, /^[^\n]+\.$/u);
    return fault;
  };

  it('is refused with one sentence, without the password, where nobody answers or lets in', async () => {
    const right = new URL(postgres.url('postgres'));
    const wrong = new URL(right);
    wrong.password = 'hunter2';
    const missing = new URL(right);
    missing.pathname = '/missing';
    for (const url of [
      wrong.href,
      missing.href,
      'postgres://u:hunter2@127.0.0.1:1/x',
      'postgres://u:hunter2@no.invalid/x',
    ]) {
      const fault = await refusal(url);
      assert.equal(fault.code, 'unreachable');
      assert.doesNotMatch(fault.message, new RegExp(`hunter2|${right.password}`, 'u'));
    }
  });

  it("is refused where another program's tables are, and where a newer version was", async () => {
    const url = await postgres.freshDatabase();
    const client = new pg.Client(url);
    await client.connect();
    await client.query('create table accounts (x integer)');
    assert.equal((await refusal(url)).code, 'foreign-database');
    await client.query('drop table accounts');
    await (await openPostgres({ url, clock })).close();
    await client.query('insert into migrations (number, at) values (1000, 0)');
    assert.equal((await refusal(url)).code, 'newer-schema');
    await client.end();
  });

  it('takes tens of thousands of rows in one write', async () => {
    const store = await openPostgres({ url: await postgres.freshDatabase(), clock });
    const accounts = Array.from({ length: 20_000 }, () => sampleAccount());
    await store.bulk.accounts(accounts);
    await store.bulk.tokens(accounts.map(({ id }) => sampleToken(id)));
    assert.equal(await store.accounts.count(), 20_000);
    await store.close();
  });

  it('answers "unavailable" at once when the server is gone', async () => {
    const mortal = await startPostgres();
    const store = await openPostgres({ url: await mortal.freshDatabase(), clock });
    await mortal.stop();
    const began = performance.now();
    const isRefusal = (cause: unknown) => cause instanceof Fault && cause.code === 'unavailable';
    await assert.rejects(store.ping(), isRefusal);
    await assert.rejects(store.tokens.find('x'), isRefusal);
    await assert.rejects(store.accounts.change('x', {}, noon), isRefusal);
    assert.ok(performance.now() - began < 2_000);
    await store.close();
  });
});

function listenTo(store: OpenedStore): Happening[] {
  const heard: Happening[] = [];
  store.events.subscribe((happening) => heard.push(happening));
  return heard;
}

/** Waits until something is so. */
async function until(isSo: () => boolean | Promise<boolean>, atMostMs = 1_000): Promise<void> {
  for (let waited = 0; !(await isSo()); waited += 10) {
    assert.ok(waited < atMostMs, `not within ${atMostMs} ms`);
    await sleep(10);
  }
}

describe('a database whose default is another isolation level', () => {
  it('keeps an administrator when the last two are closed at once, as any other', async () => {
    const url = await postgres.freshDatabase();
    const admin = new pg.Client(url);
    await admin.connect();
    const { rows } = await admin.query<{ name: string }>('select current_database() as name');
    await admin.query(
      `alter database ${admin.escapeIdentifier(rows[0]?.name ?? '')} set default_transaction_isolation = 'repeatable read'`,
    );
    await admin.end();
    const store = await openPostgres({ url, clock, poolSize: 4 });
    try {
      const pair = [sampleAccount({ roles: ['admin'] }), sampleAccount({ roles: ['admin'] })];
      for (const account of pair) assert.equal(await store.accounts.add(account, sampleAudit(account.id)), 'added');
      for (let round = 0; round < 20; round += 1) {
        const outcomes = await Promise.all(
          pair.map(async ({ id }) => await store.accounts.setOpen(id, false, noon, sampleAudit(id))),
        );
        assert.deepEqual(outcomes.toSorted(), ['done', 'last-administrator']);
        for (const { id } of pair) await store.accounts.setOpen(id, true, noon, sampleAudit(id));
      }
    } finally {
      await store.close();
    }
  });
});
