import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  eight,
  freshId,
  heardDuring,
  noon,
  type OpenGround,
  openSample,
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
    const mailed = async (accountId: string) => {
      const address = `${accountId}@example.org`;
      const account = await store.accounts.byId(accountId);
      const edit = { emails: [{ address, verified: false }] };
      await store.accounts.edit(accountId, edit, noon, sampleAudit(accountId));
      const link = { hash: `link-${freshId()}`, kind: 'sample' };
      await store.challenges.put({ ...link, accountId, facts: {}, endsAt: noon + 60_000 });
      return { ...link, address, lastLogInAt: account?.lastLogInAt };
    };
    const change = (accountId: string, hash: string, expected?: string) => ({
      accountId,
      hash,
      expected,
      formerKept: 2,
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

    it('is set on the word of one of eight sessions, and ends the others', async () => {
      await race(
        store,
        async () => {
          const id = await add('start');
          const sessions = await eight(async () => await openSample(store, id));
          const set = await eight(
            async (n) =>
              await store.passwords.setPassword(
                { ...change(id, `by ${n}`), exceptToken: sessions[n] },
                sampleAudit(id),
              ),
          );
          assert.equal(set.filter(Boolean).length, 1);
          assert.equal(await store.passwords.hashOf(id), `by ${set.indexOf(true)}`);
          assert.deepEqual([...(await store.tokens.alive(sessions, noon))], [sessions[set.indexOf(true)]]);
        },
        5,
      );
    });

    it('ends personal tokens only where it is told to', async () => {
      const id = await add('start');
      for (const pool of ['personal', 'script'] as const) await openSample(store, id, { pool });
      const left = async () => (await store.tokens.list(id, ['personal', 'script'], noon)).map(({ pool }) => pool);
      assert.equal(await store.passwords.setPassword(change(id, 'two'), sampleAudit(id)), true);
      assert.deepEqual(await left(), ['personal']);
      const given = { ...change(id, 'three'), takesOver: true };
      assert.equal(await store.passwords.setPassword(given, sampleAudit(id)), true);
      assert.deepEqual(await left(), []);
    });

    it('lets one of eight set it by the same mailed link, which verifies the address', async () => {
      await race(
        store,
        async () => {
          const id = await add('start');
          const link = await mailed(id);
          const set = await eight(
            async (n) => await store.passwords.setPassword({ ...change(id, `by ${n}`), link }, sampleAudit(id)),
          );
          assert.equal(set.filter(Boolean).length, 1);
          assert.equal(await store.passwords.hashOf(id), `by ${set.indexOf(true)}`);
          assert.deepEqual((await store.accounts.byId(id))?.emails, [{ address: `${id}@example.org`, verified: true }]);
        },
        5,
      );
    });

    it('sets nothing by a link that is no longer good', async () => {
      const set = async (id: string, link: Awaited<ReturnType<typeof mailed>>, now = noon + 1): Promise<boolean> =>
        await store.passwords.setPassword({ ...change(id, 'fresh', 'start'), now, link }, sampleAudit(id));
      const over = await add('start');
      assert.equal(await set(over, await mailed(over), noon + 60_000), false);
      const otherKind = await add('start');
      assert.equal(await set(otherKind, { ...(await mailed(otherKind)), kind: 'other' }), false);
      const others = await add('start');
      assert.equal(await set(others, await mailed(over)), false);
      const moved = await add('start');
      assert.equal(await set(moved, { ...(await mailed(moved)), address: 'other@example.org' }), false);
      const signedIn = await add('start');
      const link = await mailed(signedIn);
      await openSample(store, signedIn);
      assert.equal(await set(signedIn, link), false);
      const closed = await add('start');
      const ofClosed = await mailed(closed);
      await store.accounts.setOpen(closed, false, noon, sampleAudit(closed));
      assert.equal(await set(closed, ofClosed), false);
      assert.equal(await store.passwords.hashOf(others), 'start');
      for (const id of [over, otherKind, moved, signedIn, closed]) {
        assert.equal(await store.passwords.hashOf(id), 'start');
        assert.equal((await store.accounts.byId(id))?.emails[0]?.verified, false);
      }
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

    it('keeps the passwords before, the latest first, and no more than it shall', async () => {
      const id = await add('one');
      assert.deepEqual(await store.passwords.kept(id, 5), { current: 'one', former: [] });
      const audit = sampleAudit(id);
      // All in one moment: the order is theirs all the same.
      for (const hash of ['two', 'three', 'four']) await store.passwords.setPassword(change(id, hash), audit);
      assert.deepEqual(await store.passwords.kept(id, 5), { current: 'four', former: ['three', 'two'] });
      assert.deepEqual(await store.passwords.kept(id, 1), { current: 'four', former: ['three'] });
      assert.deepEqual(await store.passwords.kept(id, 0), { current: 'four', former: [] });
      await store.passwords.setPassword({ ...change(id, 'five'), formerKept: 4 }, audit);
      assert.deepEqual((await store.passwords.kept(id, 5)).former, ['four', 'three', 'two']);
      await store.passwords.setPassword({ ...change(id, 'six'), formerKept: 1 }, audit);
      assert.deepEqual((await store.passwords.kept(id, 5)).former, ['five']);
      await store.passwords.setPassword(change(id, 'seven', 'not this'), audit);
      assert.deepEqual(await store.passwords.kept(id, 5), { current: 'six', former: ['five'] });
    });

    it('keeps nothing of an account that had no password, and of one that is gone', async () => {
      const id = await add(undefined);
      await store.passwords.setPassword(change(id, 'one'), sampleAudit(id));
      assert.deepEqual(await store.passwords.kept(id, 5), { current: 'one', former: [] });
      await store.passwords.setPassword(change(id, 'two'), sampleAudit(id));
      await store.accounts.remove(id, sampleAudit(id));
      assert.deepEqual(await store.passwords.kept(id, 5), { current: undefined, former: [] });
    });

    it('parts an account that is taken over from every identity, and another one from none', async () => {
      for (const takesOver of [false, true]) {
        const id = await add('one');
        const identity = { provider: 'sample', subject: `subject-${id}`, facts: {} };
        assert.equal(await store.identities.link(identity, id, {}, noon, sampleAudit(id)), 'linked');
        assert.equal(await store.passwords.setPassword({ ...change(id, 'two'), takesOver }, sampleAudit(id)), true);
        assert.equal((await store.identities.ofAccount(id)).length, takesOver ? 0 : 1);
      }
    });

    it('keeps no password of those who lost a race for the change', async () => {
      await race(store, async () => {
        const id = await add('start');
        const outcomes = await eight(
          async (index) => await store.passwords.setPassword(change(id, `mine ${index}`, 'start'), sampleAudit(id)),
        );
        const current = `mine ${outcomes.indexOf(true)}`;
        assert.deepEqual(await store.passwords.kept(id, 5), { current, former: ['start'] });
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
        [true, { reason: 'leaked', since: noon + 1 }, noon + 1],
      );
      assert.deepEqual(await set(required, id), said(['updatedAt'], false));
      assert.deepEqual(await set({}, id), said(['passwordChange', 'updatedAt'], false));
      assert.equal((await store.accounts.byId(id))?.passwordChange, undefined);
    });
  });
}
