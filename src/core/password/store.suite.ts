import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  eight,
  freshId,
  heardDuring,
  noon,
  type OpenGround,
  race,
  sampleAccount,
  sampleAudit,
} from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';

/** What every backend's passwords must do; what they do to sessions stands in the suite of `session`. */
export function passwordStoreSuite(backend: string, open: OpenGround): void {
  describe(`passwords on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const add = async (passwordHash: string | undefined): Promise<string> => {
      const account = sampleAccount({ passwordHash, hasPassword: passwordHash !== undefined });
      await store.accounts.add(account, sampleAudit(account.id));
      return account.id;
    };
    const change = (accountId: string, hash: string, expected?: string) => ({
      accountId,
      hash,
      expected,
      exceptToken: undefined,
      changeRequired: undefined,
      now: noon + 1,
    });

    it('gives the stored form to whoever asks for it, and to nobody else', async () => {
      const id = await add('secret-hash');
      assert.equal(await store.passwords.hashOf(id), 'secret-hash');
      assert.equal(await store.passwords.hashOf(await add(undefined)), undefined);
      assert.equal(await store.passwords.hashOf(freshId()), undefined);
      assert.doesNotMatch(JSON.stringify(await store.accounts.byId(id)), /secret-hash/u);
    });

    it('sets a password only where the expected one is still there', async () => {
      const id = await add('one');
      const audit = sampleAudit(id);
      assert.equal(await store.passwords.setPassword(change(id, 'two', 'other'), audit), false);
      assert.equal(await store.passwords.hashOf(id), 'one');
      assert.equal(await store.passwords.setPassword(change(id, 'two', 'one'), audit), true);
      assert.equal(await store.passwords.setPassword(change(id, 'three'), audit), true);
      assert.equal(await store.passwords.hashOf(id), 'three');
      assert.equal(await store.passwords.setPassword(change(freshId(), 'two'), audit), false);
    });

    it('lets one of eight replace the same password', async () => {
      const id = await add('start');
      let current = 'start';
      await race(store, async () => {
        const outcomes = await eight(
          async (index) =>
            await store.passwords.setPassword(change(id, `${current}${index}`, current), sampleAudit(id)),
        );
        assert.equal(outcomes.filter(Boolean).length, 1);
        current = `${current}${outcomes.indexOf(true)}`;
        assert.equal(await store.passwords.hashOf(id), current);
      });
    });

    it('tells which fields changed', async () => {
      const id = await add(undefined);
      const set = async (given: object, actorId: string) =>
        await heardDuring(store, async () => {
          await store.passwords.setPassword({ ...change(id, 'x'), ...given }, sampleAudit(id, { actorId }));
        });
      const said = (changed: string[], forced: boolean) => [{ kind: 'account', accountId: id, changed, forced }];
      assert.deepEqual(await set({}, id), said(['hasPassword', 'updatedAt'], false));
      const required = { changeRequired: { reason: 'leaked' } };
      assert.deepEqual(await set(required, 'other'), said(['passwordChange', 'updatedAt'], true));
      const account = await store.accounts.byId(id);
      assert.deepEqual(
        [account?.hasPassword, account?.passwordChange, account?.updatedAt],
        [true, { reason: 'leaked' }, noon + 1],
      );
      assert.deepEqual(await set(required, id), said(['updatedAt'], false));
      assert.deepEqual(await set({}, id), said(['passwordChange', 'updatedAt'], false));
      assert.equal((await store.accounts.byId(id))?.passwordChange, undefined);
    });
  });
}
