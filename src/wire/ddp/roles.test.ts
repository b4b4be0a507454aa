import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller } from '../../../test/world.ts';
import { type Client, type DdpWorld, errorOf, type Frame, within } from './ddp-world.suite.ts';

function eventOf(frame: Frame | undefined): readonly unknown[] {
  const fields = (frame?.['fields'] ?? {}) as Frame;
  return [frame?.['collection'], fields['eventName'], fields['args']];
}

/** The arguments of the events that came, of one stream and name. */
function argsOf(frames: readonly Frame[], stream: string, eventName: string): readonly unknown[] {
  return frames
    .map(eventOf)
    .filter(([collection, name]) => collection === stream && name === eventName)
    .map(([, , args]) => args);
}

async function asRoot(world: DdpWorld): Promise<Client> {
  await world.add('root', { roles: ['admin'] });
  return await world.signedIn('root');
}

/** Listens to everything that is told of roles and permissions. */
async function listening(client: Client): Promise<Client> {
  await client.sub('a', 'stream-roles', 'roles', false);
  await client.sub('b', 'stream-notify-logged', 'roles-change', false);
  await client.sub('c', 'stream-notify-logged', 'permissions-changed', false);
  return client;
}

const calls = [
  ['authorization:saveRole', [{ name: 'x' }], 'Accessing'],
  ['authorization:deleteRole', ['user'], 'Accessing'],
  ['authorization:addUserToRole', ['admin', 'alice'], 'Accessing'],
  ['authorization:removeUserFromRole', ['user', 'alice'], 'Accessing'],
  ['authorization:addPermissionToRole', ['create-user', 'user'], 'Adding'],
  ['authorization:removeRoleFromPermission', ['create-user', 'admin'], 'Removing'],
] as const;

describe('methods about roles', () => {
  it('are refused to whoever may not administer, and to whoever is signed out', async () => {
    await within(async (world) => {
      await world.add('alice');
      const alice = await world.signedIn('alice');
      const nobody = world.client();
      for (const [method, params, verb] of calls) {
        const action = verb === 'Accessing' ? 'Accessing_permissions' : `${verb}_permission`;
        const reason = `${verb} ${verb === 'Accessing' ? 'permissions' : 'permission'} is not allowed`;
        for (const client of [alice, nobody]) {
          assert.deepEqual(errorOf(await client.ask(method, ...params)), {
            isClientSafe: true,
            error: 'error-action-not-allowed',
            reason,
            details: { method, action },
            message: `${reason} [error-action-not-allowed]`,
            errorType: 'Meteor.Error',
          });
        }
      }
      assert.equal(errorOf(await nobody.ask('getUserRoles'))['error'], 'error-invalid-user');
    });
  });

  it('take texts only', async () => {
    await within(async (world) => {
      const root = await asRoot(world);
      for (const [method, params] of calls) {
        for (const bad of [[], [{ $ne: '' }], [null, null], [['admin'], 'root'], ['user', { $gt: '' }]]) {
          if (bad.length === 2 && typeof bad[0] === 'string' && params.length === 1) continue;
          const { error } = errorOf(await root.ask(method, ...bad));
          assert.ok(error === 400 || error === 'error-invalid-role-properties', `${method} ${JSON.stringify(bad)}`);
        }
      }
    });
  });

  it('make, give, take and remove roles, and tell it to whoever listens', async () => {
    await within(async (world) => {
      const root = await asRoot(world);
      const { id: aliceId } = await world.add('alice');
      const alice = await listening(await world.signedIn('alice'));
      const heard = async (stream: string, name: string, count: number): Promise<readonly unknown[]> => {
        await alice.until(() => argsOf(alice.frames, stream, name).length >= count);
        return argsOf(alice.take(), stream, name);
      };

      const made = (await root.ask('authorization:saveRole', { name: 'Night shift', description: 'At night' }))[
        'result'
      ] as Frame;
      const id = String(made['_id']);
      const document = {
        _id: id,
        name: 'Night shift',
        scope: 'Users',
        description: 'At night',
        protected: false,
        mandatory2fa: false,
      };
      assert.deepEqual(made, document);
      const _updatedAt = { $date: world.clock.now() };
      assert.deepEqual(await heard('stream-roles', 'roles', 1), [[{ type: 'changed', ...document, _updatedAt }]]);

      await root.ask('authorization:saveRole', { name: 'Night shift', mandatory2fa: true });
      assert.deepEqual(await heard('stream-roles', 'roles', 1), [
        [{ type: 'changed', ...document, mandatory2fa: true, _updatedAt }],
      ]);

      const change = async (verb: string) => (await root.ask(`authorization:${verb}`, id, 'alice'))['result'];
      assert.equal(await change('addUserToRole'), true);
      const u = { _id: aliceId, username: 'alice' };
      assert.deepEqual(await heard('stream-notify-logged', 'roles-change', 1), [[{ type: 'added', _id: id, u }]]);
      const shown = (await alice.ask('getUserRoles'))['result'] as readonly Frame[];
      assert.deepEqual(
        shown.map(({ username, roles }) => [username, roles]),
        [
          ['alice', [id]],
          ['root', ['admin']],
        ],
      );

      await root.ask('authorization:addPermissionToRole', 'view-logs', id);
      const [[kind, permission] = []] = (await heard(
        'stream-notify-logged',
        'permissions-changed',
        1,
      )) as readonly (readonly unknown[])[];
      assert.deepEqual(
        [kind, (permission as Frame)['_id'], (permission as Frame)['roles']],
        ['updated', 'view-logs', ['admin', id]],
      );

      assert.equal(errorOf(await root.ask('authorization:deleteRole', id))['error'], 'error-role-in-use');
      assert.equal(await change('removeUserFromRole'), true);
      assert.deepEqual(await heard('stream-notify-logged', 'roles-change', 1), [[{ type: 'removed', _id: id, u }]]);
      assert.equal((await root.ask('authorization:deleteRole', 'Night shift'))['result'], true);
      await alice.until(() => argsOf(alice.frames, 'stream-roles', 'roles').length > 0);
      assert.deepEqual(argsOf(alice.frames, 'stream-roles', 'roles'), [
        [{ type: 'removed', _id: id, name: 'Night shift' }],
      ]);
      assert.equal(argsOf(alice.frames, 'stream-notify-logged', 'permissions-changed').length, 1);
    });
  });

  it('tell of roles that came with an edit of the account', async () => {
    await within(async (world) => {
      const { id } = await world.add('alice');
      const alice = await listening(await world.signedIn('alice'));
      const entry = (await world.app.host.audit(1))[0] ?? assert.fail('nothing was written down');
      await world.store.accounts.edit(id, { roles: ['bot', 'guest'] }, world.clock.now(), entry);
      await alice.until(() => alice.frames.length === 3);
      assert.deepEqual(
        argsOf(alice.take(), 'stream-notify-logged', 'roles-change').map((args) => JSON.stringify(args)),
        [
          ['added', 'bot'],
          ['added', 'guest'],
          ['removed', 'user'],
        ].map(([type, _id]) => JSON.stringify([{ type, _id, u: { _id: id, username: 'alice' } }])),
      );
    });
  });

  it('refuse with the method in the details', async () => {
    await within(async (world) => {
      const root = await asRoot(world);
      for (const [method, params, error] of [
        ['authorization:deleteRole', ['nobody'], 'error-invalid-role'],
        ['authorization:deleteRole', ['admin'], 'error-delete-protected-role'],
        ['authorization:addUserToRole', ['nobody', 'root'], 'error-invalid-role'],
        ['authorization:addUserToRole', ['user', 'nobody'], 'error-user-not-found'],
        ['authorization:addUserToRole', ['owner', 'root', 'GENERAL'], 'error-invalid-user'],
        ['authorization:removeUserFromRole', ['user', 'nobody'], 'error-invalid-user'],
        ['authorization:addPermissionToRole', ['nothing', 'user'], 'error-invalid-permission'],
        ['authorization:addPermissionToRole', ['create-user', 'nobody'], 'error-invalid-role'],
        ['authorization:removeRoleFromPermission', ['nothing', 'user'], 'error-permission-not-found'],
      ] as const) {
        const refused = errorOf(await root.ask(method, ...params));
        assert.deepEqual([refused['error'], refused['details']], [error, { method }]);
      }
      const last = errorOf(await root.ask('authorization:removeUserFromRole', 'admin', 'root'));
      assert.deepEqual(
        [last['error'], last['reason'], last['details']],
        ['error-action-not-allowed', 'Leaving the app without admins is not allowed', { action: 'Remove_last_admin' }],
      );
      const protectedRole = errorOf(await root.ask('authorization:saveRole', { name: 'user', scope: 'Subscriptions' }));
      assert.equal(protectedRole['error'], 'error-role-protected');
    });
  });
});

describe('a role that is taken away', () => {
  it('is felt at once by a socket that is open', async () => {
    await within(async (world) => {
      const root = await asRoot(world);
      const rootSigned = await world.signIn('root');
      const { id } = await world.add('alice', { roles: ['user', 'admin'] });
      const alice = await world.signedIn('alice');
      await alice.sub('a', 'stream-notify-logged', 'private-settings-changed', false);
      await alice.sub('b', 'stream-notify-user', `${id}/userData`, false);
      await root.sub('a', 'stream-notify-logged', 'private-settings-changed', false);
      await world.app.setting.change(rootSigned, [{ id: 'Login_Logs_Enabled', value: true }], caller());
      await alice.until(() => alice.frames.length > 0);
      alice.take();
      root.take();
      await root.ask('authorization:removeUserFromRole', 'admin', 'alice');
      await alice.until(() => alice.frames.length > 0);
      const [update] = argsOf(alice.take(), 'stream-notify-user', `${id}/userData`) as readonly (readonly Frame[])[];
      const diff = (update?.[0]?.['diff'] ?? {}) as Frame;
      assert.deepEqual(diff['roles'], ['user']);
      assert.deepEqual((await alice.ask('private-settings/get'))['result'], []);
      const refused = errorOf(await alice.ask('authorization:addUserToRole', 'admin', 'alice'));
      assert.equal(refused['error'], 'error-action-not-allowed');
      root.take();
      await world.app.setting.change(rootSigned, [{ id: 'Login_Logs_Enabled', value: false }], caller());
      await root.until(() => root.frames.length > 0);
      assert.deepEqual(argsOf(alice.frames, 'stream-notify-logged', 'private-settings-changed'), []);
    });
  });
});
