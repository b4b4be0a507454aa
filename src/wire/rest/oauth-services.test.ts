import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type RestWorld, withRest } from './rest-world.suite.ts';

const gate = { 'x-2fa-code': sha256Hex(password) };

async function post(world: RestWorld, path: string, headers: Record<string, string>, body: unknown) {
  const { status, json } = await world.call({ url: `/api/v1/${path}`, headers, body });
  return [status, json] as const;
}

describe('calls about custom OAuth services', () => {
  it('add one with the settings of a fresh one, and remove it', async () => {
    await withRest(async (world) => {
      const admin = { ...(await world.asAdmin()), ...gate };
      const added = await post(world, 'settings.addCustomOAuth', admin, { name: 'My IdP' });
      assert.deepEqual(added, [200, { success: true }]);
      const { json } = await world.call({
        url: '/api/v1/settings/Accounts_OAuth_Custom-Myidp-scope',
        headers: admin,
      });
      assert.deepEqual(json, { _id: 'Accounts_OAuth_Custom-Myidp-scope', value: 'openid', success: true });
      const id = 'Accounts_OAuth_Custom-Myidp-secret';
      assert.equal((await post(world, `settings/${id}`, admin, { value: 'opensesame' }))[0], 200);
      const shown = await world.call({ url: `/api/v1/settings/${id}`, headers: admin });
      assert.equal(shown.json['value'], '••••••••');
      assert.deepEqual(await post(world, 'settings.refreshOAuthServices', admin, {}), [200, { success: true }]);
      assert.deepEqual(await post(world, 'settings.removeCustomOAuth', admin, { name: 'myidp' }), [
        200,
        { success: true },
      ]);
      assert.equal((await world.call({ url: `/api/v1/settings/${id}`, headers: admin })).status, 400);
    });
  });

  it('ask for a second factor, and refuse as the contract says', async () => {
    await withRest(async (world) => {
      const admin = await world.asAdmin();
      await world.add('alice');
      const alice = { ...(await world.headersOf('alice')), ...gate };
      for (const path of ['settings.refreshOAuthServices', 'settings.addCustomOAuth', 'settings.removeCustomOAuth']) {
        // A sign-in and a factor count for a while.
        world.clock.move(301_000);
        const [status, json] = await post(world, path, admin, { name: 'x' });
        assert.deepEqual([status, json['errorType']], [400, 'totp-required'], path);
        if (path.includes('refresh')) continue;
        for (const body of [{}, { name: ' ' }]) {
          const refused = await post(world, path, { ...admin, ...gate }, body);
          assert.deepEqual(refused, [
            400,
            {
              success: false,
              error: 'The parameter "name" is required [error-name-param-not-provided]',
              errorType: 'error-name-param-not-provided',
            },
          ]);
        }
        assert.equal((await post(world, path, { ...admin, ...gate }, { name: { $ne: '' } }))[0], 400);
      }
      const refusals = [
        ['settings.addCustomOAuth', 'Adding OAuth Services is not allowed [error-action-not-allowed]'],
        ['settings.removeCustomOAuth', 'Not authorized [error-not-allowed]'],
        ['settings.refreshOAuthServices', 'Refresh OAuth Services is not allowed [error-action-not-allowed]'],
      ] as const;
      for (const [path, error] of refusals) {
        const [status, json] = await post(world, path, alice, { name: 'x' });
        assert.deepEqual([status, json['error']], [400, error]);
      }
      const [status, json] = await post(world, 'settings.addCustomOAuth', { ...admin, ...gate }, { name: 'google' });
      assert.deepEqual([status, json['error']], [400, 'Invalid name [error-invalid-name]']);
      assert.deepEqual(world.app.settings.services(), []);
    });
  });
});
