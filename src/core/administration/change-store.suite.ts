import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { NewAccount } from '../account/store.ts';
import {
  eight,
  heardDuring,
  noon,
  type OpenGround,
  openSample,
  race,
  sampleAccount,
  sampleAudit,
} from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import type { ChangeOutcome, WholeChange } from './change-store.ts';

/** What every backend must do where one call changes several things of an account. */
export function changeStoreSuite(backend: string, open: OpenGround): void {
  describe(`changes of an account as a whole on ${backend}`, () => {
    let store: OpenedStore;
    let administrators: readonly string[] = [];
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const add = async (given: Partial<NewAccount> = {}): Promise<string> => {
      const account = sampleAccount({ passwordHash: 'start', ...given });
      assert.equal(await store.accounts.add(account, sampleAudit(account.id)), 'added');
      return account.id;
    };
    const password = (id: string, expected?: string): WholeChange['password'] => ({
      change: {
        accountId: id,
        hash: 'fresh',
        expected,
        formerKept: 5,
        exceptToken: undefined,
        changeRequired: undefined,
        now: noon + 1,
      },
      audit: sampleAudit(id, { what: 'password' }),
    });
    const write = async (id: string, parts: Omit<WholeChange, 'accountId' | 'now'>): Promise<ChangeOutcome> =>
      await store.changes.write({ accountId: id, now: noon + 1, ...parts });
    const edit = (id: string, fields: NonNullable<WholeChange['edit']>['fields']): WholeChange['edit'] => ({
      fields,
      audit: sampleAudit(id, { what: 'edit' }),
    });
    const close = (id: string): WholeChange['open'] => ({ open: false, audit: sampleAudit(id, { what: 'close' }) });
    const found = async (id: string) => {
      const account = await store.accounts.byId(id);
      const entries = (await store.audit.newest(10, id)).map(({ what }) => what).filter((what) => what !== 'sample');
      return [account?.name, await store.passwords.hashOf(id), account?.open, entries];
    };
    const untouched = ['Ada Lovelace', 'start', true, []];

    it('writes every part, with its entry, and ends what the parts end', async () => {
      const id = await add();
      const token = await openSample(store, id);
      const heard = await heardDuring(store, async () => {
        const parts = { edit: edit(id, { name: 'New' }), password: password(id), open: close(id) };
        assert.equal(await write(id, parts), 'done');
      });
      assert.deepEqual(await found(id), ['New', 'fresh', false, ['close', 'password', 'edit']]);
      assert.equal(await store.tokens.find(token), undefined);
      assert.ok(heard.every((happening) => happening.kind === 'account' && happening.accountId === id));
      assert.ok(heard.length > 0);
    });

    it('writes one part alone', async () => {
      const id = await add();
      assert.equal(await write(id, { password: password(id) }), 'done');
      assert.deepEqual(await found(id), ['Ada Lovelace', 'fresh', true, ['password']]);
      assert.equal(await write('nobody', { edit: edit('nobody', { name: 'New' }) }), 'unknown');
    });

    it('writes nothing where one part cannot be', async () => {
      const id = await add();
      const other = sampleAccount();
      await store.accounts.add(other, sampleAudit(other.id));
      const named = edit(id, { name: 'New' });
      assert.equal(await write(id, { edit: named, password: password(id, 'another') }), 'overtaken');
      const taken = edit(id, { name: 'New', username: other.username ?? '' });
      assert.equal(await write(id, { edit: taken, password: password(id), open: close(id) }), 'username-taken');
      assert.deepEqual(await found(id), untouched);
    });

    it('writes nothing where the last administrator would be closed', async () => {
      const id = await add({ roles: ['admin'] });
      administrators = [id];
      const parts = { edit: edit(id, { name: 'New' }), password: password(id), open: close(id) };
      assert.equal(await write(id, parts), 'last-to-close');
      const demoted = { ...parts, edit: edit(id, { name: 'New', roles: ['user'] }) };
      assert.equal(await write(id, demoted), 'last-administrator');
      assert.deepEqual(await found(id), untouched);
    });

    it('leaves an administrator, however many are closed and demoted at once', async () => {
      await race(
        store,
        async () => {
          const ids = await eight(async () => await add({ roles: ['admin'] }));
          // Those of before go first, or one of them would be the one that is left.
          for (const id of administrators) await store.accounts.takeRole(id, 'admin', noon, sampleAudit(id));
          administrators = ids;
          await eight(async (n) => {
            const id = ids[n] ?? '';
            const roles = edit(id, { roles: ['user'] });
            return await write(id, n % 2 === 0 ? { password: password(id), open: close(id) } : { edit: roles });
          });
          assert.deepEqual(await store.accounts.administratorThere(), { held: true });
        },
        5,
      );
    });
  });
}
