import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sha256Base64 } from '../../lib/digest.ts';
import { noon, sampleAccount } from '../samples.suite.ts';
import { authenticateAccess } from './access.ts';
import { sampleApplication, samplePair } from './samples.suite.ts';
import type { Access } from './store.ts';

const text = 'a'.repeat(64);

describe('an access token', () => {
  const access: Access = {
    pair: samplePair({ accessHash: sha256Base64(text) }),
    family: 'family',
    permissions: undefined,
    application: sampleApplication(),
    account: sampleAccount(),
  };
  const ask = async (given: Partial<Access> = {}, shown = text, now = noon) => {
    const checks = { held: 0, refused: 0 };
    const grants = {
      access: async (hash: string) =>
        await Promise.resolve(hash === access.pair.accessHash ? { ...access, ...given } : undefined),
    };
    return await authenticateAccess({ clock: { now: () => now }, grants, checks }, shown, {
      applications: true,
      scoped: true,
    });
  };

  it('speaks for its account until its end', async () => {
    const { account, token } = await ask({}, text, access.pair.accessEndsAt - 1);
    assert.equal(account.id, access.account.id);
    assert.deepEqual([token.pool, token.skipsSecondFactor, token.trust], ['application', false, undefined]);
  });

  it('carries what was agreed to, as far as the application may still have it', async () => {
    const carried = async (agreed: readonly string[] | undefined, now: readonly string[] | undefined) => {
      const { application } = access;
      const options = { ...application.options, permissions: now };
      return (await ask({ permissions: agreed, application: { ...application, options } })).token.scopes;
    };
    assert.equal(await carried(undefined, undefined), undefined);
    assert.deepEqual(await carried(['a'], undefined), ['a']);
    assert.deepEqual(await carried([], undefined), []);
    assert.deepEqual(await carried(['a', 'b'], ['b', 'c']), ['b']);
    assert.deepEqual(await carried(undefined, ['c']), ['c']);
  });

  it('is nothing after its end, in another form, or where the application or the account is shut', async () => {
    const refused = { code: 'not-signed-in' };
    await assert.rejects(ask({}, text, access.pair.accessEndsAt), refused);
    for (const other of ['', `${text}a`, text.toUpperCase(), 'b'.repeat(64)]) {
      await assert.rejects(ask({}, other), refused);
    }
    await assert.rejects(ask({ application: { ...access.application, active: false } }), refused);
    await assert.rejects(ask({ account: { ...access.account, open: false } }), refused);
    const mustChange = { ...access.account, passwordChange: { reason: undefined } };
    await assert.rejects(ask({ account: mustChange }), { code: 'password-change-required' });
  });
});
