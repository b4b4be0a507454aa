import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eight, freshId, noon, type OpenGround, race, sampleAccount, sampleAudit } from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import { plainOptions } from './application.ts';
import { clientHash, type OpenIdRecord } from './openid-records.ts';

/** What every backend must keep to, races included. */
export function openIdRecordsSuite(backend: string, open: OpenGround): void {
  describe(`records of the OpenID provider on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const sample = (more: Partial<OpenIdRecord> = {}): Omit<OpenIdRecord, 'usedAt'> => {
      const { usedAt: _, ...record } = { ...plainRecord(), ...more };
      return record;
    };
    const plainRecord = (): OpenIdRecord => ({
      kind: 'AuthorizationCode',
      hash: `hash-${freshId()}`,
      sealedPayload: 'sealed',
      grantHash: `grant-${freshId()}`,
      uidHash: undefined,
      accountId: undefined,
      usedAt: undefined,
      endsAt: noon + 60_000,
    });
    const addAccount = async (): Promise<string> => {
      const account = sampleAccount();
      await store.accounts.add(account, sampleAudit(account.id));
      return account.id;
    };

    it('are found as they were put, under their kind alone, until their time is over', async () => {
      const accountId = await addAccount();
      const uidHash = `uid-${freshId()}`;
      const record = sample({ accountId, uidHash });
      await store.openIdRecords.put(record);
      const kept = { ...record, usedAt: undefined };
      const { kind, hash } = record;
      assert.deepEqual(await store.openIdRecords.find(kind, hash, noon), kept);
      assert.deepEqual(await store.openIdRecords.findByUid(kind, uidHash, noon), kept);
      assert.equal(await store.openIdRecords.find('Session', hash, noon), undefined);
      assert.equal(await store.openIdRecords.findByUid('Session', uidHash, noon), undefined);
      assert.equal(await store.openIdRecords.find(kind, hash, noon + 60_000), undefined);
      await store.openIdRecords.put(sample({ hash: `ever-${hash}`, endsAt: undefined }));
      assert.notEqual(await store.openIdRecords.find(kind, `ever-${hash}`, noon * 10), undefined);
    });

    it('take another state, and stay used', async () => {
      const record = sample();
      await store.openIdRecords.put(record);
      assert.equal(await store.openIdRecords.use(record.kind, record.hash, noon), true);
      await store.openIdRecords.put({ ...record, sealedPayload: 'other' });
      const found = await store.openIdRecords.find(record.kind, record.hash, noon);
      assert.deepEqual([found?.sealedPayload, found?.usedAt], ['other', noon]);
    });

    it('are used once, of eight at once by one', async () => {
      await race(
        store,
        async () => {
          const record = sample();
          await store.openIdRecords.put(record);
          const outcomes = await eight(async () => await store.openIdRecords.use(record.kind, record.hash, noon));
          assert.equal(outcomes.filter(Boolean).length, 1);
        },
        5,
      );
      assert.equal(await store.openIdRecords.use('AuthorizationCode', 'nothing', noon), false);
    });

    it('are taken once, of eight at once by one', async () => {
      await race(
        store,
        async () => {
          const record = sample();
          await store.openIdRecords.put(record);
          const outcomes = await eight(async () => await store.openIdRecords.take(record.kind, record.hash));
          assert.equal(outcomes.filter((one) => one !== undefined).length, 1);
        },
        5,
      );
    });

    it('go when they were used, but for the last few, where a new one of the grant is put', async () => {
      const grantHash = `grant-${freshId()}`;
      const kind = 'RefreshToken';
      const used = [1, 2, 3, 4].map(() => sample({ kind, grantHash }));
      const ofAnother = sample({ kind });
      const otherKind = sample({ grantHash });
      for (const [at, one] of [...used, ofAnother, otherKind].entries()) {
        await store.openIdRecords.put(one);
        await store.openIdRecords.use(one.kind, one.hash, noon + at);
      }
      const unused = sample({ kind, grantHash });
      await store.openIdRecords.put(unused);
      const fresh = sample({ kind, grantHash });
      const left = async (): Promise<readonly boolean[]> =>
        await Promise.all(
          [...used, ofAnother, otherKind, unused, fresh].map(
            async (one) => (await store.openIdRecords.find(one.kind, one.hash, noon)) !== undefined,
          ),
        );
      assert.deepEqual(await left(), [true, true, true, true, true, true, true, false]);
      await store.openIdRecords.put(fresh, 2);
      assert.deepEqual(await left(), [false, false, true, true, true, true, true, true]);
    });

    it('go with their grant, kind by kind', async () => {
      const grantHash = `grant-${freshId()}`;
      const [code, token, other] = [sample({ grantHash }), sample({ grantHash, kind: 'AccessToken' }), sample()];
      for (const one of [code, token, other]) await store.openIdRecords.put(one);
      await store.openIdRecords.removeOfGrant('AuthorizationCode', grantHash);
      assert.equal(await store.openIdRecords.find(code.kind, code.hash, noon), undefined);
      assert.notEqual(await store.openIdRecords.find(token.kind, token.hash, noon), undefined);
      assert.notEqual(await store.openIdRecords.find(other.kind, other.hash, noon), undefined);
    });

    it('go with their account, and are not kept for one that is gone', async () => {
      await store.openIdRecords.put(sample({ accountId: 'nobody', hash: 'of-nobody' }));
      assert.equal(await store.openIdRecords.find('AuthorizationCode', 'of-nobody', noon), undefined);
      const accountId = await addAccount();
      const record = sample({ accountId });
      await store.openIdRecords.put(record);
      await store.accounts.remove(accountId, sampleAudit(accountId));
      assert.equal(await store.openIdRecords.find(record.kind, record.hash, noon), undefined);
    });

    it('end when the account closes or every session of it ends, sessions of browsers excepted', async () => {
      for (const end of ['close', 'all'] as const) {
        const accountId = await addAccount();
        const [grant, session] = [sample({ accountId, kind: 'Grant' }), sample({ accountId, kind: 'Session' })];
        for (const one of [grant, session]) await store.openIdRecords.put(one);
        if (end === 'all') {
          const which = { pools: ['interactive', 'script'], forced: true } as const;
          await store.tokens.endAll(accountId, which, sampleAudit(accountId));
        } else await store.accounts.setOpen(accountId, false, noon, sampleAudit(accountId));
        assert.equal(await store.openIdRecords.find('Grant', grant.hash, noon), undefined, end);
        const [left] = await store.openIdRecords.ofAccount('Session', accountId);
        assert.equal(left?.hash, session.hash, end);
      }
    });

    it('are swept when they have ended, a few at a time', async () => {
      const ended = [1, 2, 3].map((at) => sample({ endsAt: noon - 1_000_000 - at }));
      for (const one of ended) await store.openIdRecords.put(one);
      const alive = sample();
      await store.openIdRecords.put(alive);
      assert.equal(await store.openIdRecords.sweep(noon - 500_000, 2), 2);
      assert.equal(await store.openIdRecords.sweep(noon - 500_000, 2), 1);
      assert.equal(await store.openIdRecords.sweep(noon - 500_000, 2), 0);
      assert.notEqual(await store.openIdRecords.find(alive.kind, alive.hash, noon), undefined);
    });

    it('stand on another session of ours where they are moved to it, those of browsers alone', async () => {
      const accountId = await addAccount();
      const [from, to] = [`from-${freshId()}`, `to-${freshId()}`];
      const moved = sample({ kind: 'Session', accountId, grantHash: from });
      const other = sample({ kind: 'Session', accountId });
      const token = sample({ kind: 'AccessToken', accountId, grantHash: from });
      for (const one of [moved, other, token]) await store.openIdRecords.put(one);
      await store.openIdRecords.moveSessions(from, to);
      assert.equal((await store.openIdRecords.find('Session', moved.hash, noon))?.grantHash, to);
      assert.equal((await store.openIdRecords.find('Session', other.hash, noon))?.grantHash, other.grantHash);
      assert.equal((await store.openIdRecords.find('AccessToken', token.hash, noon))?.grantHash, from);
    });

    it('tell what a person has agreed to, one consent beside the other', async () => {
      const accountId = await addAccount();
      const applicationId = freshId();
      await store.applications.add(
        {
          id: applicationId,
          clientId: `client-${applicationId}`,
          name: 'Wiki',
          active: true,
          sealedSecret: 'sealed',
          redirects: ['https://rp.example/cb'],
          options: plainOptions,
          creator: { id: accountId, username: undefined },
          createdAt: noon,
          updatedAt: noon,
        },
        sampleAudit(accountId),
      );
      const agree = async (...scopes: string[]): Promise<void> => {
        await store.openIdRecords.agree({ accountId, applicationId, scopes, now: noon, audit: sampleAudit(accountId) });
      };
      assert.equal(await store.openIdRecords.agreedScopes(accountId, applicationId), undefined);
      await agree('openid', 'email');
      await agree('openid', 'profile');
      assert.deepEqual(await store.openIdRecords.agreedScopes(accountId, applicationId), [
        'openid',
        'email',
        'profile',
      ]);
      assert.deepEqual(
        (await store.grants.consents(accountId)).map(({ application }) => application.id),
        [applicationId],
      );
      const token = sample({ kind: 'AccessToken', accountId, uidHash: clientHash(`client-${applicationId}`) });
      const others = sample({ kind: 'AccessToken', accountId, uidHash: clientHash('another') });
      for (const one of [token, others]) await store.openIdRecords.put(one);
      await store.grants.withdraw(accountId, applicationId, sampleAudit(accountId));
      assert.equal(await store.openIdRecords.find(token.kind, token.hash, noon), undefined);
      assert.notEqual(await store.openIdRecords.find(others.kind, others.hash, noon), undefined);
      assert.equal(await store.openIdRecords.agreedScopes(accountId, applicationId), undefined);
      await store.openIdRecords.put(token);
      await store.applications.update(applicationId, { active: false }, noon, sampleAudit(accountId));
      assert.equal(await store.openIdRecords.find(token.kind, token.hash, noon), undefined);
      await store.openIdRecords.put(token);
      await store.applications.remove(applicationId, sampleAudit(accountId));
      assert.equal(await store.openIdRecords.find(token.kind, token.hash, noon), undefined);
      assert.notEqual(await store.openIdRecords.find(others.kind, others.hash, noon), undefined);
    });
  });
}
