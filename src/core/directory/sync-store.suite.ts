import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { NewAccount } from '../account/store.ts';
import {
  eight,
  freshId,
  noon,
  type OpenGround,
  openSample,
  race,
  sampleAccount,
  sampleAudit,
} from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import type { Leaving } from './sync-store.ts';

/** What every backend must do so that accounts can be kept in step with a directory. */
export function syncStoreSuite(backend: string, open: OpenGround): void {
  describe(`keeping in step on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
      const administrator = sampleAccount({ roles: ['admin'] });
      await store.accounts.add(administrator, sampleAudit(administrator.id));
    });
    after(async () => {
      await store.close();
    });

    const provider = (): string => `ldap-${freshId()}`;
    const join = async (name: string, subject: string, given: Partial<NewAccount> = {}): Promise<string> => {
      const account = sampleAccount(given);
      const identity = { provider: name, subject, facts: { dn: subject }, unused: true } as const;
      const outcome = await store.identities.addAccount(account, identity, [sampleAudit(account.id)]);
      assert.equal(outcome, 'added');
      return account.id;
    };
    const seen = (subject: string, shut = false) => ({ subject, shut, facts: undefined });
    const all = (name: string, at: number, more: Partial<Leaving> = {}): Leaving => ({
      provider: name,
      at,
      begunAt: at,
      missing: true,
      shut: true,
      ...more,
    });
    const leavers = async (leaving: Leaving) =>
      (await store.sync.leavers(leaving, '', 100)).map(({ subject, because }) => `${subject} ${because}`);

    it('tells accounts by what the directory calls them, and joins of nobody as unused', async () => {
      const name = provider();
      const id = await join(name, 's1', { name: 'Grace', roles: ['user', 'bot'] });
      await join(provider(), 's2');
      const found = await store.sync.joined(name, ['s1', 's2', 's3']);
      assert.deepEqual([...found.keys()], ['s1']);
      const one = found.get('s1');
      assert.deepEqual([one?.account.id, one?.account.roles], [id, ['user', 'bot']]);
      assert.equal(one?.account.emails.length, 1);
      assert.deepEqual([one?.identity.usedAt, one?.identity.seenAt], [undefined, undefined]);
      assert.deepEqual([...(await store.sync.joined(name, []))], []);
    });

    it('tells whom a run did not see, and whom it saw shut', async () => {
      const name = provider();
      for (const subject of ['a', 'b', 'c', 'd']) await join(name, subject);
      await join(name, 'closed', { open: false });
      const at = noon + 10;
      await store.sync.see(name, [seen('a'), seen('b', true), seen('nobody')], at);
      assert.deepEqual(await leavers(all(name, at)), ['b disabled', 'c missing', 'd missing']);
      assert.deepEqual(await store.sync.tally(all(name, at)), { open: 4, leaving: 3 });
      assert.deepEqual(await leavers(all(name, at, { missing: false })), ['b disabled']);
      assert.deepEqual(await leavers(all(name, at, { shut: false })), ['c missing', 'd missing']);
      assert.deepEqual(await leavers(all(name, at, { missing: false, shut: false })), []);
      const [first] = await store.sync.leavers(all(name, at), '', 1);
      assert.deepEqual((await store.sync.leavers(all(name, at), first?.subject ?? '', 1))[0]?.subject, 'c');
      // The next run sees them all: what the last one marked is over.
      await store.sync.see(
        name,
        ['a', 'b', 'c', 'd'].map((subject) => seen(subject)),
        at + 1,
      );
      assert.deepEqual(await leavers(all(name, at + 1)), []);
    });

    it('keeps the marks of the later run, and what the directory tells', async () => {
      const name = provider();
      await join(name, 'a');
      await store.sync.see(name, [{ ...seen('a'), facts: { dn: 'new' } }], noon + 20);
      await store.sync.see(name, [seen('a', true)], noon + 10);
      const kept = (await store.sync.joined(name, ['a'])).get('a')?.identity;
      assert.deepEqual([kept?.seenAt, kept?.facts], [noon + 20, { dn: 'new' }]);
      assert.deepEqual(await leavers(all(name, noon + 20)), []);
    });

    it('takes nobody for gone who came, or signed in, since the run began', async () => {
      const name = provider();
      await join(name, 'old');
      const came = sampleAccount({ createdAt: noon + 20 });
      await store.identities.addAccount(came, { provider: name, subject: 'new', facts: {} }, [sampleAudit(came.id)]);
      await join(name, 'used');
      await store.identities.use({ provider: name, subject: 'used', facts: {} }, noon + 11);
      assert.deepEqual(await leavers(all(name, noon + 10)), ['old missing']);
    });

    it('goes by the clock for that, whatever the marks say, and by no clock that went wrong', async () => {
      const name = provider();
      const far = noon + 365 * 86_400_000;
      await join(name, 'old');
      const came = sampleAccount({ createdAt: noon + 20 });
      await store.identities.addAccount(came, { provider: name, subject: 'new', facts: {} }, [sampleAudit(came.id)]);
      await join(name, 'ahead');
      await store.identities.use({ provider: name, subject: 'ahead', facts: {} }, far);
      const late = sampleAccount({ createdAt: far });
      await store.identities.addAccount(late, { provider: name, subject: 'late', facts: {}, unused: true }, [
        sampleAudit(late.id),
      ]);
      await store.sync.see(name, [seen('old')], far);
      const run = all(name, far + 1, { begunAt: noon + 10 });
      assert.deepEqual(await leavers(run), ['ahead missing', 'late missing', 'old missing']);
    });

    it('keeps an account that is there by another of its identities', async () => {
      const name = provider();
      const id = await join(name, 'former');
      await store.identities.link({ provider: name, subject: 'present', facts: {} }, id, {}, noon, sampleAudit(id));
      const at = noon + 10;
      await store.sync.see(name, [seen('present')], at);
      assert.deepEqual(await leavers(all(name, at)), []);
      await store.sync.see(name, [seen('present', true)], at + 1);
      assert.deepEqual(await leavers(all(name, at + 1)), ['former missing', 'present disabled']);
      assert.deepEqual(await store.sync.tally(all(name, at + 1)), { open: 1, leaving: 1 });
    });

    it('lists open accounts that are joined, by subject', async () => {
      const name = provider();
      const one = await join(name, 'a');
      await join(name, 'b', { open: false });
      const other = await join(name, 'c');
      const listed = async (from: string, atMost: number) =>
        (await store.sync.openAccounts(name, from, atMost)).map(({ accountId }) => accountId);
      assert.deepEqual(await listed('', 10), [one, other]);
      assert.deepEqual(await listed('', 1), [one]);
      assert.deepEqual(await listed('a', 10), [other]);
    });

    it('lets one holder have a lease until its time is over', async () => {
      const name = freshId();
      const lease = async (holder: string, now: number) =>
        (await store.sync.lease(name, { holder, now, until: now + 100 })).held;
      await race(
        store,
        async () => {
          const fresh = freshId();
          const got = await eight(
            async (index) =>
              (await store.sync.lease(fresh, { holder: `h${index}`, now: noon, until: noon + 100 })).held,
          );
          assert.equal(got.filter((held) => held).length, 1);
        },
        3,
      );
      assert.equal(await lease('a', noon), true);
      assert.equal(await lease('b', noon + 99), false);
      assert.equal(await lease('a', noon + 99), true, 'its holder renews it');
      assert.equal(await lease('b', noon + 198), false);
      assert.equal(await lease('b', noon + 199), true, 'who died is replaced');
      assert.equal(await lease('a', noon + 200), false);
      await store.sync.endLease(name, 'a', noon + 200);
      assert.equal(await lease('a', noon + 200), false, 'only its holder ends it');
      await store.sync.endLease(name, 'b', noon + 200);
      assert.equal(await lease('a', noon + 200), true);
    });

    it('renews a lease only for whoever has it still, and takes none for held that no right clock gave', async () => {
      const name = freshId();
      const by = (holder: string, now: number) => ({ holder, now, until: now + 100 });
      const renew = async (holder: string, now: number) => (await store.sync.renewLease(name, by(holder, now))).held;
      assert.equal(await renew('a', noon), false, 'nobody took it');
      await store.sync.lease(name, by('a', noon));
      assert.equal(await renew('a', noon + 150), true, 'late, but nobody was in between');
      await store.sync.lease(name, by('b', noon + 250));
      assert.equal(await renew('a', noon + 260), false);
      await store.sync.endLease(name, 'b', noon + 270);
      assert.equal(await renew('a', noon + 280), false, 'another was in between, and is gone again');
      await store.sync.lease(name, by('ahead', noon + 1_000));
      assert.equal((await store.sync.lease(name, by('c', noon + 950))).held, false, 'clocks differ a little');
      assert.equal((await store.sync.lease(name, by('c', noon + 800))).held, true);
    });

    it('keeps what a run leaves for the next', async () => {
      const name = freshId();
      assert.equal(await store.sync.state(name), undefined);
      await store.sync.keepState(name, { at: 1, text: 'ä' }, noon);
      await store.sync.keepState(name, { at: 2 }, noon + 1);
      assert.deepEqual(await store.sync.state(name), { at: 2 });
    });

    it('remembers that a directory closed an account, until somebody else opens or closes it', async () => {
      const id = await join(provider(), 'a');
      const token = await openSample(store, id);
      const because = async () => (await store.accounts.byId(id))?.closedBecause;
      const set = async (isOpen: boolean, reason?: 'directory') =>
        await store.accounts.setOpen(id, isOpen, noon, sampleAudit(id), reason);
      assert.equal(await set(false, 'directory'), 'done');
      assert.equal(await because(), 'directory');
      assert.equal((await store.tokens.find(token))?.token.hash, undefined, 'its tokens ended');
      assert.equal(await set(false), 'done');
      assert.equal(await because(), undefined, 'closed by hand');
      assert.equal(await set(false, 'directory'), 'done');
      assert.equal(await because(), undefined, 'and stays so');
      // A run that read the account before the administrator closed it.
      assert.equal(await set(true, 'directory'), 'unknown');
      assert.equal((await store.accounts.byId(id))?.open, false);
      assert.equal(await set(true), 'done');
      assert.equal(await set(false, 'directory'), 'done');
      assert.equal(await set(true, 'directory'), 'done');
      assert.equal((await store.accounts.byId(id))?.open, true);
      assert.equal(await because(), undefined);
      assert.equal(await set(true, 'directory'), 'unknown', 'it is open');
      const waits = await join(provider(), 'b', { open: false, closedBecause: 'waits-for-approval' });
      await store.accounts.setOpen(waits, false, noon, sampleAudit(waits));
      assert.equal((await store.accounts.byId(waits))?.closedBecause, 'waits-for-approval');
    });
  });
}
