import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sealerOf } from '../../lib/seal.ts';
import { eight, noon, type OpenGround } from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import {
  keptRetiredMs,
  publishedBeforeMs,
  rotateSigningKeys,
  type SigningKeyNeeds,
  signingKeys,
} from './signing-keys.ts';

/** What every backend must keep to, races included. */
export function signingKeysSuite(backend: string, open: OpenGround): void {
  describe(`signing keys on ${backend}`, () => {
    let store: OpenedStore;
    let now = noon;
    let days = 0;
    let made = 0;
    let needs: SigningKeyNeeds;
    before(async () => {
      ({ store } = await open());
      needs = {
        clock: { now: () => now },
        random: {
          id: () => {
            made += 1;
            return `key-${made}`;
          },
        },
        sealer: sealerOf(Buffer.alloc(32, 3)),
        signingKeys: store.signingKeys,
        lifeDays: () => days,
      };
    });
    after(async () => {
      await store.close();
    });
    const kids = async (): Promise<readonly string[]> => (await signingKeys(needs)).map(({ kid }) => kid);

    it('are made at the first use, of eight nodes by one, and sign at once', async () => {
      const all = await eight(kids);
      const [first] = all;
      assert.equal(first?.length, 1);
      for (const one of all) assert.deepEqual(one, first);
      const [kept] = await store.signingKeys.list();
      assert.doesNotMatch(kept?.sealedKey ?? '', /"kty"/u);
    });

    it('are published a minute before they sign, and long after they were retired', async () => {
      const [old = ''] = await kids();
      const fresh = await rotateSigningKeys(needs, { atOnce: false });
      assert.deepEqual(await kids(), [old, fresh]);
      now += publishedBeforeMs - 1;
      assert.deepEqual(await kids(), [old, fresh]);
      now += 1;
      assert.deepEqual(await kids(), [fresh, old]);
      now += keptRetiredMs;
      assert.deepEqual(await kids(), [fresh]);
      assert.equal((await store.signingKeys.list()).length, 1);
    });

    it('grow old by the setting', async () => {
      const [old = ''] = await kids();
      now += 30 * 86_400_000;
      assert.deepEqual(await kids(), [old]);
      days = 30;
      const [signs, next = ''] = await kids();
      assert.equal(signs, old);
      assert.notEqual(next, '');
      now += publishedBeforeMs;
      assert.deepEqual(await kids(), [next, old]);
      days = 0;
    });

    it('are gone at once where somebody else may know them', async () => {
      const fresh = await rotateSigningKeys(needs, { atOnce: true });
      assert.deepEqual(await kids(), [fresh]);
    });
  });
}
