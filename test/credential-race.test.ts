import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bring, outcomeOf } from './factor-owner.ts';
import { fakeProviders, identityOf } from './fake-providers.ts';
import { caller, openWorld } from './world.ts';

it('of several browsers that come back with one token at once, one has left what counts, and none breaks', async () => {
  const { providers } = fakeProviders('sample');
  const world = await openWorld({ parts: { providers } });
  try {
    const token = 'a-token-that-a-client-has-made';
    const identity = identityOf('sample', '1');
    for (let round = 0; round < 20; round += 1) {
      const secrets = await Promise.all(
        Array.from(
          { length: 8 },
          async () => await world.app.external.keepCredential('oauth', token, 'sample', { identity }),
        ),
      );
      assert.equal(new Set(secrets).size, 8);
    }
    const secret = await world.app.external.keepCredential('oauth', token, 'sample', { identity });
    const logIn = async () =>
      await outcomeOf(world.app.external.logInByCredential('oauth', { token, secret }, caller(), bring(undefined)));
    assert.equal(await logIn(), 'passed');
    assert.equal(await logIn(), 'pending-log-in-unknown');
  } finally {
    await world.close();
  }
});
