import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freshId, noon, type OpenGround, sampleAudit } from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import { plainOptions } from './application.ts';
import { sampleApplication, sampleCode, sampleGround, samplePair } from './samples.suite.ts';

/** What every backend's applications must keep to. */
export function applicationStoreSuite(backend: string, open: OpenGround): void {
  describe(`applications on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    it('come back as they were written, by their id and by their client id, with every option', async () => {
      const made = sampleApplication({
        redirects: ['https://a.example/cb', 'com.example.app:/cb'],
        options: {
          publicClient: true,
          clientProof: 'client_secret_post',
          postLogoutRedirects: ['https://a.example/bye'],
          backChannelLogout: 'https://a.example/ended',
          permissions: ['view-c-room'],
        },
      });
      await store.applications.add(made, sampleAudit(undefined));
      assert.deepEqual(await store.applications.byId(made.id), made);
      assert.deepEqual(await store.applications.byClientId(made.clientId), made);
      assert.equal(await store.applications.byClientId(made.clientId.toUpperCase()), undefined);
      assert.equal(await store.applications.byId(made.clientId), undefined);
    });

    it('are listed by name', async () => {
      const last = sampleApplication({ name: 'zz last' });
      const first = sampleApplication({ name: '!! first' });
      await store.applications.add(last, sampleAudit(undefined));
      await store.applications.add(first, sampleAudit(undefined));
      const ids = (await store.applications.list()).map(({ id }) => id);
      assert.equal(ids[0], first.id);
      assert.equal(ids.at(-1), last.id);
    });

    it('change, and tell of it in the audit trail', async () => {
      const made = sampleApplication();
      await store.applications.add(made, sampleAudit(undefined));
      const audit = sampleAudit(undefined, { what: `changed ${made.id}` });
      const changed = await store.applications.update(made.id, { name: 'Another' }, noon + 5, audit);
      assert.deepEqual(changed, { ...made, name: 'Another', updatedAt: noon + 5 });
      assert.deepEqual(await store.applications.byId(made.id), changed);
      assert.equal(await store.applications.update(freshId(), { name: 'x' }, noon, audit), undefined);
    });

    for (const [how, change] of [
      ['becomes inactive', { active: false }],
      ['gets another secret', { sealedSecret: 'another' }],
      ['becomes public', { options: { ...plainOptions, publicClient: true } }],
      ['shows its secret in another way', { options: { ...plainOptions, clientProof: 'client_secret_post' } }],
    ] as const) {
      it(`lose their codes and tokens when one ${how}, and no other loses any`, async () => {
        const { account, application, session } = await sampleGround(store);
        const other = await sampleGround(store);
        const of = { accountId: account.id, applicationId: application.id };
        const [waiting, redeemed] = [sampleCode(of), sampleCode(of)];
        const spared = sampleCode({ accountId: other.account.id, applicationId: other.application.id });
        for (const code of [waiting, redeemed]) {
          await store.grants.addCode(code, session, noon, sampleAudit(account.id));
        }
        await store.grants.addCode(spared, other.session, noon, sampleAudit(other.account.id));
        const [pair, othersPair] = [samplePair(), samplePair()];
        await store.grants.redeem(redeemed, pair, noon, () => sampleAudit(account.id));
        await store.grants.redeem(spared, othersPair, noon, () => sampleAudit(account.id));
        assert.ok(await store.grants.access(pair.accessHash));

        await store.applications.update(application.id, change, noon, sampleAudit(undefined));
        assert.equal(await store.grants.access(pair.accessHash), undefined);
        assert.equal(await store.grants.code(waiting.hash), undefined);
        assert.ok(await store.grants.access(othersPair.accessHash));
        assert.equal((await store.grants.consents(account.id)).length, 1, 'the consent stays');
      });
    }

    it('keep their tokens through another change', async () => {
      const { account, application, session } = await sampleGround(store);
      const code = sampleCode({ accountId: account.id, applicationId: application.id });
      await store.grants.addCode(code, session, noon, sampleAudit(account.id));
      const pair = samplePair();
      await store.grants.redeem(code, pair, noon, () => sampleAudit(account.id));
      await store.applications.update(application.id, { name: 'New' }, noon, sampleAudit(undefined));
      assert.equal((await store.grants.access(pair.accessHash))?.application.name, 'New');
    });

    it('go with everything that hangs on them', async () => {
      const { account, application, session } = await sampleGround(store);
      const code = sampleCode({ accountId: account.id, applicationId: application.id });
      await store.grants.addCode(code, session, noon, sampleAudit(account.id));
      const pair = samplePair();
      await store.grants.redeem(code, pair, noon, () => sampleAudit(account.id));
      assert.equal(await store.applications.remove(application.id, sampleAudit(undefined)), true);
      assert.equal(await store.applications.remove(application.id, sampleAudit(undefined)), false);
      assert.equal(await store.applications.byId(application.id), undefined);
      assert.equal(await store.grants.access(pair.accessHash), undefined);
      assert.equal(await store.grants.code(code.hash), undefined);
      assert.deepEqual(await store.grants.consents(account.id), []);
      assert.equal(await store.grants.addCode(sampleCode(code), session, noon, sampleAudit(account.id)), false);
    });
  });
}
