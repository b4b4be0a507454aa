import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, it } from 'node:test';
import { sql } from 'kysely';
import type { Happening } from '../../core/ports.ts';
import type { Write } from '../sql/backend.ts';
import { kyselyOver } from './driver.ts';
import { durable, groupWriter } from './writer.ts';

describe('group commit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-writer-'));
  let database: DatabaseSync;
  let other: DatabaseSync;
  let writer: ReturnType<typeof groupWriter>;
  let commits: (readonly Happening[])[] = [];

  before(() => {
    database = new DatabaseSync(join(folder, 'x.db'), { enableForeignKeyConstraints: true });
    database.exec('pragma journal_mode = wal; create table meta (name text primary key, value text)');
    database.exec('create table child (name text references meta (name) deferrable initially deferred)');
    other = new DatabaseSync(join(folder, 'x.db'), { readOnly: true });
    writer = open(60_000);
  });
  beforeEach(() => {
    commits = [];
    database.exec('delete from meta');
  });
  after(() => {
    database.close();
    other.close();
    rmSync(folder, { recursive: true });
  });

  const open = (longestBatchMs: number) =>
    groupWriter(
      database,
      { db: kyselyOver(database, undefined), run: async () => [] },
      {
        before: () => {},
        after: (told) => commits.push(told),
        longestBatchMs,
      },
    );
  const put = (name: string) => async (write: Write) => {
    await write.db.insertInto('meta').values({ name, value: 'x' }).execute();
    write.announce({ kind: 'account-added', accountId: name });
    return name;
  };
  const seen = () =>
    other
      .prepare('select name from meta order by name')
      .all()
      .map(({ name }) => String(name));

  it('puts the writes that wait into one transaction, and answers when it is committed', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `n${String(index).padStart(2, '0')}`);
    const answers = names.map(async (name) => {
      const answer = await writer.write(async (write) => {
        assert.deepEqual(seen(), []);
        return await put(name)(write);
      });
      assert.equal(seen().length, 50);
      return answer;
    });
    assert.deepEqual(await Promise.all(answers), names);
    assert.equal(commits.length, 1);
    assert.deepEqual(
      commits[0],
      names.map((accountId) => ({ kind: 'account-added', accountId })),
    );
  });

  it('undoes a write that fails, with what it announced, and no other', async () => {
    const failing = async (write: Write) => {
      await put('gone')(write);
      throw new RangeError('no');
    };
    const twice = async (write: Write) => {
      await put('gone too')(write);
      return await put('gone too')(write);
    };
    const outcomes = await Promise.allSettled([
      writer.write(put('a')),
      writer.write(failing),
      writer.write(put('b')),
      writer.write(twice),
      writer.write(put('c')),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.ok(outcomes[1]?.status === 'rejected' && outcomes[1].reason instanceof RangeError);
    assert.deepEqual(seen(), ['a', 'b', 'c']);
    assert.equal(commits.flat().length, 3);
  });

  it('refuses all of them when the commit fails, announces nothing, and goes on', async () => {
    const orphan = async (write: Write) => await sql`insert into child (name) values ('nobody')`.execute(write.db);
    const outcomes = await Promise.allSettled([writer.write(put('a')), writer.write(orphan), writer.write(put('b'))]);
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    assert.deepEqual([seen(), commits], [[], []]);
    assert.equal(await writer.write(put('later')), 'later');
    assert.deepEqual(seen(), ['later']);
  });

  it('takes in what is written while others are being written, and lets nobody wait for ever', async () => {
    let done = 0;
    const chain = async (): Promise<void> => {
      for (let count = 0; count < 20; count += 1) {
        done += 1;
        await writer.write(put(`chain-${done}`));
      }
    };
    await Promise.all([chain(), chain(), chain()]);
    assert.equal(seen().length, 60);
    assert.ok(commits.length <= 21, `${commits.length} commits`);
    await writer.idle();
  });

  it('lets timers run between the transactions of a long queue', async () => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    const slow = async (write: Write) => {
      const until = performance.now() + 2;
      while (performance.now() < until);
      await sql`select 1`.execute(write.db);
    };
    const impatient = open(10);
    await Promise.all(Array.from({ length: 50 }, async () => await impatient.write(slow)));
    clearInterval(timer);
    assert.ok(ticks >= 3, `${ticks} ticks`);
  });

  it('waits for the disk with everything but what may be lost', async () => {
    const synchronous = (): unknown => database.prepare('pragma synchronous').get()?.['synchronous'];
    const modes: unknown[] = [];
    const note = async (): Promise<void> => {
      modes.push(synchronous());
      await Promise.resolve();
    };
    database.exec(durable);
    await writer.write(note, { mayBeLost: true });
    await writer.write(note);
    // One that must last makes all that wait with it last.
    await Promise.all([writer.write(note, { mayBeLost: true }), writer.write(note)]);
    const [normal, full] = [1, 2];
    assert.deepEqual(modes, [normal, full, full, full]);
    assert.equal(synchronous(), full);
    await assert.rejects(
      writer.write(
        async () => {
          await Promise.resolve();
          throw new Error('undone');
        },
        { mayBeLost: true },
      ),
    );
    assert.equal(synchronous(), full);
  });
});
