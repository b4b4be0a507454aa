import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../src/core/fault.ts';
import { openSqlite } from '../src/stores/sqlite/open.ts';
import { onSharedStores, type SharedGround, soon, twoNodesOf } from './two-nodes.ts';
import { caller, openWorld, type World } from './world.ts';

function twoNodes(backend: string, openGround: () => Promise<SharedGround>) {
  describe(`roles on two nodes over one ${backend} store`, () => {
    const { pair, root } = twoNodesOf(openGround);
    const make = async (name: string): Promise<string> => {
      const asked = { name, description: '', scope: 'Users', secondFactor: false } as const;
      return (await pair()[0].app.role.create(root(), asked, caller())).id;
    };
    const known = (node: World, id: string) => node.app.permissions.roles().find((role) => role.id === id);

    it('are known, changed and gone on the other', async () => {
      const [one, two] = pair();
      const id = await make('travelling');
      await soon('the role', () => known(two, id) !== undefined);
      await two.app.role.edit(root(), id, { secondFactor: true }, caller());
      await soon('the change', () => known(one, id)?.secondFactor === true);
      await one.app.permission.give(root(), { permission: 'view-logs', role: id }, caller());
      await soon('the permission', () => two.app.permissions.rolesOf('view-logs').includes(id));
      await two.app.role.remove(root(), id, caller());
      await soon('the end', () => known(one, id) === undefined);
      assert.deepEqual(one.app.permissions.rolesOf('view-logs'), ['admin']);
      assert.deepEqual(
        (await one.app.role.removed(0)).map((role) => role.id),
        [id],
      );
    });

    it('are felt by tokens that the other has in memory', async () => {
      const [one, two] = pair();
      const id = await make('felt');
      await one.app.permission.give(root(), { permission: 'view-logs', role: id }, caller());
      const account = await one.add('felt.by', { roles: ['user'] });
      await one.app.role.give(root(), account, id, caller());
      const { text } = await one.signIn('felt.by');
      const holds = async (node: World): Promise<boolean> =>
        node.app.permissions.held(await node.app.session.authenticate(account.id, text), 'view-logs').held;
      await soon('the role', async () => await holds(two));
      const again = (await one.app.account.byId(account.id)) ?? assert.fail('the account is gone');
      await one.app.role.take(root(), again, id, caller());
      assert.equal(await holds(one), false);
      await soon('the end', async () => !(await holds(two)));
    });

    it('lose none of several changes of one permission', async () => {
      const [one, two] = pair();
      const ids = await Promise.all(['p1', 'p2', 'p3', 'p4'].map(make));
      await soon('the roles', () => ids.every((id) => known(two, id) !== undefined));
      await Promise.all(
        ids.map(async (role, at) => {
          const node = at % 2 === 0 ? one : two;
          await node.app.permission.give(root(), { permission: 'view-statistics', role }, caller());
        }),
      );
      const stored = (await one.store.settings.permissions()).find((row) => row.id === 'view-statistics');
      assert.deepEqual(stored?.roles.toSorted(), ['admin', ...ids].toSorted());
    });

    it('are removed by one or given by the other', async () => {
      const [one, two] = pair();
      for (let round = 0; round < 5; round += 1) {
        const id = await make(`round ${round}`);
        await soon('the role', () => known(two, id) !== undefined);
        const account = await one.add(`round.${round}`);
        const outcome = async (act: Promise<void>): Promise<string> =>
          await act.then(
            () => 'done',
            (cause: unknown) => (cause instanceof Fault ? cause.code : Promise.reject(cause as Error)),
          );
        const outcomes = await Promise.all([
          outcome(one.app.role.remove(root(), id, caller())),
          outcome(two.app.role.give(root(), account, id, caller())),
        ]);
        assert.ok(
          ['done role-unknown', 'role-in-use done'].includes(outcomes.join(' ')),
          `one happens: ${outcomes.join(' ')}`,
        );
      }
    });
  });
}

onSharedStores(twoNodes);

it('permissions and roles hold as soon as their change returns, however slowly the store is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-roles-'));
  const world = await openWorld({
    open: async (clock) => {
      const store = await openSqlite({ file: join(folder, 'slow.db'), clock });
      const permissions = async () => {
        await sleep(20);
        return await store.settings.permissions();
      };
      return { ...store, settings: { ...store.settings, permissions } };
    },
  });
  try {
    await world.add('root', { roles: ['admin'] });
    const root = await world.signIn('root');
    const { permissions, permission, role } = world.app;
    await permission.give(root, { permission: 'view-logs', role: 'user' }, caller());
    assert.deepEqual(permissions.rolesOf('view-logs'), ['admin', 'user']);
    await permission.take(root, { permission: 'view-logs', role: 'user' }, caller());
    assert.deepEqual(permissions.rolesOf('view-logs'), ['admin']);
    const asked = { name: 'slow', description: '', scope: 'Users', secondFactor: false } as const;
    const { id } = await role.create(root, asked, caller());
    assert.ok(permissions.roles().some((one) => one.id === id));
    await role.edit(root, id, { secondFactor: true }, caller());
    assert.equal(permissions.roles().find((one) => one.id === id)?.secondFactor, true);
    await role.remove(root, id, caller());
    assert.equal(
      permissions.roles().find((one) => one.id === id),
      undefined,
    );
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
