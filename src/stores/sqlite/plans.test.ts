import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { noon } from '../../core/samples.suite.ts';
import type { OpenedStore } from '../../core/store.ts';
import { openSqlite } from './open.ts';

/*
 * What the dashboard asks for grows with the store, and nobody sees that where there are three rows: the database is
 * asked which way it would go.
 */
describe('what the dashboard asks for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-plans-'));
  const file = join(folder, 'x.db');
  let run: string[] = [];
  let store: OpenedStore;
  let database: DatabaseSync;
  before(async () => {
    store = await openSqlite({ file, clock: { now: () => noon }, onStatement: (sql) => run.push(sql) });
    database = new DatabaseSync(file, { readOnly: true });
  });
  after(async () => {
    database.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The steps of the statements that `act` runs, those of queries within them left out. */
  const stepsOf = async (act: () => Promise<unknown>): Promise<readonly string[]> => {
    run = [];
    await act();
    return run.flatMap((sql) =>
      database
        .prepare(`explain query plan ${sql}`)
        .all()
        .map(({ detail }) => String(detail))
        .filter((step) => /^(?:SCAN|SEARCH)/u.test(step)),
    );
  };

  it('counts sign-ins of a while by the index of times', async () => {
    const asked = { what: ['log-in'], since: noon, until: noon + 1, stepMs: 1 };
    const steps = await stepsOf(async () => await store.audit.tally(asked));
    assert.ok(steps.includes('SEARCH audit USING INDEX audit_by_time (at>? AND at<?)'), steps.join('\n'));
    assert.deepEqual(
      steps.filter((step) => step.startsWith('SCAN audit')),
      [],
    );
  });

  it('reads no table to count', async () => {
    const steps = await stepsOf(async () => await store.figures.count(noon));
    const unread = /^(?:SCAN CONSTANT ROW|(?:SCAN|SEARCH) \w+ USING COVERING INDEX \w+)/u;
    assert.deepEqual(
      steps.filter((step) => !unread.test(step)),
      [],
    );
    // Whatever is asked by a condition is found, and not walked to: but for personal tokens, whose index has them alone.
    const walked = steps.filter((step) => /^SCAN (?:accounts|outbox) .*(?:by_state|by_open)/u.test(step));
    assert.deepEqual(walked, []);
    assert.ok(
      steps.some((step) => step.includes('accounts_waiting')),
      steps.join('\n'),
    );
  });

  it('finds whom wrong codes have locked by the index that has wrong codes alone', async () => {
    const limit = { on: true, failures: 10, windowMs: 60_000 };
    const limits = { account: limit, address: limit, codes: limit, exempt: { has: () => false } };
    const steps = await stepsOf(async () => await store.blocks.list({ limits, now: noon, offset: 0, count: 9 }));
    assert.ok(
      steps.some((step) => /^SEARCH second_factors USING (?:COVERING )?INDEX second_factors_wrong/u.test(step)),
      steps.join('\n'),
    );
    assert.deepEqual(
      steps.filter((step) => step.startsWith('SCAN') && !step.startsWith('SCAN CONSTANT')),
      [],
    );
  });

  it('cuts a page of the outbox by an index', async () => {
    const page = { state: 'sent', offset: 0, count: 50 } as const;
    const steps = await stepsOf(async () => await store.outbox.page(page));
    assert.ok(steps.includes('SEARCH outbox USING COVERING INDEX outbox_by_state (state=?)'), steps.join('\n'));
    assert.deepEqual(
      steps.filter((step) => step.startsWith('SCAN outbox')),
      [],
    );
  });
});
