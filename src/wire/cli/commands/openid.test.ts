import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { call } from '../fake-needs.suite.ts';

describe('openid rotate-keys', () => {
  it('makes a key and keeps the old ones, unless they must go', async () => {
    const kept = await call(['openid', 'rotate-keys']);
    assert.equal(kept.code, 0, kept.err);
    assert.match(kept.out, /The key new-key is made\. It signs in a minute/u);
    assert.deepEqual(kept.world.asked, [['rotateKeys', false]]);
    const gone = await call(['openid', 'rotate-keys', '--at-once', '--json']);
    assert.deepEqual(JSON.parse(gone.out), { kid: 'new-key', atOnce: true });
    assert.deepEqual(gone.world.asked, [['rotateKeys', true]]);
  });
});
