import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eight, heardDuring, noon, type OpenGround, race, sampleAudit } from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import type { Role, StoredPermission, StoredSetting } from './store.ts';

/** What every backend's settings, roles and permissions must do. */
export function settingStoreSuite(backend: string, open: OpenGround): void {
  describe(`settings on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const setting = (id: string, value: StoredSetting['value']): StoredSetting => ({
      id,
      value,
      source: 'administrator',
      updatedAt: noon,
    });

    it('keeps values of every kind, the newest of each', async () => {
      const audit = [sampleAudit('admin'), sampleAudit('admin')];
      await store.settings.putSettings([setting('number', 0), setting('text', '')], audit);
      const heard = await heardDuring(store, async () => {
        const more = [
          setting('flag', false),
          setting('list', ['a', 'b']),
          setting('text', 'ü"\n'),
          setting('rate', 0.5),
        ];
        await store.settings.putSettings(more, []);
      });
      assert.deepEqual(heard, [{ kind: 'settings', ids: ['flag', 'list', 'text', 'rate'] }]);
      assert.deepEqual(await store.settings.settings(), [
        setting('flag', false),
        setting('list', ['a', 'b']),
        setting('number', 0),
        setting('rate', 0.5),
        setting('text', 'ü"\n'),
      ]);
      assert.equal((await store.audit.newest(10)).length, 2);
    });

    it('writes all of them or none', async () => {
      const kept = await store.settings.settings();
      const heard = await heardDuring(store, async () => {
        const broken = { ...setting('second', 1), updatedAt: undefined as unknown as number };
        await assert.rejects(store.settings.putSettings([setting('first', 1), broken], [sampleAudit('admin')]));
      });
      assert.deepEqual(heard, []);
      assert.deepEqual(await store.settings.settings(), kept);
    });

    it('takes the same settings from eight at once, in any order', async () => {
      await race(store, async () => {
        await eight(async (index) => {
          const some = ['a', 'b', 'c', 'd'].map((id) => setting(id, index));
          await store.settings.putSettings(index % 2 === 0 ? some : some.toReversed(), []);
        });
        const values = (await store.settings.settings())
          .filter(({ id }) => /^[a-d]$/u.test(id))
          .map(({ value }) => value);
        assert.equal(values.length, 4);
        assert.equal(new Set(values).size, 1, 'all four are from one of the eight');
      });
    });

    it('tells of very many changed settings', async () => {
      const ids = Array.from(
        { length: 600 },
        (_, index) => `Setting_With_A_Long_Name_${String(index).padStart(4, '0')}`,
      );
      const heard = await heardDuring(store, async () => {
        await store.settings.putSettings(
          ids.map((id) => setting(id, true)),
          [],
        );
      });
      assert.deepEqual(heard, [{ kind: 'settings', ids }]);
    });
  });

  describe(`roles and permissions on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const role = (id: string, name: string): Role => ({
      id,
      name,
      scope: 'Users',
      description: 'does things',
      protected: true,
      secondFactor: false,
    });

    it('adds roles that are missing and leaves the others as they are', async () => {
      await store.settings.addRoles([role('user', 'user'), role('admin', 'admin')]);
      const heard = await heardDuring(store, async () => {
        await store.settings.addRoles([role('user', 'renamed')]);
      });
      assert.deepEqual(heard, []);
      await store.settings.addRoles([role('user', 'renamed'), { ...role('bot', 'bot'), protected: false }]);
      assert.deepEqual(await store.settings.roles(), [
        role('admin', 'admin'),
        { ...role('bot', 'bot'), protected: false },
        role('user', 'user'),
      ]);
      await store.settings.addRoles([]);
    });

    it('adds them once when eight servers start at the same time', async () => {
      await race(store, async () => {
        const there = (await store.settings.roles()).length;
        const id = `role-${there}`;
        await eight(async () => await store.settings.addRoles([role(`${id}-b`, 'b'), role(`${id}-a`, 'a')]));
        assert.equal((await store.settings.roles()).length, there + 2);
      });
    });

    it('keeps the holders of permissions', async () => {
      const permission = (id: string, roles: string[]): StoredPermission => ({ id, roles, updatedAt: noon });
      const heard = await heardDuring(store, async () => {
        await store.settings.putPermissions([permission('b', ['user']), permission('a', [])], [sampleAudit('admin')]);
        await store.settings.putPermissions([permission('b', ['admin', 'user'])], []);
      });
      assert.deepEqual(heard, [
        { kind: 'permissions', ids: ['b', 'a'] },
        { kind: 'permissions', ids: ['b'] },
      ]);
      assert.deepEqual(await store.settings.permissions(), [permission('a', []), permission('b', ['admin', 'user'])]);
    });
  });

  describe(`a value written once on ${backend}`, () => {
    it('stays what the first of eight made it', async () => {
      const { store } = await open();
      let name = 0;
      await race(store, async () => {
        name += 1;
        const answers = await eight(async (index) => await store.once(`name-${name}`, `value-${index}`));
        assert.equal(new Set(answers).size, 1);
        assert.equal(await store.once(`name-${name}`, 'late'), answers[0]);
      });
      await store.close();
    });
  });
}
