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
  sampleToken,
} from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import type { FailureLimit } from './store.ts';

const backup = { salt: 'salt', hashes: ['one', 'two', 'three'] };

/** What every backend must keep to, races included. */
export function factorStoreSuite(backend: string, open: OpenGround): void {
  describe(`second factors on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const add = async (): Promise<{ id: string; token: string }> => {
      const account = sampleAccount();
      await store.accounts.add(account, sampleAudit(account.id));
      const token = await session(account.id);
      return { id: account.id, token };
    };
    const session = async (accountId: string, more: Parameters<typeof sampleToken>[1] = {}): Promise<string> =>
      await openSample(store, accountId, more);
    const withApp = async (): Promise<{ id: string; token: string }> => {
      const made = await add();
      await store.factors.beginApp(made.id, { sealedSecret: 'sealed', begunBy: made.token }, sampleAudit(made.id));
      const confirmed = { sealedSecret: 'sealed', begunBy: made.token, step: 10, backup };
      assert.equal(await store.factors.confirmApp(made.id, confirmed, sampleAudit(made.id)), true);
      return made;
    };

    it('keep nothing of an account that set up nothing', async () => {
      const { id } = await add();
      assert.deepEqual(await store.factors.kept(id), {
        app: undefined,
        backup: undefined,
        emailCode: undefined,
        wrongCodes: 0,
        requiredSince: undefined,
      });
      assert.deepEqual((await store.accounts.byId(id))?.secondFactors, {
        app: false,
        email: false,
        passkey: false,
        passkeyAlone: false,
      });
    });

    it('begin an app that does not count until it is confirmed, by the session that began', async () => {
      const { id, token } = await add();
      const other = await session(id);
      const app = { sealedSecret: 'sealed', begunBy: token };
      assert.equal(await store.factors.beginApp(id, app, sampleAudit(id)), 'begun');
      assert.equal((await store.accounts.byId(id))?.secondFactors.app, false);
      const confirmed = { sealedSecret: 'sealed', begunBy: token, step: 7, backup };
      for (const wrong of [{ begunBy: other }, { sealedSecret: 'another' }]) {
        assert.equal(await store.factors.confirmApp(id, { ...confirmed, ...wrong }, sampleAudit(id)), false);
      }
      const heard = await heardDuring(store, async () => {
        assert.equal(await store.factors.confirmApp(id, confirmed, sampleAudit(id)), true);
      });
      assert.deepEqual(heard, [{ kind: 'account', accountId: id, changed: ['secondFactors'], forced: true }]);
      assert.equal((await store.accounts.byId(id))?.secondFactors.app, true);
      const kept = await store.factors.kept(id);
      assert.deepEqual(kept.app, { sealedSecret: 'sealed', begunBy: undefined, usedStep: 7 });
      assert.deepEqual(kept.backup, backup);
      assert.deepEqual([...(await store.tokens.alive([token, other], noon))], [token]);
      assert.equal(await store.factors.beginApp(id, app, sampleAudit(id)), 'on-already');
      assert.equal(await store.factors.confirmApp(id, confirmed, sampleAudit(id)), false);
    });

    it('do not confirm for a session that has ended', async () => {
      const { id, token } = await add();
      await store.factors.beginApp(id, { sealedSecret: 'sealed', begunBy: token }, sampleAudit(id));
      await store.tokens.end(token, sampleAudit(id));
      const confirmed = { sealedSecret: 'sealed', begunBy: token, step: 7, backup };
      assert.equal(await store.factors.confirmApp(id, confirmed, sampleAudit(id)), false);
      assert.equal((await store.accounts.byId(id))?.secondFactors.app, false);
    });

    it('end trust in clients with each change', async () => {
      for (const change of [
        async (id: string) => await store.factors.removeApp(id, sampleAudit(id)),
        async (id: string, token: string) => await store.factors.setEmail(id, true, token, sampleAudit(id)),
        async (id: string, token: string) => {
          await store.factors.setEmail(id, true, token, sampleAudit(id));
          await store.tokens.trust(token, { client: 'client', until: noon + 1000 });
          return await store.factors.setEmail(id, false, undefined, sampleAudit(id));
        },
      ]) {
        const { id, token } = await withApp();
        await store.tokens.trust(token, { client: 'client', until: noon + 1000 });
        assert.equal(await change(id, token), true);
        assert.equal((await store.tokens.find(token))?.token.trust, undefined);
      }
    });

    it('forget a code by e-mail when it is used, and count the wrong ones in a row', async () => {
      const { id, token } = await add();
      const audit = sampleAudit(id);
      await store.factors.setEmail(id, true, token, audit);
      const code = { hash: 'code', endsAt: noon + 1000, now: noon, mostSent: 3 };
      assert.equal(await store.factors.putEmailCode(id, code, sampleAudit(id)), true);
      const failure = {
        accountId: id,
        claim: { by: 'id', value: id },
        addressKey: 'a',
        deviceKey: 'd',
        at: noon,
      } as const;
      await store.tokens.fail({ ...failure, wrongFactor: 'email', audit });
      await store.tokens.fail({ ...failure, wrongFactor: 'other', audit });
      await store.tokens.fail({ ...failure, wrongFactor: undefined, audit });
      const kept = await store.factors.kept(id);
      assert.deepEqual([kept.emailCode, kept.wrongCodes], [{ hash: 'code', endsAt: noon + 1000, wrong: 1 }, 2]);
      assert.equal(await store.factors.putEmailCode(id, { ...code, hash: 'fresh' }, sampleAudit(id)), true);
      assert.equal((await store.factors.kept(id)).wrongCodes, 2);
      assert.equal(await store.factors.spend(id, { kind: 'email-code', hash: 'code' }, undefined), 'gone');
      assert.equal(await store.factors.spend(id, { kind: 'email-code', hash: 'fresh' }, undefined), 'spent');
      assert.deepEqual(await store.factors.kept(id), {
        app: undefined,
        backup: undefined,
        emailCode: undefined,
        wrongCodes: 0,
        requiredSince: undefined,
      });
    });

    it('send so many codes an hour and no more', async () => {
      const { id } = await add();
      const put = async (now: number): Promise<boolean> =>
        await store.factors.putEmailCode(id, { hash: `at ${now}`, endsAt: now + 1, now, mostSent: 2 }, sampleAudit(id));
      assert.deepEqual([await put(noon), await put(noon + 1), await put(noon + 3_599_999)], [true, true, false]);
      assert.deepEqual([await put(noon + 3_600_000), await put(noon - 1)], [true, true]);
    });

    it('are spent once, however many try at the same time', async () => {
      await race(
        store,
        async () => {
          const { id } = await withApp();
          const step = await eight(
            async () => await store.factors.spend(id, { kind: 'app-step', step: 11 }, undefined),
          );
          assert.deepEqual(step.filter((outcome) => outcome === 'spent').length, 1);
          const code = await eight(
            async () => await store.factors.spend(id, { kind: 'backup-code', hash: 'two' }, undefined),
          );
          assert.deepEqual(code.filter((outcome) => outcome === 'spent').length, 1);
        },
        5,
      );
    });

    it('take no step twice and none before one that was used', async () => {
      const { id } = await withApp();
      const spend = async (step: number) => await store.factors.spend(id, { kind: 'app-step', step }, undefined);
      assert.deepEqual(
        [await spend(10), await spend(12), await spend(11), await spend(12), await spend(13)],
        ['gone', 'spent', 'gone', 'gone', 'spent'],
      );
    });

    it('are not spent when other nodes have counted failures up to the limit', async () => {
      const { id } = await withApp();
      const limit: FailureLimit = { failures: 1, since: noon - 1000, deviceKnown: false, deviceKey: 'd' };
      const failure = {
        accountId: id,
        claim: { by: 'id', value: id },
        addressKey: 'a',
        deviceKey: 'd',
        at: noon,
      } as const;
      await store.tokens.fail({ ...failure, wrongFactor: 'other', audit: sampleAudit(id) });
      const spending = { kind: 'app-step', step: 20 } as const;
      assert.equal(await store.factors.spend(id, spending, limit), 'blocked');
      assert.equal(
        await store.factors.spend(id, spending, { ...limit, deviceKnown: true, deviceKey: 'other' }),
        'spent',
      );
      const cleared = await store.blocks.clear({ kind: 'account', accountId: id }, sampleAudit(id));
      assert.deepEqual(cleared, { failures: 1, wrongCodes: 0 });
      assert.equal((await store.factors.kept(id)).wrongCodes, 0);
      assert.equal(await store.factors.spend(id, { kind: 'app-step', step: 21 }, limit), 'spent');
    });

    it('note once since when they are required', async () => {
      const { id } = await add();
      const noted = await eight(async (index) => await store.factors.noteRequired(id, noon + index));
      assert.equal(new Set(noted).size, 1);
      assert.equal(await store.factors.noteRequired(id, noon + 5000), noted[0]);
    });

    it('are all taken away by a reset, with every token', async () => {
      const { id, token } = await withApp();
      await store.factors.setEmail(id, true, token, sampleAudit(id));
      const personal = sampleToken(id, { pool: 'personal', name: 'mine', endsAt: undefined });
      await store.tokens.addPersonal(personal, 50, sampleAudit(id));
      await store.factors.noteRequired(id, noon);
      assert.equal(await store.factors.reset(id, sampleAudit(id)), true);
      const { requiredSince, ...others } = await store.factors.kept(id);
      assert.equal(requiredSince, noon);
      assert.deepEqual(others, { app: undefined, backup: undefined, emailCode: undefined, wrongCodes: 0 });
      assert.deepEqual([...(await store.tokens.alive([token, personal.hash], noon))], []);
      assert.deepEqual((await store.accounts.byId(id))?.secondFactors, {
        app: false,
        email: false,
        passkey: false,
        passkeyAlone: false,
      });
      assert.equal(await store.factors.reset(freshId(), sampleAudit(undefined)), false);
    });
  });
}
