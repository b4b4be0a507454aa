import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Fault } from '../fault.ts';
import {
  eight,
  freshId,
  heardDuring,
  noon,
  type OpenGround,
  race,
  sampleAccount,
  sampleAudit,
} from '../samples.suite.ts';
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

    it('forgets some and writes others in one step', async () => {
      await store.settings.putSettings([setting('kept', 1), setting('old', 1), setting('fresh', 1)], []);
      const entries = (await store.audit.newest(100)).length;
      const heard = await heardDuring(store, async () => {
        await store.settings.resetSettings(['old', 'never'], [setting('fresh', 2)], [sampleAudit('admin')]);
        await store.settings.resetSettings([], [], []);
      });
      assert.deepEqual(heard, [{ kind: 'settings', ids: ['old', 'never', 'fresh'] }]);
      const after_ = new Map((await store.settings.settings()).map(({ id, value }) => [id, value]));
      assert.deepEqual([after_.get('kept'), after_.get('old'), after_.get('fresh')], [1, undefined, 2]);
      assert.equal((await store.audit.newest(100)).length, entries + 1);
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
      await store.settings.addRoles([role('user', 'user'), role('admin', 'admin')], noon);
      const heard = await heardDuring(store, async () => {
        await store.settings.addRoles([role('user', 'renamed')], noon);
      });
      assert.deepEqual(heard, []);
      await store.settings.addRoles([role('user', 'renamed'), { ...role('bot', 'bot'), protected: false }], noon + 1);
      assert.deepEqual(await store.settings.roles(), [
        { ...role('admin', 'admin'), updatedAt: noon },
        { ...role('bot', 'bot'), protected: false, updatedAt: noon + 1 },
        { ...role('user', 'user'), updatedAt: noon },
      ]);
      await store.settings.addRoles([], noon);
    });

    it('adds them once when eight servers start at the same time', async () => {
      await race(store, async () => {
        const there = (await store.settings.roles()).length;
        const id = `role-${there}`;
        await eight(async () => await store.settings.addRoles([role(`${id}-b`, 'b'), role(`${id}-a`, 'a')], noon));
        assert.equal((await store.settings.roles()).length, there + 2);
      });
    });

    const own = (name: string): Role => ({ ...role(freshId(), name), protected: false });
    const audit = sampleAudit('admin');
    const count = async (): Promise<number> => (await store.audit.newest(10_000)).length;

    it('makes a role once under each name, and under no name that is the id of another', async () => {
      const first = own('Night shift');
      const heard = await heardDuring(store, async () => {
        assert.equal(await store.settings.addRole(first, noon, audit), 'done');
      });
      assert.deepEqual(heard, [
        { kind: 'permissions', ids: [] },
        { kind: 'role', id: first.id, name: 'Night shift', change: 'added' },
      ]);
      const entries = await count();
      for (const name of ['Night shift', 'NIGHT SHIFT', 'admin', first.id, 'night\u200b shift']) {
        const heardNone = await heardDuring(store, async () => {
          assert.equal(await store.settings.addRole(own(name), noon, audit), 'name-taken', name);
        });
        assert.deepEqual(heardNone, []);
      }
      assert.equal(await count(), entries);
    });

    it('changes a role, all of it or nothing', async () => {
      const one = own('one of these');
      await store.settings.addRole(one, noon, audit);
      const edit = { name: 'another', description: 'more', scope: 'Subscriptions', secondFactor: true } as const;
      const heard = await heardDuring(store, async () => {
        assert.equal(await store.settings.editRole(one.id, edit, noon + 5, audit), 'done');
      });
      assert.deepEqual(heard.at(-1), { kind: 'role', id: one.id, name: 'another', change: 'changed' });
      const kept = async (id: string) => (await store.settings.roles()).find((known) => known.id === id);
      assert.deepEqual(await kept(one.id), { ...one, ...edit, updatedAt: noon + 5 });
      assert.equal(await store.settings.editRole(one.id, { name: 'ANOTHER' }, noon + 6, audit), 'done');
      const entries = await count();
      assert.equal(
        await store.settings.editRole(one.id, { name: 'Admin', description: '' }, noon, audit),
        'name-taken',
      );
      assert.equal(await store.settings.editRole('user', { name: 'people' }, noon, audit), 'protected');
      assert.equal(await store.settings.editRole('user', { scope: 'Subscriptions' }, noon, audit), 'protected');
      assert.equal(await store.settings.editRole('nobody', { name: 'people' }, noon, audit), 'unknown');
      assert.equal(await count(), entries);
      assert.deepEqual(await kept(one.id), { ...one, ...edit, name: 'ANOTHER', updatedAt: noon + 6 });
      assert.equal(await store.settings.editRole('user', { description: 'People' }, noon + 7, audit), 'done');
      assert.equal((await kept('user'))?.description, 'People');
    });

    it('keeps the scope of a role that somebody has', async () => {
      const one = own('held');
      await store.settings.addRole(one, noon, audit);
      const account = sampleAccount();
      await store.accounts.add(account, audit);
      await store.accounts.giveRole(account.id, one.id, noon, audit);
      assert.equal(await store.settings.editRole(one.id, { scope: 'Subscriptions' }, noon, audit), 'in-use');
      assert.equal(await store.settings.editRole(one.id, { description: 'x' }, noon, audit), 'done');
    });

    it('gives one name to one of eight who make and rename at once', async () => {
      let round = 0;
      await race(
        store,
        async () => {
          round += 1;
          const name = `contested ${round}`;
          const ids: string[] = [];
          for (let index = 0; index < 4; index += 1) {
            const other = own(`free ${round} ${index}`);
            ids.push(other.id);
            await store.settings.addRole(other, noon, audit);
          }
          const outcomes = await eight(async (index) =>
            index % 2 === 0
              ? await store.settings.addRole(own(name), noon, audit)
              : await store.settings.editRole(ids[(index - 1) / 2] ?? '', { name }, noon, audit),
          );
          assert.equal(outcomes.filter((outcome) => outcome === 'done').length, 1, outcomes.join(' '));
          assert.equal((await store.settings.roles()).filter((known) => known.name === name).length, 1);
        },
        6,
      );
    });

    it('removes a role that nobody has, from permissions, too, and tells it to who asks later', async () => {
      const one = own('to go');
      await store.settings.addRole(one, noon, audit);
      const row = { id: 'going', roles: ['admin', one.id, 'user'], updatedAt: noon };
      assert.equal(await store.settings.putPermissions([row], []), 'done');
      const account = sampleAccount();
      await store.accounts.add(account, audit);
      assert.equal(await store.accounts.giveRole(account.id, one.id, noon, audit), 'done');
      assert.equal(await store.settings.removeRole(one.id, noon, audit), 'in-use');
      assert.equal(await store.settings.removeRole('admin', noon, audit), 'protected');
      assert.equal(await store.settings.removeRole('nobody', noon, audit), 'unknown');
      await store.accounts.takeRole(account.id, one.id, noon, audit);
      const heard = await heardDuring(store, async () => {
        assert.equal(await store.settings.removeRole(one.id, noon + 9, audit), 'done');
      });
      assert.deepEqual(heard, [
        { kind: 'permissions', ids: ['going'] },
        { kind: 'permissions', ids: [] },
        { kind: 'role', id: one.id, name: 'to go', change: 'removed' },
      ]);
      const going = (await store.settings.permissions()).find(({ id }) => id === 'going');
      assert.deepEqual(going, { id: 'going', roles: ['admin', 'user'], updatedAt: noon + 9 });
      assert.deepEqual(await store.settings.removedRoles(noon + 8), [
        { id: one.id, name: 'to go', removedAt: noon + 9 },
      ]);
      assert.deepEqual(await store.settings.removedRoles(noon + 9), []);
      assert.equal(await store.settings.removeRole(one.id, noon, audit), 'unknown');
      const gone = (cause: unknown) => cause instanceof Fault && cause.code === 'role-unknown';
      await assert.rejects(store.accounts.giveRole(account.id, one.id, noon, audit), gone);
      await assert.rejects(store.accounts.edit(account.id, { roles: ['user', one.id] }, noon, audit), gone);
      await assert.rejects(store.accounts.add(sampleAccount({ roles: [one.id] }), audit), gone);
      assert.deepEqual((await store.accounts.byId(account.id))?.roles, ['user']);
      await store.settings.addRoles([one], noon);
      assert.deepEqual(await store.settings.removedRoles(0), []);
      assert.equal(await store.accounts.giveRole(account.id, one.id, noon, audit), 'done');
    });

    it('removes a role or gives it to somebody, never both', async () => {
      let round = 0;
      await race(store, async () => {
        round += 1;
        const one = own(`fought over ${round}`);
        await store.settings.addRole(one, noon, audit);
        const accounts = [0, 1, 2].map(() => sampleAccount());
        for (const account of accounts) await store.accounts.add(account, audit);
        const outcomes = await eight(async (index) => {
          const id = accounts[index % 3]?.id ?? '';
          try {
            if (index % 3 === 0) return await store.settings.removeRole(one.id, noon, audit);
            if (index % 3 === 1) return `given ${await store.accounts.giveRole(id, one.id, noon, audit)}`;
            return `given ${await store.accounts.edit(id, { roles: ['user', one.id] }, noon, audit)}`;
          } catch (cause) {
            if (cause instanceof Fault) return cause.code;
            throw cause;
          }
        });
        const there = (await store.settings.roles()).some(({ id }) => id === one.id);
        const given = outcomes.filter((outcome) => outcome === 'given done').length;
        assert.equal(outcomes.filter((outcome) => outcome === 'done').length, there ? 0 : 1, outcomes.join(' '));
        assert.equal(given > 0, there, outcomes.join(' '));
        for (const { id } of accounts) {
          const held = (await store.accounts.byId(id))?.roles.includes(one.id) === true;
          assert.ok(!held || there, 'nobody has a role that is gone');
        }
      });
    });

    it('writes no permission that was decided upon what is no longer so, nor one with a role that is not there', async () => {
      const first = { id: 'watched', roles: ['admin'], updatedAt: noon, was: ['user'] };
      assert.equal(await store.settings.putPermissions([first], []), 'done', 'nothing is stored yet');
      const entries = await count();
      const heard = await heardDuring(store, async () => {
        const fine = { id: 'fine', roles: ['admin'], updatedAt: noon };
        const late = { id: 'watched', roles: ['admin', 'user'], updatedAt: noon, was: ['user'] };
        assert.equal(await store.settings.putPermissions([fine, late], [audit]), 'overtaken');
        const ghost = { id: 'watched', roles: ['admin', 'ghost'], updatedAt: noon };
        assert.equal(await store.settings.putPermissions([fine, ghost], [audit]), 'role-unknown');
      });
      assert.deepEqual(heard, []);
      assert.equal(await count(), entries);
      const ids = (await store.settings.permissions()).map(({ id }) => id);
      assert.equal(ids.includes('fine'), false);
    });

    it('loses none of eight changes of one permission that are made at once', async () => {
      const names = ['admin', 'user', 'bot'];
      await store.settings.putPermissions([{ id: 'shared', roles: [], updatedAt: noon }], []);
      await race(
        store,
        async () => {
          await store.settings.putPermissions([{ id: 'shared', roles: [], updatedAt: noon }], []);
          await eight(async (index) => {
            const role_ = names[index % names.length] ?? '';
            for (;;) {
              const was = (await store.settings.permissions()).find(({ id }) => id === 'shared')?.roles ?? [];
              if (was.includes(role_)) return;
              const change = { id: 'shared', roles: [...was, role_], updatedAt: noon, was };
              if ((await store.settings.putPermissions([change], [])) === 'done') return;
            }
          });
          const after_ = (await store.settings.permissions()).find(({ id }) => id === 'shared');
          assert.deepEqual(after_?.roles.toSorted(), ['admin', 'bot', 'user']);
        },
        5,
      );
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
      const kept = (await store.settings.permissions()).filter(({ id }) => id.length === 1);
      assert.deepEqual(kept, [permission('a', []), permission('b', ['admin', 'user'])]);
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
