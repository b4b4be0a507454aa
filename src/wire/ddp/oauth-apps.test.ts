import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorOf, type Frame, within } from './ddp-world.suite.ts';

const asked = { name: 'my app', active: true, redirectUri: 'https://a.example/cb\nhttps://b.example/cb' };

describe('methods about applications', () => {
  it('add, change and remove one for whoever may', async () => {
    await within(async (world) => {
      await world.add('root', { roles: ['admin'] });
      const root = await world.signedIn('root');
      const made = (await root.ask('addOAuthApp', asked))['result'] as Frame;
      assert.match(String(made['clientSecret']), /^[\w-]{43}$/u);
      assert.equal(made['redirectUri'], 'https://a.example/cb,https://b.example/cb');
      assert.equal((made['_createdBy'] as Frame)['username'], 'root');
      const change = { name: 'other', active: false, redirectUri: 'https://a.example/cb' };
      const changed = (await root.ask('updateOAuthApp', made['_id'], change))['result'] as Frame;
      assert.deepEqual({ ...changed, _updatedAt: '' }, { ...made, ...change, _updatedAt: '' });
      assert.equal((await root.ask('deleteOAuthApp', made['_id']))['result'], true);
      assert.deepEqual(await world.store.applications.list(), []);
    });
  });

  it('refuse as the contract says', async () => {
    await within(async (world) => {
      await world.add('alice');
      await world.add('root', { roles: ['admin'] });
      const [alice, root, nobody] = [await world.signedIn('alice'), await world.signedIn('root'), world.client()];
      const calls: readonly [string, readonly unknown[]][] = [
        ['addOAuthApp', [asked]],
        ['updateOAuthApp', ['x', asked]],
        ['deleteOAuthApp', ['x']],
      ];
      for (const [method, params] of calls) {
        const signedOut = errorOf(await nobody.ask(method, ...params));
        assert.deepEqual([signedOut['error'], signedOut['details']], ['error-invalid-user', { method }]);
        const missing = errorOf(await alice.ask(method, ...params));
        assert.deepEqual(
          [missing['error'], missing['reason'], missing['details']],
          ['error-not-allowed', 'Not allowed', { method }],
        );
      }
      const code = async (method: string, ...params: readonly unknown[]) =>
        errorOf(await root.ask(method, ...params))['error'];
      assert.equal(await code('addOAuthApp', { ...asked, name: '' }), 'error-invalid-name');
      assert.equal(await code('addOAuthApp', { ...asked, redirectUri: 'javascript:x' }), 'error-invalid-redirectUri');
      assert.equal(await code('updateOAuthApp', 'x', asked), 'error-application-not-found');
      assert.equal(await code('deleteOAuthApp', 'x'), 'error-application-not-found');
      for (const wrong of [{ ...asked, active: 'yes' }, { ...asked, redirectUri: { $ne: '' } }, null, 'x', []]) {
        assert.equal(await code('addOAuthApp', wrong), 400);
      }
      assert.equal(await code('deleteOAuthApp', { $ne: '' }), 400);
    });
  });
});
