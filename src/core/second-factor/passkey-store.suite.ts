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
  type sampleToken,
} from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import type { Passkey } from './passkey-store.ts';

const backup = { salt: 'salt', hashes: ['one', 'two'] };

/** What every backend must keep to, races included. */
export function passkeyStoreSuite(backend: string, open: OpenGround): void {
  describe(`passkeys on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const session = async (accountId: string, more: Parameters<typeof sampleToken>[1] = {}): Promise<string> =>
      await openSample(store, accountId, more);
    const account = async (): Promise<string> => {
      const { id, ...rest } = sampleAccount();
      await store.accounts.add({ id, ...rest }, sampleAudit(id));
      return id;
    };
    const sample = (accountId: string, more: Partial<Passkey> = {}): Passkey => ({
      id: `passkey-${freshId()}`,
      accountId,
      name: 'Phone',
      publicKey: 'key',
      signCount: 0,
      transports: ['internal', 'hybrid'],
      backedUp: true,
      createdAt: noon,
      usedAt: undefined,
      ...more,
    });
    const add = async (passkey: Passkey, how: Partial<Parameters<OpenedStore['passkeys']['add']>[1]> = {}) =>
      await store.passkeys.add(
        passkey,
        { most: 3, keep: 'none', backup, ...how },
        sampleAudit(passkey.accountId, { what: 'factor.add' }),
      );
    const factorsOf = async (id: string) => (await store.accounts.byId(id))?.secondFactors;

    it('are found as they were added, by account in their order and by id', async () => {
      const id = await account();
      const [later, earlier] = [sample(id), sample(id, { createdAt: noon - 1, backedUp: false, usedAt: noon })];
      assert.equal(await add(later), 'added-with-backup');
      assert.equal(await add(earlier), 'added');
      assert.deepEqual(await store.passkeys.list(id), [earlier, later]);
      assert.deepEqual(await store.passkeys.find(later.id), later);
      assert.equal(await store.passkeys.find('unknown'), undefined);
      assert.deepEqual(await store.passkeys.list('nobody'), []);
      assert.equal((await factorsOf(id))?.passkey, true);
      assert.deepEqual((await store.factors.kept(id)).backup, backup);
    });

    it('leave backup codes alone that are left, and replace used ones', async () => {
      const id = await account();
      await store.factors.setBackupCodes(id, { salt: 'own', hashes: ['x'] }, sampleAudit(id));
      assert.equal(await add(sample(id)), 'added');
      assert.deepEqual((await store.factors.kept(id)).backup, { salt: 'own', hashes: ['x'] });
      await store.factors.setBackupCodes(id, { salt: 'own', hashes: [] }, sampleAudit(id));
      assert.equal(await add(sample(id)), 'added-with-backup');
    });

    it('end every session but one when one is added, and make that one a full one without trust', async () => {
      const id = await account();
      const keep = await session(id, { enrolsOnly: true });
      const other = await session(id);
      await store.tokens.trust(keep, { client: 'c', until: noon + 1_000 });
      const heard = await heardDuring(store, async () => await add(sample(id), { keep }));
      assert.deepEqual(
        heard.map(({ kind }) => kind),
        ['account'],
      );
      assert.equal(await store.tokens.find(other), undefined);
      const kept = (await store.tokens.find(keep))?.token;
      assert.deepEqual([kept?.enrolsOnly, kept?.trust], [false, undefined]);
    });

    it('are added once, for an account that is there, and no more than it may have', async () => {
      const id = await account();
      const first = sample(id);
      assert.equal(await add(first), 'added-with-backup');
      const stranger = await account();
      const keep = await session(stranger);
      assert.equal(await add({ ...first, accountId: stranger }, { keep }), 'id-taken');
      assert.deepEqual(await store.passkeys.list(stranger), []);
      assert.equal(await add(sample('nobody')), 'account-gone');
      await add(sample(id));
      await add(sample(id));
      assert.equal(await add(sample(id)), 'too-many');
    });

    it('do not become more than they may by eight at once', async () => {
      await race(
        store,
        async () => {
          const id = await account();
          const outcomes = await eight(async () => await add(sample(id)));
          assert.equal(outcomes.filter((one) => one === 'added' || one === 'added-with-backup').length, 3);
          assert.equal(outcomes.filter((one) => one === 'added-with-backup').length, 1);
          assert.equal((await store.passkeys.list(id)).length, 3);
        },
        5,
      );
    });

    it("are renamed and removed by their owner and nobody else's name", async () => {
      const [owner, stranger] = [await account(), await account()];
      const passkey = sample(owner);
      await add(passkey);
      const audit = sampleAudit(owner);
      assert.equal(await store.passkeys.rename(stranger, passkey.id, 'Mine', audit), false);
      assert.equal(await store.passkeys.remove(stranger, passkey.id, audit), false);
      assert.equal(await store.passkeys.rename(owner, passkey.id, 'Key', audit), true);
      assert.equal((await store.passkeys.find(passkey.id))?.name, 'Key');
      assert.equal(await store.passkeys.remove(owner, passkey.id, audit), true);
      assert.equal(await store.passkeys.remove(owner, passkey.id, audit), false);
      assert.equal(await store.passkeys.find(passkey.id), undefined);
    });

    it('sign in by themselves no more once a password was set by whoever takes the account over', async () => {
      const id = await account();
      await add(sample(id));
      assert.equal(await store.passkeys.setAlone(id, true, sampleAudit(id)), true);
      const change = {
        accountId: id,
        expected: undefined,
        exceptToken: undefined,
        changeRequired: undefined,
        formerKept: 0,
        now: noon,
      };
      await store.passwords.setPassword({ ...change, hash: 'one' }, sampleAudit(id));
      assert.equal((await factorsOf(id))?.passkeyAlone, true);
      await store.passwords.setPassword({ ...change, hash: 'two', takesOver: true }, sampleAudit(id));
      assert.deepEqual([(await factorsOf(id))?.passkey, (await factorsOf(id))?.passkeyAlone], [true, false]);
    });

    it('end trust when one is removed, and take leave and codes along with the last', async () => {
      const id = await account();
      const keep = await session(id);
      const [one, other] = [sample(id), sample(id)];
      await add(one, { keep });
      await add(other, { keep });
      assert.equal(await store.passkeys.setAlone(id, true, sampleAudit(id)), true);
      await store.tokens.trust(keep, { client: 'c', until: noon + 1_000 });
      const heard = await heardDuring(store, async () => await store.passkeys.remove(id, one.id, sampleAudit(id)));
      assert.equal(heard.length, 1);
      assert.equal((await store.tokens.find(keep))?.token.trust, undefined);
      assert.deepEqual([(await factorsOf(id))?.passkey, (await factorsOf(id))?.passkeyAlone], [true, true]);
      await store.passkeys.remove(id, other.id, sampleAudit(id));
      assert.deepEqual([(await factorsOf(id))?.passkey, (await factorsOf(id))?.passkeyAlone], [false, false]);
      assert.equal((await store.factors.kept(id)).backup, undefined);
    });

    it('share the backup codes with an app: they go with the last of both', async () => {
      const id = await account();
      const token = await session(id);
      const app = { sealedSecret: 'sealed', begunBy: token };
      await store.factors.beginApp(id, app, sampleAudit(id));
      await store.factors.confirmApp(id, { ...app, step: 1, backup }, sampleAudit(id));
      const [first, second] = [sample(id), sample(id)];
      assert.equal(await add(first), 'added');
      await store.passkeys.remove(id, first.id, sampleAudit(id));
      assert.deepEqual((await store.factors.kept(id)).backup, backup);
      await add(second);
      await store.factors.removeApp(id, sampleAudit(id));
      assert.deepEqual((await store.factors.kept(id)).backup, backup);
      await store.passkeys.remove(id, second.id, sampleAudit(id));
      assert.equal((await store.factors.kept(id)).backup, undefined);
    });

    it('let nobody in alone whose account has none', async () => {
      const id = await account();
      assert.equal(await store.passkeys.setAlone(id, true, sampleAudit(id)), false);
      await add(sample(id));
      assert.equal(await store.passkeys.setAlone(id, true, sampleAudit(id)), true);
      assert.equal((await factorsOf(id))?.passkeyAlone, true);
      assert.equal(await store.passkeys.setAlone(id, false, sampleAudit(id)), true);
      assert.equal((await factorsOf(id))?.passkeyAlone, false);
    });

    it('note each use, with a counter that goes up or is never counted', async () => {
      const id = await account();
      const [counting, plain] = [sample(id, { signCount: 5 }), sample(id)];
      await add(counting);
      await add(plain);
      const use = async (passkey: Passkey, signCount: number, accountId = id) =>
        await store.passkeys.use(accountId, passkey.id, { signCount, backedUp: false, at: noon + 1 });
      assert.equal(await use(counting, 6), 'used');
      assert.deepEqual(await store.passkeys.find(counting.id), {
        ...counting,
        signCount: 6,
        backedUp: false,
        usedAt: noon + 1,
      });
      for (const signCount of [6, 5, 0]) assert.equal(await use(counting, signCount), 'counter-back');
      assert.equal(await use(plain, 0), 'used');
      assert.equal(await use(plain, 0), 'used');
      assert.equal(await use(plain, 1), 'used');
      assert.equal(await use(plain, 0), 'counter-back');
      assert.equal(await use(plain, 2, 'nobody'), 'gone');
    });

    it('take a counter once from eight that bring the same', async () => {
      await race(store, async () => {
        const id = await account();
        const passkey = sample(id);
        await add(passkey);
        const uses = await eight(
          async () => await store.passkeys.use(id, passkey.id, { signCount: 1, backedUp: false, at: noon }),
        );
        assert.equal(uses.filter((one) => one === 'used').length, 1);
      });
    });

    it('are spent as a second factor once, with the challenge they signed, from eight at once', async () => {
      const id = await account();
      const passkey = sample(id);
      await add(passkey);
      const challenge = async (accountId: string): Promise<string> => {
        const hash = `challenge-${freshId()}`;
        await store.challenges.put({ hash, kind: 'passkey-factor', accountId, facts: {}, endsAt: noon + 1_000 });
        return hash;
      };
      const spend = async (hash: string) =>
        await store.factors.spend(
          id,
          {
            kind: 'passkey',
            challenge: hash,
            id: passkey.id,
            use: { signCount: 0, backedUp: true, at: noon },
          },
          undefined,
        );
      assert.equal(await spend('unknown'), 'gone');
      assert.equal(await spend(await challenge(await account())), 'gone');
      await race(store, async () => {
        const hash = await challenge(id);
        const outcomes = await eight(async () => await spend(hash));
        assert.equal(outcomes.filter((one) => one === 'spent').length, 1);
      });
    });
  });
}
