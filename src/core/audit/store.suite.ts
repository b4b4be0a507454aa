import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sealerOf } from '../../lib/seal.ts';
import { systemRandom } from '../../lib/system-random.ts';
import type { AuditEntry } from '../audit-entry.ts';
import { eight, freshId, noon, type OpenGround, race, sampleAudit } from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import { beginTrail } from './begin-trail.ts';
import { sealTrail } from './seal-trail.ts';
import type { AuditCursor, AuditFilter } from './store.ts';

/** What every backend's audit trail must do. */
export function auditStoreSuite(backend: string, open: OpenGround): void {
  describe(`the audit trail on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    it('gives back the newest entries, newest first, as they were written', async () => {
      const facts = { code: 'wrong-credentials', name: 'ü"\n\0', count: 3, held: false };
      const one = sampleAudit('a', { at: noon, outcome: 'refused', actorId: undefined, facts });
      const two = sampleAudit(undefined, { at: noon + 1, what: 'other', door: 'cli', address: '', userAgent: '' });
      const three = sampleAudit('a', { at: noon + 2 });
      await store.audit.append([one, two]);
      await store.audit.append([three]);
      await store.audit.append([]);
      assert.deepEqual(await store.audit.newest(10), [three, two, one]);
      assert.deepEqual(await store.audit.newest(2), [three, two]);
      assert.deepEqual(await store.audit.newest(10, 'a'), [three, one]);
      assert.deepEqual(await store.audit.newest(10, 'nobody'), []);
    });

    it('loses none of what eight write at once', async () => {
      await race(store, async () => {
        const id = freshId();
        await eight(
          async (index) => await store.audit.append([sampleAudit(id, { at: index }), sampleAudit(id, { at: index })]),
        );
        assert.equal((await store.audit.newest(100, id)).length, 16);
      });
    });

    it('gives pages of what is asked for, newest first, from one end to the other', async () => {
      const [ada, bob] = [freshId(), freshId()];
      const at = noon + 1_000_000;
      const of = (n: number) =>
        sampleAudit(n % 2 === 0 ? ada : bob, {
          at: at + Math.floor(n / 3),
          what: n % 3 === 0 ? 'third' : 'other',
          outcome: n % 5 === 0 ? 'refused' : 'done',
          actorId: n % 7 === 0 ? undefined : ada,
          facts: { n },
        });
      await store.audit.append(Array.from({ length: 60 }, (_none, n) => of(n)));
      const numbers = async (filter: AuditFilter, count = 7): Promise<readonly unknown[]> => {
        const seen: unknown[] = [];
        for (let from: AuditCursor | undefined; ; ) {
          const { entries, next } = await store.audit.page({ ...filter, since: filter.since ?? at }, count, from);
          assert.ok(entries.length <= count);
          seen.push(...entries.map(({ entry }) => entry.facts['n']));
          if (next === undefined) return seen;
          from = next;
        }
      };
      const fitting = (fits: (n: number) => boolean) => Array.from({ length: 60 }, (_none, n) => 59 - n).filter(fits);
      assert.deepEqual(
        await numbers({}),
        fitting(() => true),
      );
      assert.deepEqual(
        await numbers({}, 60),
        fitting(() => true),
      );
      assert.deepEqual(
        await numbers({ accountId: ada }),
        fitting((n) => n % 2 === 0),
      );
      assert.deepEqual(
        await numbers({ actorId: ada, outcome: 'refused' }, 1),
        fitting((n) => n % 5 === 0 && n % 7 !== 0),
      );
      assert.deepEqual(
        await numbers({ what: ['third'] }),
        fitting((n) => n % 3 === 0),
      );
      assert.deepEqual(
        await numbers({ what: ['third', 'other', 'none'], accountId: bob }),
        fitting((n) => n % 2 === 1),
      );
      assert.deepEqual(
        await numbers({ since: at + 3, until: at + 5 }),
        fitting((n) => n >= 9 && n < 15),
      );
      assert.deepEqual(
        await numbers({ since: at + 3, until: at + 5, accountId: ada }, 1),
        fitting((n) => n >= 9 && n < 15 && n % 2 === 0),
      );
      assert.deepEqual(await numbers({ accountId: 'nobody' }), []);
      assert.deepEqual(await numbers({ what: ['none'] }), []);
    });

    it('counts by bucket, outcome and code', async () => {
      const at = noon - 5_000_000;
      const of = (ms: number, given: Partial<AuditEntry> = {}) =>
        sampleAudit(undefined, { at: at + ms, what: 'counted', ...given });
      const refused = (ms: number, facts: AuditEntry['facts']) => of(ms, { outcome: 'refused', facts });
      // What somebody typed looks like facts, and holds what some databases take in no JSON.
      const typed = '","code":"made-up","times":9,"x":"\0 \\","code":"made-up';
      await store.audit.append([
        of(-1),
        of(0, { facts: { username: 'code', kind: 'password' } }),
        of(99),
        of(100, { what: 'other' }),
        refused(100, { code: 'wrong-credentials', username: typed }),
        refused(150, { username: typed, code: 'wrong-credentials' }),
        refused(199, { code: 'account-blocked', times: 40, username: 'ü' }),
        refused(199, { code: 'account-blocked', times: 2 }),
        refused(200, { times: 7, name: typed }),
        of(299, { what: 'second' }),
        of(300),
      ]);
      const span = { since: at, until: at + 300, stepMs: 100 };
      const tally = async (what: readonly string[], more: Partial<typeof span> = {}) =>
        (await store.audit.tally({ what, ...span, ...more })).toSorted(
          (one, other) => one.bucket - other.bucket || one.times - other.times,
        );
      assert.deepEqual(await tally(['counted', 'second']), [
        { bucket: 0, outcome: 'done', code: undefined, times: 2 },
        { bucket: 1, outcome: 'refused', code: 'wrong-credentials', times: 2 },
        { bucket: 1, outcome: 'refused', code: 'account-blocked', times: 42 },
        { bucket: 2, outcome: 'done', code: undefined, times: 1 },
        { bucket: 2, outcome: 'refused', code: undefined, times: 7 },
      ]);
      assert.deepEqual(await tally(['second']), [{ bucket: 2, outcome: 'done', code: undefined, times: 1 }]);
      assert.deepEqual(await tally(['counted'], { since: at + 1, until: at + 100 }), [
        { bucket: 0, outcome: 'done', code: undefined, times: 1 },
      ]);
      assert.deepEqual(await tally(['none']), []);
    });

    it('gives sealed entries in their order, of whom and when it is asked', async () => {
      const [ada, bob] = [freshId(), freshId()];
      const at = noon + 2_000_000;
      await store.audit.append([
        sampleAudit(ada, { at, actorId: bob, facts: { n: 0 } }),
        sampleAudit(bob, { at: at + 1, actorId: undefined, facts: { n: 1 } }),
        sampleAudit(ada, { at: at + 2, actorId: ada, facts: { n: 2 } }),
      ]);
      const sealer = sealerOf(Buffer.alloc(32, 1));
      await beginTrail({ audit: store.audit, sealer, random: systemRandom });
      await sealTrail({ audit: store.audit, sealer });
      const of = async (filter: AuditFilter): Promise<readonly string[]> =>
        (await store.audit.sealed({ position: 0, seq: 0 }, 100, { since: at, ...filter })).map(
          ({ row }) => row.factsText,
        );
      assert.deepEqual(await of({}), ['{"n":0}', '{"n":1}', '{"n":2}']);
      assert.deepEqual(await of({ accountId: bob }), ['{"n":0}', '{"n":1}']);
      assert.deepEqual(await of({ accountId: ada }), ['{"n":0}', '{"n":2}']);
      assert.deepEqual(await of({ since: at + 1, until: at + 2 }), ['{"n":1}']);
      const [first] = await store.audit.sealed({ position: 0, seq: 0 }, 1, { since: at });
      assert.ok(first);
      const behind = await store.audit.sealed({ position: first.position, seq: first.row.seq }, 100);
      assert.deepEqual(
        behind.map(({ position }) => position - first.position),
        [1, 2],
      );
      const { entries } = await store.audit.page({ accountId: bob }, 1);
      assert.deepEqual(entries[0]?.link, { position: first.position + 1, seal: behind[0]?.seal });
    });

    it('takes thousands of entries in one write', async () => {
      const id = freshId();
      await store.audit.append(Array.from({ length: 5_000 }, (_, at) => sampleAudit(id, { at })));
      assert.equal((await store.audit.newest(10_000, id)).length, 5_000);
    });
  });
}
