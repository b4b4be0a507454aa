import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eight, freshId, noon, type OpenGround, race, sampleAccount, sampleAudit } from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import type { Challenge } from './challenge-store.ts';

/** What every backend must keep to, races included. */
export function challengeStoreSuite(backend: string, open: OpenGround): void {
  describe(`challenges on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const sample = (more: Partial<Challenge> = {}): Challenge => ({
      hash: `hash-${freshId()}`,
      kind: 'sample',
      accountId: undefined,
      facts: { text: 'x', count: 2, deep: [{ yes: true }] },
      endsAt: noon + 60_000,
      ...more,
    });
    const add = async (): Promise<string> => {
      const account = sampleAccount();
      await store.accounts.add(account, sampleAudit(account.id));
      return account.id;
    };

    it('are found as they were put, as often as asked, and taken once', async () => {
      for (const accountId of [undefined, await add()]) {
        const challenge = sample({ accountId });
        await store.challenges.put(challenge);
        assert.deepEqual(await store.challenges.find(challenge.hash, 'sample', noon), challenge);
        assert.deepEqual(await store.challenges.find(challenge.hash, 'sample', noon), challenge);
        assert.deepEqual(await store.challenges.take(challenge.hash, 'sample', noon), challenge);
        assert.equal(await store.challenges.find(challenge.hash, 'sample', noon), undefined);
        assert.equal(await store.challenges.take(challenge.hash, 'sample', noon), undefined);
      }
    });

    it('are good for their own kind only, and asking for another kind does not use them up', async () => {
      const challenge = sample();
      await store.challenges.put(challenge);
      assert.equal(await store.challenges.take(challenge.hash, 'other', noon), undefined);
      assert.equal(await store.challenges.find(challenge.hash, 'other', noon), undefined);
      assert.deepEqual(await store.challenges.take(challenge.hash, 'sample', noon), challenge);
    });

    it('end at their moment', async () => {
      const challenge = sample();
      await store.challenges.put(challenge);
      assert.notEqual(await store.challenges.find(challenge.hash, 'sample', challenge.endsAt - 1), undefined);
      assert.equal(await store.challenges.find(challenge.hash, 'sample', challenge.endsAt), undefined);
      assert.equal(await store.challenges.take(challenge.hash, 'sample', challenge.endsAt), undefined);
    });

    it('go with their account, and are not kept for one that is gone', async () => {
      const accountId = await add();
      const [earlier, later] = [sample({ accountId }), sample({ accountId })];
      await store.challenges.put(earlier);
      await store.accounts.remove(accountId, sampleAudit(accountId));
      await store.challenges.put(later);
      for (const { hash } of [earlier, later]) {
        assert.equal(await store.challenges.take(hash, 'sample', noon), undefined);
      }
    });

    it('are kept once where that is asked, also by eight at once', async () => {
      const challenge = sample();
      const kept = await Promise.all(Array.from({ length: 8 }, async () => await store.challenges.putOnce(challenge)));
      assert.deepEqual(
        kept.filter((one) => one),
        [true],
      );
      assert.deepEqual(await store.challenges.take(challenge.hash, 'sample', noon), challenge);
    });

    it('of nobody are replaced, also by eight at once, and not by one of another kind', async () => {
      const challenge = { ...sample(), accountId: undefined };
      await race(store, async () => {
        await eight(async (index) => {
          await store.challenges.replace({ ...challenge, facts: { index } });
        });
      });
      const last = { ...challenge, facts: { last: true }, endsAt: noon + 5 };
      await store.challenges.replace(last);
      await store.challenges.replace({ ...challenge, kind: 'other' });
      assert.deepEqual(await store.challenges.take(challenge.hash, 'sample', noon), last);
      assert.equal(await store.challenges.find(challenge.hash, 'other', noon), undefined);
    });

    it('are swept a few at a time when they have ended, and not before', async () => {
      const ended = Array.from({ length: 5 }, () => sample({ endsAt: noon - 1_000 }));
      const other = sample();
      for (const challenge of [...ended, other]) await store.challenges.put(challenge);
      assert.equal(await store.challenges.sweep(noon, 3), 3);
      assert.equal(await store.challenges.sweep(noon, 3), 2);
      assert.equal(await store.challenges.sweep(noon, 3), 0);
      assert.deepEqual(await store.challenges.find(other.hash, 'sample', noon), other);
    });

    it('of an account give way to a newer one of their kind, and to no other', async () => {
      const accountId = await add();
      const limit = { most: 10, windowMs: 3_600_000, now: noon };
      const [first, second, other] = [
        sample({ accountId }),
        sample({ accountId }),
        sample({ accountId, kind: 'other' }),
      ];
      for (const challenge of [first, other, second]) {
        assert.equal(
          await store.challenges.putNewest({ ...challenge, accountId }, limit, sampleAudit(accountId)),
          true,
        );
      }
      assert.equal(await store.challenges.find(first.hash, 'sample', noon), undefined);
      assert.deepEqual(await store.challenges.find(second.hash, 'sample', noon), second);
      assert.deepEqual(await store.challenges.find(other.hash, 'other', noon), other);
      assert.equal((await store.audit.newest(10, accountId)).length, 4);
    });

    it('are kept so often within a window, also by eight at once, and the last stays where no more are', async () => {
      await race(
        store,
        async () => {
          const accountId = await add();
          const limit = { most: 3, windowMs: 1_000, now: noon };
          const put = async (more: Partial<typeof limit> = {}) => {
            const challenge = sample({ accountId });
            const given = { ...limit, ...more };
            return (await store.challenges.putNewest({ ...challenge, accountId }, given, sampleAudit(accountId)))
              ? challenge
              : undefined;
          };
          const kept = (await eight(async () => await put())).filter((one) => one !== undefined);
          assert.equal(kept.length, 3);
          const found = await Promise.all(
            kept.map(async ({ hash }) => await store.challenges.find(hash, 'sample', noon)),
          );
          assert.equal(found.filter((one) => one !== undefined).length, 1);
          assert.equal(await put({ now: noon + 999 }), undefined);
          assert.notEqual(await put({ now: noon + 1_000 }), undefined);
        },
        5,
      );
    });

    it('are not kept for an account that is gone', async () => {
      const accountId = freshId();
      const limit = { most: 3, windowMs: 1_000, now: noon };
      const challenge = { ...sample(), accountId };
      assert.equal(await store.challenges.putNewest(challenge, limit, sampleAudit(accountId)), false);
      assert.deepEqual(await store.audit.newest(10, accountId), []);
    });

    it('go to one of eight that take the same at once', async () => {
      await race(store, async () => {
        const challenge = sample();
        await store.challenges.put(challenge);
        const taken = await eight(async () => await store.challenges.take(challenge.hash, 'sample', noon));
        assert.equal(taken.filter((one) => one !== undefined).length, 1);
      });
    });
  });
}
