import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freshId, noon, type OpenGround, openSample, sampleAccount, sampleAudit } from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';

/** What every backend must do for browsers that stay signed in. */
export function pageSessionStoreSuite(backend: string, open: OpenGround): void {
  describe(`browsers that stay signed in on ${backend}`, () => {
    let store: OpenedStore;
    let accountId = '';
    before(async () => {
      ({ store } = await open());
      const account = sampleAccount();
      accountId = account.id;
      await store.accounts.add(account, sampleAudit(accountId));
    });
    after(async () => {
      await store.close();
    });

    const kept = (tokenHash: string) => ({ tokenHash, madeAt: noon, kind: 'password' });

    it('are found as they were put, until they are removed', async () => {
      const tokenHash = await openSample(store, accountId);
      const [one, other] = [freshId(), freshId()];
      for (const hash of [one, other]) assert.equal(await store.pageSessions.put(hash, kept(tokenHash)), true);
      assert.deepEqual(await store.pageSessions.find(one), kept(tokenHash));
      await store.pageSessions.remove(one);
      assert.equal(await store.pageSessions.find(one), undefined);
      assert.deepEqual(await store.pageSessions.find(other), kept(tokenHash));
      assert.notEqual(await store.tokens.find(tokenHash), undefined, 'the session itself goes on');
      await store.pageSessions.remove('nobody');
    });

    it('are not kept for a session that is gone', async () => {
      const hash = freshId();
      assert.equal(await store.pageSessions.put(hash, kept('no such session')), false);
      assert.equal(await store.pageSessions.find(hash), undefined);
    });

    it('go with the session behind them, and with the account', async () => {
      const [ended, staying] = [await openSample(store, accountId), await openSample(store, accountId)];
      const [one, other] = [freshId(), freshId()];
      await store.pageSessions.put(one, kept(ended));
      await store.pageSessions.put(other, kept(staying));
      await store.tokens.end(ended, sampleAudit(accountId));
      assert.equal(await store.pageSessions.find(one), undefined);
      assert.deepEqual(await store.pageSessions.find(other), kept(staying));
      await store.accounts.remove(accountId, sampleAudit(accountId));
      assert.equal(await store.pageSessions.find(other), undefined);
    });
  });
}
