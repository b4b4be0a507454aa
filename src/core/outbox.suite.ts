import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { OutboxMail } from './outbox.ts';
import { eight, freshId, noon, type OpenGround, race, sampleAudit } from './samples.suite.ts';
import type { OpenedStore } from './store.ts';

const minuteMs = 60_000;
const lease = noon + 5 * minuteMs;

/** A mail that is due at noon. */
function sampleMail(given: Partial<OutboxMail> = {}): OutboxMail {
  return {
    id: freshId(),
    kind: 'delivery-test',
    recipient: 'ada@example.org',
    subject: 'A test',
    sealedBody: 'sealed',
    state: 'waiting',
    madeAt: noon,
    dueAt: noon,
    tries: 0,
    lastError: undefined,
    sentAt: undefined,
    ...given,
  };
}

/** What every backend must keep to, races included. */
export function outboxStoreSuite(backend: string, open: OpenGround): void {
  describe(`the outbox on ${backend}`, () => {
    let store: OpenedStore;
    let statements: () => readonly string[];
    before(async () => {
      ({ store, statements } = await open());
    });
    after(async () => {
      await store.close();
    });
    afterEach(async () => {
      // Nothing is left for the next test: everything that waits is taken, and then forgotten.
      for (;;) {
        const claimed = await store.outbox.claim(noon * 2, noon * 3);
        if (claimed === undefined) break;
        await store.outbox.settle(claimed, { state: 'failed', dueAt: noon, error: '' });
      }
      await store.outbox.sweep(noon * 3, 10_000);
    });

    const claimed = async (mail: OutboxMail): Promise<OutboxMail> => {
      await store.outbox.add([mail]);
      const taken = await store.outbox.claim(noon, lease);
      assert.equal(taken?.id, mail.id);
      return taken;
    };

    it('gives back what was put in', async () => {
      const mail = sampleMail({ kind: 'authentication-code', recipient: 'zoë@example.org', subject: 'A "subject"' });
      const done = sampleMail({ state: 'sent', tries: 3, lastError: 'an error', sentAt: noon + 1, madeAt: noon + 1 });
      await store.outbox.add([mail, done]);
      await store.outbox.add([]);
      assert.deepEqual(await store.outbox.byId(mail.id), mail);
      assert.deepEqual(await store.outbox.byId(done.id), done);
      assert.equal(await store.outbox.byId('nobody'), undefined);
      assert.deepEqual(await store.outbox.newest(10), [done, mail]);
      assert.deepEqual(await store.outbox.newest(1), [done]);
    });

    it('puts in all mails or none', async () => {
      const [one, other] = [sampleMail(), sampleMail()];
      await assert.rejects(store.outbox.add([one, other, one]));
      assert.deepEqual(await store.outbox.newest(10), []);
    });

    it('hands out what is due, the oldest first, and counts the try', async () => {
      const [early, late, later] = [
        sampleMail({ dueAt: noon - 1 }),
        sampleMail({ dueAt: noon }),
        sampleMail({ dueAt: noon + 1 }),
      ];
      const others = (['sent', 'failed', 'kept'] as const).map((state) => sampleMail({ state, dueAt: 0 }));
      await store.outbox.add([late, later, early, ...others]);
      assert.deepEqual(await store.outbox.claim(noon, lease), { ...early, dueAt: lease, tries: 1 });
      assert.deepEqual(await store.outbox.claim(noon, lease), { ...late, dueAt: lease, tries: 1 });
      assert.equal(await store.outbox.claim(noon, lease), undefined);
    });

    it('asks with one statement while nothing is due', async () => {
      statements();
      await store.outbox.claim(noon, lease);
      assert.equal(statements().length, 1);
    });

    it('hands out again what was claimed and never settled, when the lease is over', async () => {
      const first = await claimed(sampleMail());
      assert.equal(await store.outbox.claim(lease - 1, lease + minuteMs), undefined);
      const second = await store.outbox.claim(lease, lease + minuteMs);
      assert.equal(second?.id, first.id);
      assert.equal(second.tries, 2);
      // Whoever held it before has nothing to say any more.
      const sent = { state: 'sent', at: lease, dueAt: lease } as const;
      assert.equal(await store.outbox.settle(first, sent), false);
      assert.equal((await store.outbox.byId(first.id))?.state, 'waiting');
      assert.equal(await store.outbox.settle(second, sent), true);
      assert.equal(await store.outbox.settle(second, sent), false);
    });

    it('drops the text of what was sent, and its last error', async () => {
      const mail = await claimed(sampleMail({ lastError: 'once' }));
      await store.outbox.settle(mail, { state: 'sent', at: noon + 7, dueAt: noon + 9 });
      assert.deepEqual(await store.outbox.byId(mail.id), {
        ...mail,
        state: 'sent',
        sealedBody: '',
        lastError: undefined,
        sentAt: noon + 7,
        dueAt: noon + 9,
      });
    });

    it('keeps the error and the text of what was not sent', async () => {
      for (const state of ['waiting', 'failed'] as const) {
        const mail = await claimed(sampleMail());
        await store.outbox.settle(mail, { state, dueAt: noon + 9, error: 'refused' });
        assert.deepEqual(await store.outbox.byId(mail.id), { ...mail, state, lastError: 'refused', dueAt: noon + 9 });
      }
      const mail = await claimed(sampleMail({ lastError: 'before' }));
      await store.outbox.settle(mail, { state: 'kept', dueAt: noon + 9 });
      assert.deepEqual(await store.outbox.byId(mail.id), { ...mail, state: 'kept', dueAt: noon + 9 });
    });

    it('tries again only what failed or is kept', async () => {
      for (const state of ['failed', 'kept', 'waiting', 'sent'] as const) {
        const mail = sampleMail({ state, tries: 9, dueAt: noon + minuteMs });
        await store.outbox.add([mail]);
        const again = state === 'failed' || state === 'kept';
        const audit = sampleAudit(undefined, { what: 'mail.retry', facts: { mail: mail.id } });
        assert.equal(await store.outbox.retry(mail.id, noon, audit), again, state);
        const [newest] = await store.audit.newest(1);
        assert.equal(newest?.facts['mail'] === mail.id, again, state);
        const there = await store.outbox.byId(mail.id);
        assert.deepEqual(there, again ? { ...mail, state: 'waiting', tries: 0, dueAt: noon } : mail);
      }
      assert.equal(await store.outbox.retry('nobody', noon, sampleAudit(undefined)), false);
    });

    it('forgets a mail in any state, and what was being sent is settled by nobody', async () => {
      const sending = await claimed(sampleMail());
      for (const mail of [sending, ...(['sent', 'failed', 'kept'] as const).map((state) => sampleMail({ state }))]) {
        if (mail !== sending) await store.outbox.add([mail]);
        const audit = sampleAudit(undefined, { what: 'mail.remove', facts: { mail: mail.id } });
        assert.equal(await store.outbox.remove(mail.id, audit), true);
        assert.equal(await store.outbox.byId(mail.id), undefined);
        assert.deepEqual(await store.audit.newest(1), [audit]);
        const again = sampleAudit(undefined, { what: 'again' });
        assert.equal(await store.outbox.remove(mail.id, again), false);
        assert.deepEqual(await store.audit.newest(1), [audit]);
      }
      assert.equal(await store.outbox.settle(sending, { state: 'sent', at: noon, dueAt: noon }), false);
    });

    it('gives pages of all and of one state, the newest first', async () => {
      const states = ['waiting', 'failed', 'sent', 'kept'] as const;
      const mails = Array.from({ length: 12 }, (_none, n) =>
        sampleMail({ state: states[n % 4] ?? 'sent', madeAt: noon + Math.floor(n / 3), dueAt: noon * 4 }),
      );
      await store.outbox.add(mails);
      const newestFirst = mails.toReversed();
      const all = await store.outbox.page({ state: undefined, offset: 0, count: 100 });
      assert.deepEqual(all, { mails: newestFirst, total: 12 });
      const second = await store.outbox.page({ state: undefined, offset: 5, count: 5 });
      assert.deepEqual(second, { mails: newestFirst.slice(5, 10), total: 12 });
      for (const state of states) {
        const those = newestFirst.filter((mail) => mail.state === state);
        assert.deepEqual(await store.outbox.page({ state, offset: 0, count: 2 }), {
          mails: those.slice(0, 2),
          total: 3,
        });
        assert.deepEqual(await store.outbox.page({ state, offset: 2, count: 2 }), { mails: those.slice(2), total: 3 });
      }
      for (const { id } of mails) await store.outbox.remove(id, sampleAudit(undefined));
      assert.deepEqual(await store.outbox.page({ state: undefined, offset: 0, count: 5 }), { mails: [], total: 0 });
    });

    it('forgets what is over, so many at a time, and never what waits', async () => {
      const over = (['sent', 'failed', 'kept'] as const).map((state) => sampleMail({ state, dueAt: noon }));
      const left = [sampleMail({ state: 'sent', dueAt: noon + 1 }), sampleMail({ dueAt: noon })];
      await store.outbox.add([...over, ...left]);
      assert.deepEqual([await store.outbox.sweep(noon, 2), await store.outbox.sweep(noon, 2)], [2, 1]);
      assert.equal(await store.outbox.sweep(noon, 2), 0);
      const ids = (await store.outbox.newest(10)).map(({ id }) => id);
      assert.deepEqual(ids.toSorted(), left.map(({ id }) => id).toSorted());
    });

    it('gives one mail to one of eight', async () => {
      await race(store, async () => {
        const mail = sampleMail();
        await store.outbox.add([mail]);
        const taken = (await eight(async () => await store.outbox.claim(noon, lease))).filter(
          (one) => one !== undefined,
        );
        assert.deepEqual(
          taken.map(({ id, tries }) => [id, tries]),
          [[mail.id, 1]],
        );
      });
    });

    it('gives eight mails to eight, each to one', async () => {
      await race(
        store,
        async () => {
          await store.outbox.add(Array.from({ length: 8 }, () => sampleMail()));
          const taken = await eight(async () => await store.outbox.claim(noon, lease));
          const ids = taken.flatMap((one) => (one === undefined ? [] : [one.id]));
          assert.equal(new Set(ids).size, ids.length);
          // What another was just taking is passed over, not waited for: nobody may be left without one for good.
          while ((await store.outbox.claim(noon, lease)) !== undefined) ids.push('');
          assert.equal(ids.length, 8);
        },
        5,
      );
    });
  });
}
