import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { NewAccount } from '../account/store.ts';
import type { Moment } from '../ports.ts';
import {
  eight,
  freshId,
  heardDuring,
  noon,
  type OpenGround,
  race,
  sampleAccount,
  sampleAudit,
  sampleToken,
} from '../samples.suite.ts';
import { nothingKept } from '../second-factor/store.ts';
import type { OpenedStore } from '../store.ts';
import type { Failure, LookUp, Opening } from './store.ts';
import type { Pool, PooledToken, Token } from './token.ts';

const everyPool: readonly Pool[] = ['interactive', 'script', 'personal'];

/** What every backend's tokens must do. */
export function tokenStoreSuite(backend: string, open: OpenGround): void {
  const ground = {} as { store: OpenedStore; statements: () => readonly string[] };

  const add = async (given: Partial<NewAccount> = {}): Promise<string> => {
    const account = sampleAccount(given);
    assert.equal(await ground.store.accounts.add(account, sampleAudit(account.id)), 'added');
    return account.id;
  };
  const opening = (token: PooledToken, given: Partial<Opening> = {}): Opening => ({
    token,
    isLogIn: true,
    provedPasswordHash: 'old-hash',
    betterPasswordHash: undefined,
    device: undefined,
    unless: undefined,
    cap: 50,
    forgive: false,
    audit: sampleAudit(token.accountId, { what: 'log-in' }),
    ...given,
  });
  const openOne = async (
    accountId: string,
    given: Partial<PooledToken> = {},
    how: Partial<Opening> = {},
  ): Promise<Token> => {
    const token = sampleToken(accountId, given);
    const outcome = await ground.store.tokens.open(opening(token, how));
    assert.equal(outcome.opened, true);
    return token;
  };
  const live = async (accountId: string, pools = everyPool): Promise<string[]> =>
    (await ground.store.tokens.list(accountId, pools, noon)).map(({ hash }) => hash).toSorted();
  const ended = (accountId: string, forced = false) => ({ kind: 'account', accountId, changed: [], forced });
  const lookUp = (value: string, given: Partial<LookUp> = {}): LookUp => ({
    claim: { by: 'id', value },
    addressKey: `address-${value}`,
    deviceKey: 'device',
    accountSince: 0,
    addressSince: 0,
    ...given,
  });
  const failureOf = (accountId: string, at: Moment, given: Partial<Failure> = {}): Failure => ({
    accountId,
    claim: { by: 'id', value: accountId },
    addressKey: `address-${accountId}`,
    deviceKey: 'device',
    at,
    wrongFactor: undefined,
    audit: sampleAudit(accountId, { outcome: 'refused', at }),
    ...given,
  });

  const onGround = (name: string, tests: () => void): void => {
    describe(`${name} on ${backend}`, () => {
      before(async () => {
        Object.assign(ground, await open());
      });
      after(async () => {
        await ground.store.close();
      });
      tests();
    });
  };

  onGround('a token', () => {
    it('is found with its account, as both were written, in one statement', async () => {
      const account = sampleAccount({ roles: ['user', 'bot'], lastLogInAt: noon });
      await ground.store.accounts.add(account, sampleAudit(account.id));
      const token = sampleToken(account.id, {
        pool: 'personal',
        name: 'deploy "ü"',
        lastPart: 'abc123',
        skipsSecondFactor: true,
        trust: { client: 'client', until: noon + 7 },
        door: 'method-call',
        usedAt: noon + 3,
      });
      await ground.store.tokens.addPersonal(token, 50, sampleAudit(account.id));
      ground.statements();
      const found = await ground.store.tokens.find(token.hash);
      assert.equal(ground.statements().length, 1);
      assert.deepEqual(found?.token, token);
      assert.deepEqual(found?.account, await ground.store.accounts.byId(account.id));
      assert.equal(await ground.store.tokens.find('no such hash'), undefined);
      assert.equal(await ground.store.tokens.find('nul\0'), undefined);
    });

    it('is found after its time as well, so that the refusal can say so', async () => {
      const token = await openOne(await add(), { endsAt: noon - 1 });
      assert.deepEqual((await ground.store.tokens.find(token.hash))?.token, token);
    });

    it('is ended by one of eight, who is told so, and its end is announced', async () => {
      const id = await add();
      await race(ground.store, async () => {
        const token = await openOne(id);
        let outcomes: boolean[] = [];
        const heard = await heardDuring(ground.store, async () => {
          outcomes = await eight(async () => await ground.store.tokens.end(token.hash, sampleAudit(id)));
        });
        assert.equal(outcomes.filter(Boolean).length, 1);
        assert.deepEqual(heard, [ended(id)]);
        assert.equal(await ground.store.tokens.find(token.hash), undefined);
      });
      const audited = await ground.store.audit.newest(1_000, id);
      assert.equal(audited.filter(({ what }) => what === 'sample').length, 1 + 20);
    });

    it('is alive while it has not ended and its account is open', async () => {
      const id = await add();
      const closed = await add();
      const hashes: string[] = [];
      for (let index = 0; index < 30; index += 1) {
        hashes.push((await openOne(id, { endsAt: index % 2 === 0 ? noon + 1 : noon })).hash);
      }
      const other = await openOne(closed);
      await ground.store.accounts.setOpen(closed, false, noon, sampleAudit(closed));
      const many = Array.from({ length: 1_200 }, (_, index) => `unknown-${index}`);
      const alive = await ground.store.tokens.alive([...many, ...hashes, other.hash], noon);
      assert.deepEqual([...alive].toSorted(), hashes.filter((_, index) => index % 2 === 0).toSorted());
      assert.equal((await ground.store.tokens.alive([], noon)).size, 0);
    });

    it('becomes interactive once, and makes room there', async () => {
      const id = await add();
      const old = await openOne(id, { usedAt: noon - 9 });
      const young = await openOne(id, { usedAt: noon - 1 });
      const script = await openOne(id, { pool: 'script', usedAt: noon - 20 });
      const heard = await heardDuring(ground.store, async () => {
        await eight(async () => await ground.store.tokens.makeInteractive(script.hash, 2));
      });
      assert.deepEqual(heard, [ended(id)]);
      assert.deepEqual(await live(id, ['interactive']), [young.hash, script.hash].toSorted());
      assert.deepEqual(await live(id, ['script']), []);
      assert.equal((await ground.store.audit.newest(1, id))[0]?.facts['token'], old.id);
      await ground.store.tokens.makeInteractive('no such hash', 2);
    });

    it('keeps, and loses, the client it trusts, and every node hears of it', async () => {
      const id = await add();
      const token = await openOne(id);
      const trust = { client: 'print', until: noon + 300_000 };
      const heard = await heardDuring(ground.store, async () => {
        await ground.store.tokens.trust(token.hash, trust);
        assert.deepEqual((await ground.store.tokens.find(token.hash))?.token.trust, trust);
        await ground.store.tokens.trust(token.hash, undefined);
        assert.equal((await ground.store.tokens.find(token.hash))?.token.trust, undefined);
        await ground.store.tokens.trust('no such hash', trust);
      });
      assert.deepEqual(heard, [ended(id), ended(id)]);
    });

    it('forgets the trust in one client, or in all of an account, and says in how many', async () => {
      const [id, other] = [await add(), await add()];
      const [first, second, past] = [await openOne(id), await openOne(id), await openOne(id)];
      const others = await openOne(other);
      const until = noon + 300_000;
      for (const { hash } of [first, second, others]) await ground.store.tokens.trust(hash, { client: 'print', until });
      await ground.store.tokens.trust(past.hash, { client: 'print', until: noon });
      const forget = async (tokenId?: string): Promise<number> =>
        await ground.store.tokens.forgetTrust(id, tokenId, noon, sampleAudit(id, { what: 'factor.forget-trust' }));
      const trusted = async (hash: string): Promise<boolean> =>
        (await ground.store.tokens.find(hash))?.token.trust !== undefined;
      const heard = await heardDuring(ground.store, async () => {
        for (const unknown of ['nobody', others.id, past.id]) assert.equal(await forget(unknown), 0);
        assert.equal(await forget(first.id), 1);
        assert.deepEqual([await trusted(first.hash), await trusted(second.hash)], [false, true]);
        assert.equal(await forget(), 1);
        assert.deepEqual([await trusted(second.hash), await trusted(others.hash)], [false, true]);
        assert.equal(await forget(), 0);
      });
      assert.deepEqual(heard, [ended(id), ended(id)]);
      assert.equal((await ground.store.audit.newest(1, id))[0]?.what, 'factor.forget-trust');
    });

    it('remembers its last use, which never goes back', async () => {
      const id = await add();
      const uses = new Map<string, Moment>([['no such hash', noon]]);
      const tokens: Token[] = [];
      for (let index = 0; index < 20; index += 1) {
        const token = await openOne(id);
        tokens.push(token);
        uses.set(token.hash, noon + index - 5);
      }
      for (let index = 0; index < 1_000; index += 1) uses.set(`unknown-${index}`, noon);
      await ground.store.tokens.touch(uses);
      await ground.store.tokens.touch(new Map());
      const written = await Promise.all(tokens.map(async ({ hash }) => await ground.store.tokens.find(hash)));
      assert.deepEqual(
        written.map((found) => found?.token.usedAt),
        tokens.map((_, index) => Math.max(noon, noon + index - 5)),
      );
    });

    it('stands in the list of its account, newest first, while it lives', async () => {
      const id = await add();
      const one = await openOne(id, { createdAt: noon - 3 });
      const two = await openOne(id, { createdAt: noon - 1, pool: 'script' });
      const three = await openOne(id, { createdAt: noon - 2, endsAt: undefined });
      await openOne(id, { endsAt: noon });
      const listed = await ground.store.tokens.list(id, everyPool, noon);
      assert.deepEqual(listed, [two, three, one]);
      assert.deepEqual(await ground.store.tokens.list(id, ['script'], noon), [two]);
      assert.deepEqual(await ground.store.tokens.list(id, [], noon), []);
    });
  });

  onGround('a log-in', () => {
    it('knows everything by one statement, whoever is named and whether anybody has the name', async () => {
      const id = await add({ username: 'Known', emails: [{ address: 'known@x.org', verified: true }] });
      await openOne(id, {}, { device: { key: 'device' } });
      const missing = ground.statements().length;
      assert.ok(missing > 0, 'statements are counted');
      for (const [by, value] of [
        ['id', id],
        ['username', 'kNOWN'],
        ['email', 'KNOWN@x.org'],
      ] as const) {
        const known = await ground.store.tokens.known(lookUp(value, { claim: { by, value } }));
        assert.equal(ground.statements().length, 1);
        assert.deepEqual(known.account, await ground.store.accounts.byId(id));
        assert.equal(known.passwordHash, 'old-hash');
        assert.equal(known.deviceKnown, true);
        ground.statements();
        const nobody = await ground.store.tokens.known(lookUp('x', { claim: { by, value: `no-${value}` } }));
        assert.equal(ground.statements().length, 1);
        const none = { account: [], address: [], device: [] };
        assert.deepEqual(nobody, {
          account: undefined,
          passwordHash: undefined,
          kept: nothingKept,
          failures: none,
          deviceKnown: false,
        });
      }
      const other = await ground.store.tokens.known(lookUp(id, { deviceKey: 'other' }));
      assert.equal(other.deviceKnown, false);
    });

    it('counts a failure under the account, the address and the device, newest first, within their windows', async () => {
      const id = await add();
      await ground.store.tokens.fail(failureOf(id, noon + 1));
      await ground.store.tokens.fail(failureOf(id, noon + 3, { deviceKey: 'other' }));
      await ground.store.tokens.fail(failureOf(id, noon + 2, { addressKey: 'elsewhere' }));
      const { failures } = await ground.store.tokens.known(lookUp(id));
      assert.deepEqual(failures, {
        account: [noon + 3, noon + 2, noon + 1],
        address: [noon + 3, noon + 1],
        device: [noon + 2, noon + 1],
      });
      const later = lookUp(id, { accountSince: noon + 2, addressSince: noon + 3 });
      assert.deepEqual((await ground.store.tokens.known(later)).failures, {
        account: [noon + 3, noon + 2],
        address: [noon + 3],
        device: [noon + 2],
      });
      assert.deepEqual(await ground.store.tokens.accountFailures(id, noon + 2), [noon + 3, noon + 2]);
      assert.deepEqual(await ground.store.tokens.addressFailures(`address-${id}`, 0), [noon + 3, noon + 1]);
      assert.equal((await ground.store.audit.newest(10, id)).filter(({ outcome }) => outcome === 'refused').length, 3);
    });

    it('counts a failure under everybody whom it was about, once for each', async () => {
      const [id, other] = [await add(), await add()];
      const claim = { by: 'id', value: `sample:${id}` } as const;
      const besides = [id, other, other].map((accountId) => ({ accountId, claim }));
      await ground.store.tokens.fail({
        ...failureOf(id, noon),
        besides: [...besides, { accountId: undefined, claim }],
      });
      for (const one of [id, other]) {
        assert.deepEqual(await ground.store.tokens.accountFailures(one, 0), [noon]);
      }
      const { failures } = await ground.store.tokens.known(lookUp(id, { claim }));
      assert.deepEqual(failures, { account: [noon], address: [noon], device: [noon] });
    });

    it('counts failures of a name that nobody has under the folded name, however long it is', async () => {
      for (const value of [`Nobody-${freshId()}`, `${freshId()}${'x'.repeat(100_000)}`, `nul\0${freshId()}`]) {
        const claim = { by: 'username', value } as const;
        const given = {
          accountId: undefined,
          claim,
          addressKey: 'a',
          deviceKey: 'd',
          at: noon,
          wrongFactor: undefined,
        };
        await ground.store.tokens.fail({ ...given, audit: sampleAudit(undefined) });
        const folded = { by: 'username', value: value.toUpperCase() } as const;
        const { failures } = await ground.store.tokens.known(lookUp('x', { claim: folded, deviceKey: 'd' }));
        assert.deepEqual(failures, { account: [noon], address: [], device: [noon] });
        const email = { by: 'email', value } as const;
        assert.deepEqual((await ground.store.tokens.known(lookUp('x', { claim: email }))).failures.account, []);
      }
    });

    it('counts fifty failures at the same time as fifty', async () => {
      const id = await add();
      await eight(async () => await ground.store.ping());
      const all = Array.from({ length: 50 }, (_, index) => noon + index);
      await Promise.all(all.map(async (at) => await ground.store.tokens.fail(failureOf(id, at))));
      const newestFirst = all.toReversed();
      const { failures } = await ground.store.tokens.known(lookUp(id));
      assert.deepEqual(failures, { account: newestFirst, address: newestFirst, device: newestFirst });
    });

    it('counts a failure without a name under the address alone', async () => {
      const failure = failureOf(freshId(), noon, { accountId: undefined, claim: undefined, addressKey: 'lonely' });
      await ground.store.tokens.fail(failure);
      assert.deepEqual(await ground.store.tokens.addressFailures('lonely', 0), [noon]);
    });

    it('opens nothing where too many failures were counted meanwhile', async () => {
      const id = await add();
      for (let count = 0; count < 3; count += 1) await ground.store.tokens.fail(failureOf(id, noon + count));
      const device = { key: 'fresh' };
      const token = sampleToken(id, { createdAt: noon + 5 });
      const tryWith = async (unless: NonNullable<Opening['unless']>) =>
        await ground.store.tokens.open(opening(token, { unless, device, betterPasswordHash: 'better', cap: 1 }));
      const audited = (await ground.store.audit.newest(100, id)).length;
      const refused = await tryWith({ failures: 3, since: noon, deviceKnown: false });
      assert.deepEqual(refused, { opened: false, because: 'blocked' });
      const left = await ground.store.tokens.known(lookUp(id, { deviceKey: 'fresh' }));
      assert.deepEqual(
        [left.account?.lastLogInAt, left.passwordHash, left.deviceKnown, left.failures.account.length],
        [undefined, 'old-hash', false, 3],
      );
      assert.equal(await ground.store.tokens.find(token.hash), undefined);
      assert.equal((await ground.store.audit.newest(100, id)).length, audited);
      // A known device has its own count, and old failures do not count.
      assert.equal((await tryWith({ failures: 3, since: noon, deviceKnown: true })).opened, true);
      const late = opening(sampleToken(id), {
        provedPasswordHash: 'better',
        unless: { failures: 3, since: noon + 1, deviceKnown: false },
      });
      assert.equal((await ground.store.tokens.open(late)).opened, true);
    });

    it('counts what a device fails past the block of its address over all accounts, by device and address', async () => {
      const { tokens } = ground.store;
      const [id, other] = [await add(), await add()];
      const there = { addressKey: `address-${id}`, deviceKey: 'desk', passed: true };
      await tokens.fail(failureOf(id, noon, there));
      await tokens.fail(failureOf(other, noon + 1, there));
      await tokens.fail(failureOf(id, noon + 2, { ...there, passed: false }));
      await tokens.fail(failureOf(id, noon + 3, { ...there, deviceKey: 'phone' }));
      const of = async (given: Partial<typeof there>, since = 0) =>
        await tokens.passFailures({ ...there, ...given }, since);
      assert.deepEqual(await of({}), [noon + 1, noon]);
      assert.deepEqual(await of({}, noon + 1), [noon + 1]);
      assert.deepEqual(await of({ deviceKey: 'phone' }), [noon + 3]);
      assert.deepEqual(await of({ addressKey: 'elsewhere' }), []);
      assert.equal((await tokens.addressFailures(there.addressKey, 0)).length, 4);
      await openOne(id, {}, { forgive: true, device: { key: 'desk' } });
      assert.deepEqual(await of({}), [noon + 1, noon], 'no sign-in forgives them');
    });

    it('forgives an address, with its devices, and no other and no account, when it is told to', async () => {
      const { tokens, audit, blocks } = ground.store;
      const [account, other] = [await add(), await add()];
      for (const id of [account, account, other]) await tokens.fail(failureOf(id, noon));
      const entry = sampleAudit(account, { what: 'unblock', accountId: undefined, facts: { address: 'x' } });
      const passing = { addressKey: `address-${account}`, deviceKey: 'desk' };
      await tokens.fail(failureOf(other, noon, { ...passing, passed: true }));
      await tokens.fail(failureOf(other, noon, { deviceKey: 'desk', passed: true }));
      const subject = { kind: 'address', address: `address-${account}` } as const;
      assert.deepEqual(await blocks.clear(subject, entry), { failures: 3, wrongCodes: 0 });
      assert.deepEqual(await tokens.passFailures(passing, 0), []);
      assert.equal((await tokens.passFailures({ ...passing, addressKey: `address-${other}` }, 0)).length, 1);
      assert.deepEqual(await tokens.addressFailures(`address-${account}`, 0), []);
      assert.equal((await tokens.addressFailures(`address-${other}`, 0)).length, 2);
      assert.equal((await tokens.accountFailures(account, 0)).length, 2);
      assert.equal((await audit.newest(1))[0]?.what, 'unblock');
      assert.deepEqual(await blocks.clear(subject, entry), { failures: 0, wrongCodes: 0 });
    });

    it('forgives the account and the device, and not the address', async () => {
      const id = await add();
      await ground.store.tokens.fail(failureOf(id, noon));
      await ground.store.tokens.fail(failureOf(id, noon, { deviceKey: 'other' }));
      await openOne(id, {}, { forgive: true, device: { key: 'device' } });
      const { failures } = await ground.store.tokens.known(lookUp(id));
      assert.deepEqual(failures, { account: [], address: [noon, noon], device: [] });
      assert.equal((await ground.store.tokens.known(lookUp(id, { deviceKey: 'other' }))).failures.device.length, 1);
    });

    it('writes when, from where and with which better hash, and remembers the twenty newest devices', async () => {
      const id = await add();
      for (let index = 0; index < 25; index += 1) {
        await openOne(id, { createdAt: noon + index }, { device: { key: `device-${index % 24}` }, cap: 5 });
      }
      const isKnown = async (key: string) =>
        (await ground.store.tokens.known(lookUp(id, { deviceKey: key }))).deviceKnown;
      const known = await Promise.all(Array.from({ length: 24 }, async (_, index) => await isKnown(`device-${index}`)));
      // The first came back last; of the others the four oldest are forgotten.
      assert.deepEqual(known, [true, ...Array.from({ length: 23 }, (_, index) => index >= 4)]);
      await openOne(id, { createdAt: noon + 99 }, { betterPasswordHash: 'better' });
      const now = await ground.store.tokens.known(lookUp(id));
      assert.deepEqual([now.account?.lastLogInAt, now.passwordHash], [noon + 99, 'better']);
      const late = await ground.store.tokens.open(opening(sampleToken(id)));
      assert.deepEqual(late, { opened: false, because: 'password-changed' });
      assert.equal((await openOne(id, {}, { provedPasswordHash: undefined })).accountId, id);
    });

    it('opens nothing on the word of a token that has ended, and a token that is made is no log-in', async () => {
      const id = await add();
      const shown = await openOne(id, { createdAt: noon });
      const made = await openOne(id, { createdAt: noon + 5 }, { isLogIn: false, shownToken: shown.hash });
      assert.equal((await ground.store.tokens.find(made.hash))?.account.lastLogInAt, noon);
      await ground.store.tokens.end(shown.hash, sampleAudit(id));
      const late = opening(sampleToken(id), { isLogIn: false, shownToken: shown.hash });
      assert.deepEqual(await ground.store.tokens.open(late), { opened: false, because: 'token-ended' });
      const personal = sampleToken(id, { pool: 'personal', name: 'late', endsAt: undefined });
      const outcome = await ground.store.tokens.addPersonal(personal, 50, sampleAudit(id), shown.hash);
      assert.equal(outcome, 'token-ended');
      assert.deepEqual(await live(id), [made.hash]);
    });

    it('opens nothing for accounts that are closed or gone', async () => {
      const id = await add({ open: false });
      assert.deepEqual(await ground.store.tokens.open(opening(sampleToken(id))), {
        opened: false,
        because: 'account-closed',
      });
      assert.deepEqual(await ground.store.tokens.open(opening(sampleToken(freshId()))), {
        opened: false,
        because: 'account-gone',
      });
      assert.deepEqual(await live(id), []);
    });
  });

  onGround('a full pool', () => {
    it('ends its least recently used token, says so, and leaves the other pools alone', async () => {
      const id = await add();
      const script = await openOne(id, { pool: 'script', usedAt: noon - 100 });
      const personal = sampleToken(id, { pool: 'personal', name: 'p', usedAt: noon - 100, endsAt: undefined });
      await ground.store.tokens.addPersonal(personal, 50, sampleAudit(id));
      const expired = await openOne(id, { usedAt: noon + 50, endsAt: noon - 1 });
      const [oldest, used, young] = [
        await openOne(id, { usedAt: noon - 9 }),
        await openOne(id, { usedAt: noon - 10 }),
        await openOne(id, { usedAt: noon - 8 }),
      ];
      await ground.store.tokens.touch(new Map([[used.hash, noon - 1]]));
      const newest = sampleToken(id, { usedAt: noon - 50 });
      const heard = await heardDuring(ground.store, async () => {
        const outcome = await ground.store.tokens.open(opening(newest, { cap: 3 }));
        assert.deepEqual(outcome, { opened: true, evicted: 1, newDevice: false });
      });
      assert.deepEqual(heard, [ended(id)]);
      const left = [script, personal, used, young, newest].map(({ hash }) => hash);
      assert.deepEqual(await live(id), left.toSorted());
      assert.equal((await ground.store.tokens.find(expired.hash))?.token.hash, expired.hash);
      const [, evicted] = await ground.store.audit.newest(2, id);
      assert.deepEqual([evicted?.what, evicted?.facts], ['token.evict', { pool: 'interactive', token: oldest.id }]);
      const lowered = await ground.store.tokens.open(opening(sampleToken(id), { cap: 1 }));
      assert.deepEqual(lowered, { opened: true, evicted: 3, newDevice: false });
    });

    it('announces nothing when there was room', async () => {
      const id = await add();
      assert.deepEqual(await heardDuring(ground.store, async () => await openOne(id)), []);
    });

    it('ends one exactly when it is full, whatever came, went and ended before', async () => {
      const id = await add();
      let seed = 7;
      const dice = (sides: number): number => {
        seed = (seed * 48_271) % 2_147_483_647;
        return seed % sides;
      };
      let now = noon;
      let evictions = 0;
      for (let step = 0; step < 150; step += 1) {
        now += 10;
        const there = await ground.store.tokens.list(id, ['interactive'], now);
        const one = there[dice(Math.max(1, there.length))];
        const cap = 3 + dice(3);
        switch (dice(8)) {
          case 0:
            if (one !== undefined) await ground.store.tokens.end(one.hash, sampleAudit(id));
            break;
          case 1:
            if (dice(4) === 0) {
              await ground.store.tokens.endAll(id, { pools: everyPool, forced: false }, sampleAudit(id));
            }
            break;
          case 2: {
            const script = await openOne(id, { pool: 'script', createdAt: now, usedAt: now, endsAt: now + 300 });
            await ground.store.tokens.makeInteractive(script.hash, 5);
            break;
          }
          default: {
            const token = sampleToken(id, { createdAt: now, usedAt: now, endsAt: now + 10 * (1 + dice(30)) });
            const outcome = await ground.store.tokens.open(opening(token, { cap }));
            assert.deepEqual(outcome, { opened: true, evicted: Math.max(0, there.length + 1 - cap), newDevice: false });
            evictions += Math.max(0, there.length + 1 - cap);
          }
        }
      }
      assert.ok(evictions > 10);
    });

    it('holds its cap when eight open at the same time', async () => {
      const id = await add();
      let usedAt = noon;
      await race(ground.store, async () => {
        usedAt += 10;
        const opened = await eight(async (index) => await openOne(id, { usedAt: usedAt + index }, { cap: 3 }));
        const left = await live(id);
        assert.equal(left.length, 3);
        assert.ok(left.every((hash) => opened.some((token) => token.hash === hash)));
      });
    });
  });

  onGround('ending sessions', () => {
    it('ends the pools that are named, except one token, and says how many', async () => {
      const id = await add();
      const other = await openOne(await add());
      const kept = await openOne(id);
      const script = await openOne(id, { pool: 'script' });
      await openOne(id);
      await openOne(id);
      const heard = await heardDuring(ground.store, async () => {
        const options = { pools: ['interactive'], except: kept.hash, forced: true } as const;
        assert.equal(await ground.store.tokens.endAll(id, options, sampleAudit(id)), 2);
        assert.equal(await ground.store.tokens.endAll(id, options, sampleAudit(id)), 0);
        assert.equal(await ground.store.tokens.endAll(freshId(), options, sampleAudit(id)), 0);
      });
      assert.deepEqual(heard, [ended(id, true)]);
      assert.deepEqual(await live(id), [kept.hash, script.hash].toSorted());
      assert.equal(await ground.store.tokens.endAll(id, { pools: everyPool, forced: false }, sampleAudit(id)), 2);
      assert.notEqual(await ground.store.tokens.find(other.hash), undefined);
    });

    it('counts each token for one of eight', async () => {
      const id = await add();
      await race(ground.store, async () => {
        for (let count = 0; count < 5; count += 1) await openOne(id);
        const counts = await eight(
          async () => await ground.store.tokens.endAll(id, { pools: everyPool, forced: false }, sampleAudit(id)),
        );
        assert.deepEqual(
          counts.toSorted((one, other) => one - other),
          [0, 0, 0, 0, 0, 0, 0, 5],
        );
      });
    });

    it('ends everything when the account is closed or removed', async () => {
      for (const act of ['setOpen', 'remove'] as const) {
        const id = await add();
        const tokens = [await openOne(id), await openOne(id, { pool: 'script' })];
        const personal = sampleToken(id, { pool: 'personal', name: 'p' });
        await ground.store.tokens.addPersonal(personal, 50, sampleAudit(id));
        if (act === 'remove') await ground.store.accounts.remove(id, sampleAudit(id));
        else await ground.store.accounts.setOpen(id, false, noon, sampleAudit(id));
        for (const { hash } of [...tokens, personal]) assert.equal(await ground.store.tokens.find(hash), undefined);
      }
    });

    it('ends sessions and no personal token when the password changes', async () => {
      const id = await add();
      const kept = await openOne(id);
      const gone = [await openOne(id), await openOne(id, { pool: 'script' })];
      const personal = sampleToken(id, { pool: 'personal', name: 'p' });
      await ground.store.tokens.addPersonal(personal, 50, sampleAudit(id));
      await setPassword(id, 'old-hash', 'new-hash', kept.hash);
      assert.deepEqual(await live(id), [kept.hash, personal.hash].toSorted());
      assert.deepEqual(
        [
          ...(await ground.store.tokens.alive(
            gone.map(({ hash }) => hash),
            noon,
          )),
        ],
        [],
      );
    });

    const setPassword = async (accountId: string, expected: string | undefined, hash: string, exceptToken?: string) =>
      await ground.store.passwords.setPassword(
        { accountId, hash, expected, formerKept: 5, exceptToken, changeRequired: undefined, now: noon },
        sampleAudit(accountId),
      );

    it('leaves no live token on a closed account, whoever was signing in meanwhile', async () => {
      const id = await add();
      let opened = 0;
      await race(
        ground.store,
        async () => {
          await ground.store.accounts.setOpen(id, true, noon, sampleAudit(id));
          const outcomes = await eight(async (index) => {
            if (index === 3) return await ground.store.accounts.setOpen(id, false, noon, sampleAudit(id));
            if (index === 5) {
              const token = sampleToken(id, { pool: 'personal', name: freshId() });
              return await ground.store.tokens.addPersonal(token, 50, sampleAudit(id));
            }
            const outcome = await ground.store.tokens.open(opening(sampleToken(id)));
            if (outcome.opened) opened += 1;
            return outcome.opened ? 'opened' : outcome.because;
          });
          for (const outcome of outcomes) assert.ok(['done', 'opened', 'account-closed'].includes(outcome), outcome);
          assert.deepEqual(await live(id), []);
        },
        200,
      );
      assert.ok(opened > 0, 'some were opened before the account was closed');
    });

    it('leaves no live token on a removed account', async () => {
      await race(ground.store, async () => {
        const id = await add();
        const tokens = Array.from({ length: 8 }, () => sampleToken(id));
        await eight(async (index) =>
          index === 3
            ? await ground.store.accounts.remove(id, sampleAudit(id))
            : await ground.store.tokens.open(opening(tokens[index] ?? sampleToken(id))),
        );
        assert.equal(
          (
            await ground.store.tokens.alive(
              tokens.map(({ hash }) => hash),
              noon,
            )
          ).size,
          0,
        );
      });
    });

    it('leaves no session of the old password once the new one is set', async () => {
      const id = await add({ passwordHash: 'hash-0' });
      let round = 0;
      let opened = 0;
      await race(
        ground.store,
        async () => {
          const old = `hash-${round}`;
          round += 1;
          const outcomes = await eight(async (index) => {
            if (index === 3) return (await setPassword(id, old, `hash-${round}`)) ? 'set' : 'not set';
            const outcome = await ground.store.tokens.open(opening(sampleToken(id), { provedPasswordHash: old }));
            if (outcome.opened) opened += 1;
            return outcome.opened ? 'opened' : outcome.because;
          });
          assert.equal(outcomes[3], 'set');
          for (const outcome of outcomes) assert.ok(['set', 'opened', 'password-changed'].includes(outcome), outcome);
          assert.deepEqual(await live(id), []);
          const late = await ground.store.tokens.open(opening(sampleToken(id), { provedPasswordHash: old }));
          assert.deepEqual(late, { opened: false, because: 'password-changed' });
        },
        200,
      );
      assert.ok(opened > 0, 'some were opened before the password was changed');
    });

    it('finishes whatever is ended, used, moved and swept at the same time', async () => {
      const id = await add();
      await race(ground.store, async () => {
        const tokens: Token[] = [];
        for (let count = 0; count < 12; count += 1) {
          tokens.push(await openOne(id, { pool: count % 2 === 0 ? 'script' : 'interactive', endsAt: noon + count }));
        }
        const hashes = tokens.map(({ hash }) => hash);
        const uses = new Map(hashes.toReversed().map((hash, index) => [hash, noon + index]));
        const acts: (() => Promise<unknown>)[] = [
          async () => await ground.store.tokens.endAll(id, { pools: everyPool, forced: false }, sampleAudit(id)),
          async () => await ground.store.tokens.sweep(noon + 6, noon, 100),
          async () => await ground.store.tokens.touch(uses),
          async () => await ground.store.tokens.makeInteractive(hashes[3] ?? '', 3),
          async () => await ground.store.tokens.open(opening(sampleToken(id), { cap: 2, forgive: true })),
          async () => await ground.store.tokens.end(hashes[5] ?? '', sampleAudit(id)),
          async () => await ground.store.tokens.trust(hashes[6] ?? '', { client: 'c', until: noon }),
          async () => await ground.store.tokens.fail(failureOf(id, noon)),
        ];
        await Promise.all(acts.map(async (act) => await act()));
      });
    });
  });

  onGround('a personal token', () => {
    const personal = (accountId: string, name: string, given: Partial<PooledToken> = {}): Token =>
      sampleToken(accountId, { pool: 'personal', name, endsAt: undefined, ...given });
    const addPersonal = async (token: Token, cap = 50) =>
      await ground.store.tokens.addPersonal(token, cap, sampleAudit(token.accountId));

    it('is made by one of eight who want one name', async () => {
      const id = await add();
      await race(ground.store, async () => {
        const name = freshId();
        const outcomes = await eight(async () => await addPersonal(personal(id, name), 10_000));
        assert.deepEqual(outcomes.toSorted(), ['done', ...Array.from({ length: 7 }, () => 'name-taken')]);
      });
      assert.equal((await live(id)).length, 20);
    });

    it('has a name that other accounts may use too, and that is free once its time is over', async () => {
      const id = await add();
      assert.equal(await addPersonal(personal(id, 'ci', { endsAt: noon })), 'done');
      assert.equal(await addPersonal(personal(await add(), 'ci')), 'done');
      assert.equal(await addPersonal(personal(id, 'ci')), 'done');
      assert.equal(await addPersonal(personal(id, 'ci')), 'name-taken');
      assert.equal(await addPersonal(personal(await add({ open: false }), 'ci')), 'account-closed');
      assert.equal(await addPersonal(personal(freshId(), 'ci')), 'account-closed');
    });

    it('makes room in its pool', async () => {
      const id = await add();
      const session = await openOne(id, { usedAt: noon - 100 });
      const [one, two, three] = [
        personal(id, 'one', { usedAt: noon - 1 }),
        personal(id, 'two', { usedAt: noon - 2 }),
        personal(id, 'three'),
      ];
      await addPersonal(one);
      await addPersonal(two);
      assert.deepEqual(await heardDuring(ground.store, async () => await addPersonal(three, 2)), [ended(id)]);
      assert.deepEqual(await live(id), [session.hash, one.hash, three.hash].toSorted());
    });

    it('is renewed with the same name, rights and end; the old text is dead', async () => {
      const id = await add();
      const old = personal(id, 'ci', { skipsSecondFactor: true, endsAt: noon + 99 });
      await addPersonal(old);
      const fresh = personal(id, 'ci', { lastPart: 'zzz' });
      const heard = await heardDuring(ground.store, async () => {
        assert.equal(await ground.store.tokens.renewPersonal(id, 'ci', fresh, sampleAudit(id)), true);
      });
      assert.deepEqual(heard, [ended(id)]);
      assert.equal(await ground.store.tokens.find(old.hash), undefined);
      const found = await ground.store.tokens.find(fresh.hash);
      assert.deepEqual(found?.token, { ...fresh, skipsSecondFactor: true, endsAt: noon + 99 });
      assert.equal(await ground.store.tokens.renewPersonal(id, 'other', personal(id, 'other'), sampleAudit(id)), false);
      await addPersonal(personal(id, 'over', { endsAt: noon }));
      assert.equal(await ground.store.tokens.renewPersonal(id, 'over', personal(id, 'over'), sampleAudit(id)), false);
    });

    it('has one living text when eight renew it, the one of a caller who was told yes', async () => {
      const id = await add();
      await addPersonal(personal(id, 'ci'));
      await race(ground.store, async () => {
        const fresh = Array.from({ length: 8 }, () => personal(id, 'ci'));
        const outcomes = await eight(
          async (index) =>
            await ground.store.tokens.renewPersonal(id, 'ci', fresh[index] ?? personal(id, 'ci'), sampleAudit(id)),
        );
        const left = await live(id);
        assert.equal(left.length, 1);
        assert.ok(fresh.some(({ hash }, index) => outcomes[index] === true && hash === left[0]));
        // Who comes a moment later renews what the first has made, so more than one may hear yes; hardly all eight.
        assert.ok(outcomes.filter(Boolean).length < 8);
      });
    });

    it('is ended by name, once', async () => {
      const id = await add();
      await addPersonal(personal(id, 'ci'));
      await race(ground.store, async () => {
        const token = personal(id, freshId());
        await addPersonal(token);
        const heard = await heardDuring(ground.store, async () => {
          const outcomes = await eight(
            async () => await ground.store.tokens.endPersonal(id, token.name ?? '', sampleAudit(id)),
          );
          assert.equal(outcomes.filter(Boolean).length, 1);
        });
        assert.deepEqual(heard, [ended(id)]);
      });
      assert.equal((await live(id)).length, 1);
    });
  });

  onGround('the sweep', () => {
    it('deletes what is over, in batches, and nothing else', async () => {
      const id = await add();
      const kept = [await openOne(id, { endsAt: noon + 1 }), await openOne(id, { endsAt: undefined })];
      const over: Token[] = [];
      for (let count = 0; count < 5; count += 1) over.push(await openOne(id, { endsAt: noon - count }));
      while ((await ground.store.tokens.sweep(0, noon - 9, 100)) > 0) continue;
      await ground.store.tokens.fail({ ...failureOf(id, noon - 10), claim: undefined, accountId: undefined });
      await ground.store.tokens.fail(failureOf(id, noon - 9));
      // Three tokens and the failure that counts no more; then the other two.
      assert.equal(await ground.store.tokens.sweep(noon, noon - 9, 3), 4);
      assert.equal(await ground.store.tokens.sweep(noon, noon - 9, 3), 2);
      assert.equal(await ground.store.tokens.sweep(noon, noon - 9, 3), 0);
      for (const { hash } of over) assert.equal(await ground.store.tokens.find(hash), undefined);
      for (const { hash } of kept) assert.notEqual(await ground.store.tokens.find(hash), undefined);
      assert.deepEqual(await ground.store.tokens.accountFailures(id, 0), [noon - 9]);
    });
  });

  onGround('the list of all tokens', () => {
    it('tells sessions or personal tokens with whose they are, newest or oldest first, and how many live', async () => {
      const { store } = ground;
      const ada = await add({ username: 'lister-ada', name: 'Ada', avatarTag: 'tag' });
      const bob = await add({ username: 'lister-bob', name: undefined });
      const first = await openOne(ada, { createdAt: noon + 1, factor: 'totp' });
      const second = await openOne(bob, { createdAt: noon + 2, pool: 'script' });
      await openOne(bob, { createdAt: noon + 3, endsAt: noon });
      const named = sampleToken(ada, { pool: 'personal', name: 'ci', createdAt: noon + 4, endsAt: undefined });
      await store.tokens.addPersonal(named, 50, sampleAudit(ada));
      const idsOf = async (...[of, page]: Parameters<typeof store.tokens.page>) => {
        const { tokens, total } = await store.tokens.page(of, page, noon);
        return { ids: tokens.map(({ token }) => token.id), total };
      };
      const page = { accountId: undefined, ascending: false, offset: 0, count: 10 };
      assert.deepEqual(await idsOf('sessions', page, noon), { ids: [second.id, first.id], total: 2 });
      assert.deepEqual(await idsOf('sessions', { ...page, ascending: true, count: 1 }, noon), {
        ids: [first.id],
        total: 2,
      });
      assert.deepEqual(await idsOf('sessions', { ...page, offset: 1 }, noon), { ids: [first.id], total: 2 });
      assert.deepEqual(await idsOf('sessions', { ...page, accountId: bob }, noon), { ids: [second.id], total: 1 });
      assert.deepEqual(await idsOf('personal', page, noon), { ids: [named.id], total: 1 });
      assert.deepEqual(await idsOf('personal', { ...page, accountId: bob }, noon), { ids: [], total: 0 });
      const { tokens } = await store.tokens.page('sessions', { ...page, accountId: ada }, noon);
      assert.deepEqual(tokens, [
        { token: first, account: { id: ada, username: 'lister-ada', name: 'Ada', avatarTag: 'tag' } },
      ]);
      ground.statements();
      await store.tokens.page('sessions', page, noon);
      assert.equal(ground.statements().length, 2);
    });

    it('tells of one by its id with its account, in one statement', async () => {
      const { store } = ground;
      const id = await add();
      const token = await openOne(id);
      ground.statements();
      const found = await store.tokens.byId(token.id);
      assert.equal(ground.statements().length, 1);
      assert.deepEqual(found, { token, account: await store.accounts.byId(id) });
      for (const odd of [token.hash, '', 'nul\0', 'x'.repeat(10_000)]) {
        assert.equal(await store.tokens.byId(odd), undefined);
      }
    });
  });

  onGround('a personal token that ends soon', () => {
    const day = 86_400_000;
    const personal = async (accountId: string, name: string, endsAt: Moment | undefined): Promise<Token> => {
      const token = sampleToken(accountId, { pool: 'personal', name, endsAt });
      assert.equal(await ground.store.tokens.addPersonal(token, 50, sampleAudit(accountId)), 'done');
      return token;
    };

    it('is given out once, the soonest first, and not when it has ended or ends later or never', async () => {
      const { tokens } = ground.store;
      const id = await add();
      const later = await personal(id, 'later', noon + 2 * day);
      const soon = await personal(id, 'soon', noon + day);
      await personal(id, 'far', noon + 8 * day);
      await personal(id, 'never', undefined);
      await openOne(id, { endsAt: noon + day });
      const ending = async (atMost: number) =>
        (await tokens.takeEndingSoon(noon, noon + 7 * day, atMost)).map(({ token }) => token.name);
      assert.deepEqual(await ending(1), ['soon']);
      const rest = await tokens.takeEndingSoon(noon, noon + 7 * day, 10);
      assert.deepEqual(rest, [{ token: later, account: await ground.store.accounts.byId(id) }]);
      assert.deepEqual(await ending(10), []);
      // A new text under the same name is the same token to its owner.
      const fresh = sampleToken(id, { pool: 'personal', name: 'soon' });
      assert.equal(await tokens.renewPersonal(id, 'soon', fresh, sampleAudit(id)), true);
      assert.equal((await tokens.find(fresh.hash))?.token.endsAt, soon.endsAt);
      assert.deepEqual(await ending(10), []);
      await tokens.sweep(noon + 30 * day, noon, 100);
    });

    it('is given to one of many who ask at the same time', async () => {
      const { store } = ground;
      const id = await add();
      let made = 0;
      await race(store, async () => {
        made += 1;
        await personal(id, `raced ${made}`, noon + day);
        const given = await eight(async () => await store.tokens.takeEndingSoon(noon, noon + 7 * day, 10));
        assert.equal(given.flat().length, 1);
      });
    });

    it('keeps its scopes, addresses and end under a new text', async () => {
      const { tokens } = ground.store;
      const id = await add();
      const given = { pool: 'personal', name: 'narrow', scopes: ['a', 'b'], addresses: ['10.0.0.0/8'] } as const;
      const token = sampleToken(id, { ...given, endsAt: noon + 5, skipsSecondFactor: true });
      await tokens.addPersonal(token, 50, sampleAudit(id));
      assert.deepEqual((await tokens.find(token.hash))?.token, token);
      const fresh = sampleToken(id, { pool: 'personal', name: 'narrow', endsAt: undefined });
      assert.equal(await tokens.renewPersonal(id, 'narrow', fresh, sampleAudit(id)), true);
      const { scopes, addresses, endsAt, skipsSecondFactor } = token;
      assert.deepEqual((await tokens.find(fresh.hash))?.token, {
        ...fresh,
        scopes,
        addresses,
        endsAt,
        skipsSecondFactor,
      });
    });
  });

  onGround('a device', () => {
    it('is new once for each account, also for eight at the same time', async () => {
      const id = await add();
      let device = 0;
      await race(ground.store, async () => {
        device += 1;
        const key = `device ${device}`;
        const outcomes = await eight(
          async () => await ground.store.tokens.open(opening(sampleToken(id), { device: { key } })),
        );
        assert.equal(outcomes.filter((outcome) => outcome.opened && outcome.newDevice).length, 1);
      });
      const again = await ground.store.tokens.open(opening(sampleToken(id), { device: { key: `device ${device}` } }));
      assert.deepEqual(again, { opened: true, evicted: again.opened ? again.evicted : 0, newDevice: false });
    });
  });
}
