import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorOf, type Frame, within } from './ddp-world.suite.ts';

describe('methods about custom OAuth services', () => {
  it('add and remove one for whoever may, and its settings are told to administrators', async () => {
    await within(async (world) => {
      await world.add('root', { roles: ['admin'] });
      const [root, other] = [await world.signedIn('root'), await world.signedIn('root')];
      await other.sub('a', 'stream-notify-logged', 'private-settings-changed', false);
      const told = async (): Promise<ReadonlySet<string>> => {
        await other.until(() => other.frames.length >= 34);
        return new Set(
          other.take().map((frame) => {
            const [kind, setting] = ((frame['fields'] ?? {}) as Frame)['args'] as readonly [string, Frame];
            return `${kind} ${String(setting['_id'])}`;
          }),
        );
      };
      const added = await root.ask('addOAuthService', 'My IdP');
      assert.deepEqual([added['error'], added['result']], [undefined, undefined]);
      assert.ok((await told()).has('updated Accounts_OAuth_Custom-Myidp-secret'));
      const listed = (await root.ask('private-settings/get'))['result'] as readonly Frame[];
      const secret = listed.find(({ _id }) => _id === 'Accounts_OAuth_Custom-Myidp-secret');
      assert.deepEqual([secret?.['type'], secret?.['secret'], secret?.['group']], ['password', true, 'OAuth']);
      assert.equal((await root.ask('refreshOAuthService'))['error'], undefined);
      assert.equal((await root.ask('removeOAuthService', 'myidp'))['error'], undefined);
      const gone = await told();
      assert.ok(gone.has('removed Accounts_OAuth_Custom-Myidp') && gone.has('removed Accounts_OAuth_Custom-Myidp-url'));
      assert.deepEqual(world.app.settings.services(), []);
    });
  });

  it('refuse as the contract says', async () => {
    await within(async (world) => {
      await world.add('alice');
      const alice = await world.signedIn('alice');
      const nobody = world.client();
      const cases = [
        ['addOAuthService', 'error-invalid-user', 'error-action-not-allowed', 'Adding OAuth Services is not allowed'],
        ['removeOAuthService', 'error-invalid-user', 'error-not-allowed', 'Not authorized'],
        [
          'refreshOAuthService',
          'error-action-not-allowed',
          'error-action-not-allowed',
          'Refresh OAuth Services is not allowed',
        ],
      ] as const;
      for (const [method, signedOut, code, reason] of cases) {
        assert.equal(errorOf(await nobody.ask(method, 'x'))['error'], signedOut);
        const error = errorOf(await alice.ask(method, 'x'));
        assert.deepEqual([error['error'], error['reason']], [code, reason]);
        assert.equal((error['details'] as Frame)['method'], method);
      }
      assert.equal(errorOf(await alice.ask('addOAuthService', { $ne: '' }))['error'], 400);
      assert.deepEqual(world.app.settings.services(), []);
    });
  });
});
