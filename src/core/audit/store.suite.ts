import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eight, freshId, noon, type OpenGround, race, sampleAudit } from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';

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

    it('takes thousands of entries in one write', async () => {
      const id = freshId();
      await store.audit.append(Array.from({ length: 5_000 }, (_, at) => sampleAudit(id, { at })));
      assert.equal((await store.audit.newest(10_000, id)).length, 5_000);
    });
  });
}
