import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Moment } from '../ports.ts';
import { eight, noon, type OpenGround, race, sampleAccount, sampleAudit, sampleToken } from '../samples.suite.ts';
import { addressList } from '../setting/address-list.ts';
import type { OpenedStore } from '../store.ts';
import type { Limits } from './attempt.ts';
import type { Block, BlockSubject, ClearSubject } from './block-store.ts';
import type { Failure } from './store.ts';

const account = { on: true, failures: 3, windowMs: 60_000 };
const address = { on: true, failures: 5, windowMs: 120_000 };
const codes = { on: true, failures: 4 };
const limits: Limits = { account, address, codes, exempt: { has: () => false } };

/** What every backend's list of blocks must do. */
export function blockStoreSuite(backend: string, open: OpenGround): void {
  describe(`blocks on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });
    beforeEach(async () => {
      // Each test begins with no failures at all, and no wrong codes.
      for (const { subject } of (await list(noon)).blocks) if (subject.kind === 'codes') await clear(subject.accountId);
      while ((await store.tokens.sweep(0, noon * 2, 10_000)) > 0);
    });

    const add = async (): Promise<string> => {
      const made = sampleAccount();
      assert.equal(await store.accounts.add(made, sampleAudit(made.id)), 'added');
      return made.id;
    };
    const fail = async (at: Moment, given: Partial<Failure> = {}): Promise<void> => {
      await store.tokens.fail({
        accountId: undefined,
        claim: { by: 'username', value: 'nobody' },
        addressKey: `192.0.2.${at % 250}`,
        deviceKey: `device ${at}`,
        at,
        wrongFactor: undefined,
        audit: sampleAudit(given.accountId, { at, outcome: 'refused' }),
        ...given,
      });
    };
    const signInFrom = async (accountId: string, device: string): Promise<void> => {
      const { opened } = await store.tokens.open({
        token: sampleToken(accountId),
        provedPasswordHash: undefined,
        betterPasswordHash: undefined,
        device: { key: device },
        isLogIn: true,
        unless: undefined,
        cap: 50,
        forgive: false,
        audit: sampleAudit(accountId),
      });
      assert.ok(opened);
    };
    const list = async (now: Moment, how: { offset?: number; count?: number; limits?: Limits } = {}) =>
      await store.blocks.list({ limits, now, offset: 0, count: 100, ...how });
    const clear = async (accountId: string) =>
      await store.blocks.clear({ kind: 'account', accountId }, sampleAudit(accountId));
    const subjects = (blocks: readonly Block[]): readonly BlockSubject[] => blocks.map(({ subject }) => subject);

    it('are none before the limit, and end when the failure lapses that made it', async () => {
      const id = await add();
      await fail(noon, { accountId: id });
      await fail(noon + 10, { accountId: id });
      assert.deepEqual(await list(noon + 10), { blocks: [], total: 0 });
      await fail(noon + 20, { accountId: id });
      const subject = { kind: 'account', accountId: id } as const;
      const until = noon + 60_000;
      const block = { subject, username: `user-${id}`, failures: 3, since: noon + 20, until };
      assert.deepEqual(await list(noon + 20), { blocks: [block], total: 1 });
      await fail(noon + 30, { accountId: id });
      assert.deepEqual((await list(noon + 30)).blocks, [
        { ...block, failures: 4, since: noon + 30, until: noon + 10 + 60_000 },
      ]);
      assert.equal((await list(noon + 10 + 60_000 - 1)).total, 1);
      assert.equal((await list(noon + 10 + 60_000)).total, 0);
    });

    it('tell accounts, addresses and typed names apart, the newest first, and in pages', async () => {
      const id = await add();
      for (let at = 0; at < 3; at += 1) await fail(noon + at, { accountId: id, addressKey: `10.0.0.${at}` });
      for (let at = 10; at < 13; at += 1) await fail(noon + at, { addressKey: `10.0.0.${at}` });
      for (let at = 20; at < 25; at += 1) await fail(noon + at, { claim: undefined, addressKey: '2001:db8::/64' });
      const { blocks, total } = await list(noon + 30);
      assert.equal(total, 3);
      const [ofAddress, ofName, ofAccount] = subjects(blocks);
      assert.deepEqual(ofAddress, { kind: 'address', address: '2001:db8::/64' });
      assert.equal(ofName?.kind, 'name');
      assert.ok(!JSON.stringify(ofName).includes('nobody'));
      assert.deepEqual(ofAccount, { kind: 'account', accountId: id });
      assert.deepEqual(await list(noon + 30, { offset: 1, count: 1 }), { blocks: blocks.slice(1, 2), total: 3 });
      const off = { ...account, on: false };
      const ofAddresses = await list(noon + 30, { limits: { ...limits, account: off } });
      assert.deepEqual(subjects(ofAddresses.blocks), [ofAddress]);
      const zero = { ...address, failures: 0 };
      assert.equal((await list(noon + 30, { limits: { ...limits, address: zero } })).total, 2);
    });

    it('are told of an account after too many wrong codes in a row, without an end and before all others', async () => {
      const [id, other] = [await add(), await add()];
      for (const one of [id, other]) {
        await store.factors.setEmail(one, true, sampleToken(one).hash, sampleAudit(one));
        for (let at = 0; at < (one === id ? 4 : 3); at += 1) {
          await fail(noon + at, { accountId: one, claim: { by: 'id', value: one }, wrongFactor: 'other' });
        }
      }
      const subject = { kind: 'codes', accountId: id } as const;
      const locked = { subject, username: `user-${id}`, failures: 4, since: undefined, until: undefined };
      const now = await list(noon + 4);
      assert.deepEqual([now.total, now.blocks[0]], [3, locked]);
      const later = await list(noon + 30 * 86_400_000);
      assert.deepEqual(later, { blocks: [locked], total: 1 });
      assert.deepEqual((await list(noon + 4, { count: 1, offset: 1 })).blocks, now.blocks.slice(1, 2));
      const off = { ...limits, codes: { ...codes, on: false } };
      assert.equal((await list(noon + 30 * 86_400_000, { limits: off })).total, 0);
      assert.deepEqual(await clear(id), { failures: 4, wrongCodes: 4 });
      assert.deepEqual(await clear(id), { failures: 0, wrongCodes: 0 });
      assert.deepEqual(subjects((await list(noon + 4)).blocks), [{ kind: 'account', accountId: other }]);
    });

    it('are not told of addresses that are exempt, of a /64 only where all of it is', async () => {
      for (const key of [
        '203.0.113.80',
        '198.51.100.7',
        '2001:db8:1:2::/64',
        '2001:db8:5:6::/64',
        '2001:db8:7:8::/64',
      ]) {
        for (let at = 0; at < 5; at += 1) await fail(noon + at, { claim: undefined, addressKey: key });
      }
      const exempt = addressList('203.0.113.80, 2001:db8:5::/48, 2001:db8:7:8::') ?? assert.fail();
      const { blocks, total } = await list(noon + 5, { limits: { ...limits, exempt } });
      assert.equal(total, 3);
      assert.deepEqual(
        subjects(blocks)
          .map((subject) => ('address' in subject ? subject.address : ''))
          .toSorted(),
        ['198.51.100.7', '2001:db8:1:2::/64', '2001:db8:7:8::/64'],
      );
      assert.equal((await list(noon + 5)).total, 5);
    });

    it('name a device only where it has signed in before', async () => {
      const id = await add();
      for (let at = 0; at < 3; at += 1) await fail(noon + at, { accountId: id, deviceKey: 'stranger' });
      assert.deepEqual(subjects((await list(noon + 3)).blocks), [{ kind: 'account', accountId: id }]);
      await signInFrom(id, 'own device');
      for (let at = 4; at < 7; at += 1) await fail(noon + at, { accountId: id, deviceKey: 'own device' });
      const { blocks } = await list(noon + 7);
      const devices = subjects(blocks).filter(({ kind }) => kind === 'device');
      assert.deepEqual(devices, [{ kind: 'device', accountId: id, device: 'own device' }]);
      assert.ok(blocks.every(({ username }) => username === `user-${id}`));
    });

    it('are cleared one by one, with an entry of the audit trail', async () => {
      const id = await add();
      await signInFrom(id, 'own device');
      for (let at = 0; at < 5; at += 1) {
        await fail(noon + at, { accountId: id, deviceKey: 'own device', addressKey: '10.1.1.1' });
        await fail(noon + at, { addressKey: '10.1.1.2' });
      }
      const listed = subjects((await list(noon + 5)).blocks);
      assert.deepEqual(listed.map(({ kind }) => kind).toSorted(), ['account', 'address', 'address', 'device', 'name']);
      for (const kind of ['name', 'address', 'device', 'account'] as const) {
        for (const subject of listed.filter((one): one is ClearSubject => one.kind === kind)) {
          const audit = sampleAudit(id, { what: `clear ${kind}` });
          assert.deepEqual(await store.blocks.clear(subject, audit), { failures: 5, wrongCodes: 0 }, kind);
          assert.deepEqual(await store.blocks.clear(subject, audit), { failures: 0, wrongCodes: 0 });
        }
        const left = subjects((await list(noon + 5)).blocks);
        assert.ok(left.every((one) => one.kind !== kind));
      }
      assert.equal((await list(noon + 5)).total, 0);
      const audited = await store.audit.newest(100, id);
      assert.equal(audited.filter(({ what }) => what === 'clear account').length, 2);
    });

    it('of an account are cleared with those of its devices, and of nobody else', async () => {
      const [id, other] = [await add(), await add()];
      for (const one of [id, other]) {
        await signInFrom(one, 'own');
        for (let at = 0; at < 3; at += 1) await fail(noon + at, { accountId: one, deviceKey: 'own' });
      }
      assert.equal((await clear(id)).failures, 3);
      const left = subjects((await list(noon + 5)).blocks);
      assert.equal(left.length, 2);
      assert.ok(left.every((subject) => 'accountId' in subject && subject.accountId === other));
    });

    it('are counted once, however many clear them at once', async () => {
      const id = await add();
      await race(
        store,
        async () => {
          for (let at = 0; at < 3; at += 1) await fail(noon + at, { accountId: id });
          const cleared = await eight(async () => await clear(id));
          assert.equal(
            cleared.reduce((sum, { failures }) => sum + failures, 0),
            3,
          );
        },
        5,
      );
    });

    it('of a clock that ran ahead become blocks of the present', async () => {
      const id = await add();
      const hourMs = 3_600_000;
      for (let at = 0; at < 3; at += 1) await fail(noon + hourMs + at, { accountId: id });
      const [block] = (await list(noon)).blocks;
      assert.ok(block?.until !== undefined && block.until <= noon + account.windowMs);
      assert.equal(await store.blocks.bringBack(noon, 4), 4);
      assert.equal(await store.blocks.bringBack(noon, 100), 5);
      assert.equal(await store.blocks.bringBack(noon, 100), 0);
      assert.equal((await list(noon + 59_999)).total, 1);
      assert.equal((await list(noon + 60_000)).total, 0);
      assert.equal((await store.tokens.accountFailures(id, noon)).length, 3);
    });
  });
}
