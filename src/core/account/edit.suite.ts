import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  eight,
  freshId,
  heardDuring,
  noon,
  type OpenGround,
  openSample,
  race,
  sampleAccount,
  sampleAudit,
} from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import type { AccountEdit, AccountFilter, IdleAccounts, NewAccount } from './store.ts';

/** What every backend must do when accounts are edited, closed for idleness, given pictures, and searched. */
export function accountEditSuite(backend: string, open: OpenGround): void {
  describe(`edits of accounts on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
      // The last administrator, so that the others are none.
      await add({ roles: ['admin'] });
    });
    after(async () => {
      await store.close();
    });

    const add = async (given: Partial<NewAccount> = {}): Promise<NewAccount> => {
      const account = sampleAccount(given);
      assert.equal(await store.accounts.add(account, sampleAudit(account.id)), 'added');
      return account;
    };
    it('put another role in the place of one, once, and of none that was taken', async () => {
      const [one, other] = [await add({ roles: ['anonymous', 'bot'] }), await add({ roles: ['anonymous'] })];
      const replace = async (id: string) =>
        await store.accounts.replaceRole(id, { from: 'anonymous', to: 'user' }, noon + 1, sampleAudit(id));
      assert.deepEqual((await eight(async () => await replace(one.id))).toSorted(), ['done', ...seven('not-held')]);
      assert.deepEqual((await store.accounts.byId(one.id))?.roles, ['user', 'bot']);
      assert.equal(await store.accounts.takeRole(other.id, 'anonymous', noon, sampleAudit(other.id)), 'done');
      assert.equal(await replace(other.id), 'not-held');
      assert.deepEqual((await store.accounts.byId(other.id))?.roles, []);
      const both = await add({ roles: ['user', 'anonymous'] });
      assert.equal(await replace(both.id), 'done');
      assert.deepEqual((await store.accounts.byId(both.id))?.roles, ['user']);
      assert.equal(await replace(freshId()), 'unknown');
    });

    const edit = async (id: string, change: AccountEdit) =>
      await store.accounts.edit(id, change, noon + 1, sampleAudit(id, { what: 'account.edit' }));

    it('write every field that is named, and nothing else', async () => {
      const { id, createdAt } = await add({ bio: 'before', nickname: 'nick', language: 'de' });
      const change = {
        username: `Renamed-${id}`,
        name: 'Grace',
        emails: [{ address: `Other.${id}@x.org`, verified: false }],
        roles: ['bot', 'user'],
        bio: undefined,
        customFields: { unit: 'Navy' },
        passwordChange: { reason: 'leaked' },
        statusText: 'away',
      };
      const heard = await heardDuring(store, async () => {
        assert.equal(await edit(id, change), 'done');
      });
      const account = await store.accounts.byId(id);
      const { passwordChange, ...others } = change;
      assert.equal(account?.passwordChange?.reason, passwordChange.reason);
      assert.deepEqual({ ...account, ...others }, account);
      assert.deepEqual(
        [account?.nickname, account?.language, account?.createdAt, account?.updatedAt],
        ['nick', 'de', createdAt, noon + 1],
      );
      assert.ok(
        heard.some((one) => one.kind === 'account' && one.accountId === id && one.changed.includes('username')),
      );
      assert.equal((await store.accounts.find({ by: 'email', value: `OTHER.${id}@X.ORG` }))?.id, id);
      const [entry] = await store.audit.newest(1, id);
      assert.equal(entry?.what, 'account.edit');
      assert.equal(await edit(id, { passwordChange: undefined }), 'done');
      assert.equal((await store.accounts.byId(id))?.passwordChange, undefined);
    });

    it('are all or nothing, and say what is taken', async () => {
      const there = await add();
      const { id } = await add({ name: 'Before' });
      const entries = (await store.audit.newest(100, id)).length;
      const taken = there.username?.toUpperCase() ?? '';
      assert.equal(await edit(id, { name: 'After', username: taken }), 'username-taken');
      const address = `${there.id}@EXAMPLE.org`;
      assert.equal(await edit(id, { name: 'After', emails: [{ address, verified: true }] }), 'email-taken');
      const account = await store.accounts.byId(id);
      assert.equal(account?.name, 'Before');
      assert.deepEqual(account.emails, [{ address: `${id}@example.org`, verified: true }]);
      assert.equal((await store.audit.newest(100, id)).length, entries);
      assert.equal(await edit(freshId(), { name: 'x' }), 'unknown');
      assert.equal(await edit(id, { username: account.username?.toUpperCase() ?? '' }), 'done');
    });

    it('keep a verified address for codes by e-mail where those are the only second factor (attacks E28)', async () => {
      const address = `${freshId()}@example.org`;
      const { id } = await add({
        emails: [{ address, verified: true }],
        secondFactors: { app: false, email: true, passkey: false, passkeyAlone: false },
      });
      assert.equal(await edit(id, { emails: [] }), 'factor-needs-address');
      assert.equal(await edit(id, { emails: [{ address, verified: false }] }), 'factor-needs-address');
      assert.equal(await edit(id, { emails: [{ address: `b${address}`, verified: false }] }), 'factor-needs-address');
      assert.deepEqual((await store.accounts.byId(id))?.emails, [{ address, verified: true }]);
      assert.equal(await edit(id, { emails: [{ address: `b${address}`, verified: true }] }), 'done');
      const without = await add();
      assert.equal(await edit(without.id, { emails: [] }), 'done');
    });

    it('give one owner to a name that one takes and another registers at the same time (attacks S05)', async () => {
      await race(store, async () => {
        const wanted = `wanted-${freshId()}`;
        const people = await Promise.all([add(), add(), add(), add()]);
        const outcomes = await eight(async (index) => {
          const username = index % 2 === 0 ? wanted : wanted.toUpperCase();
          const person = people[index];
          if (person !== undefined) return await edit(person.id, { username });
          const account = sampleAccount({ username });
          return await store.accounts.add(account, sampleAudit(account.id));
        });
        assert.equal(outcomes.filter((one) => one === 'done' || one === 'added').length, 1, outcomes.join());
        assert.equal(outcomes.filter((one) => one === 'username-taken').length, 7, outcomes.join());
      });
    });

    it('give one owner to an address that two take at the same time', async () => {
      await race(store, async () => {
        const address = `${freshId()}@example.org`;
        const people = await Promise.all(Array.from({ length: 8 }, async () => await add()));
        const outcomes = await eight(
          async (index) => await edit(people[index]?.id ?? '', { emails: [{ address, verified: true }] }),
        );
        assert.equal(outcomes.filter((one) => one === 'done').length, 1, outcomes.join());
      });
    });

    it('keep the preferences of all who save different ones at the same time', async () => {
      const { id } = await add({ preferences: { before: true }, language: 'de' });
      await race(
        store,
        async () => {
          await eight(async (n) => await store.accounts.savePreferences(id, { preferences: { [`key${n}`]: n } }, noon));
          const { preferences } = (await store.accounts.byId(id)) ?? {};
          assert.equal(Object.keys(preferences ?? {}).length, 9);
        },
        5,
      );
      const saved = { preferences: { key0: 'other' }, language: 'fr', utcOffset: 2 };
      const all = await store.accounts.savePreferences(id, saved, noon + 3);
      assert.deepEqual([all?.['key0'], all?.['key1'], all?.['before']], ['other', 1, true]);
      const account = await store.accounts.byId(id);
      assert.deepEqual([account?.preferences, account?.language, account?.utcOffset], [all, 'fr', 2]);
      assert.equal(await store.accounts.savePreferences(freshId(), saved, noon), undefined);
    });

    it('give roles once and take them once', async () => {
      const { id } = await add({ roles: ['user'] });
      const audit = sampleAudit(id);
      const given = await eight(async () => await store.accounts.giveRole(id, 'bot', noon + 2, audit));
      assert.deepEqual(given.toSorted(), ['done', ...Array.from({ length: 7 }, () => 'held')]);
      assert.deepEqual((await store.accounts.byId(id))?.roles, ['user', 'bot']);
      const taken = await eight(async () => await store.accounts.takeRole(id, 'bot', noon + 3, audit));
      assert.deepEqual(taken.toSorted(), ['done', ...Array.from({ length: 7 }, () => 'not-held')]);
      assert.deepEqual((await store.accounts.byId(id))?.roles, ['user']);
      assert.equal(await store.accounts.giveRole(freshId(), 'bot', noon, audit), 'unknown');
      assert.equal(await store.accounts.takeRole(freshId(), 'bot', noon, audit), 'unknown');
    });
  });

  describe(`the last administrator on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    it('keeps the role, also when all lose it at the same time', async () => {
      const add = async (): Promise<string> => {
        const account = sampleAccount({ roles: ['user', 'admin'] });
        await store.accounts.add(account, sampleAudit(account.id));
        return account.id;
      };
      let last = await add();
      assert.equal(await store.accounts.takeRole(last, 'admin', noon, sampleAudit(last)), 'last-administrator');
      assert.equal(
        await store.accounts.edit(last, { roles: ['user'], name: 'x' }, noon, sampleAudit(last)),
        'last-administrator',
      );
      assert.equal((await store.accounts.byId(last))?.name, 'Ada Lovelace');
      await race(store, async () => {
        const all = [last, await add()];
        const outcomes = await Promise.all(
          all.map(async (id, index) =>
            index === 0
              ? await store.accounts.edit(id, { roles: ['user'] }, noon, sampleAudit(id))
              : await store.accounts.takeRole(id, 'admin', noon, sampleAudit(id)),
          ),
        );
        assert.deepEqual(outcomes.toSorted(), ['done', 'last-administrator']);
        assert.deepEqual(await store.accounts.administratorThere(), { held: true });
        last = all[outcomes.indexOf('last-administrator')] ?? '';
      });
    });

    it('is a person who has a way in: neither bots nor apps count, nor whoever could not come back', async () => {
      const { store: fresh } = await open();
      const add = async (more: Partial<NewAccount>): Promise<string> => {
        const account = sampleAccount({ roles: ['admin'], ...more });
        await fresh.accounts.add(account, sampleAudit(account.id));
        return account.id;
      };
      const goes = async (id: string): Promise<readonly unknown[]> => [
        await fresh.accounts.edit(id, { roles: ['user'] }, noon, sampleAudit(id)),
        await fresh.accounts.takeRole(id, 'admin', noon, sampleAudit(id)),
        await fresh.accounts.replaceRole(id, { from: 'admin', to: 'user' }, noon, sampleAudit(id)),
        await fresh.accounts.setOpen(id, false, noon, sampleAudit(id)),
        await fresh.accounts.remove(id, sampleAudit(id)),
      ];
      try {
        const bot = await add({ kind: 'bot' });
        await add({ kind: 'app' });
        const shut = await add({ passwordHash: undefined });
        assert.deepEqual(await fresh.accounts.administratorThere(), { held: false });
        const person = await add({});
        assert.deepEqual(await fresh.accounts.administratorThere(), { held: true });
        const refused = Array.from({ length: 5 }, () => 'last-administrator');
        assert.deepEqual(await goes(person), refused);
        assert.equal(await fresh.accounts.takeRole(bot, 'admin', noon, sampleAudit(bot)), 'done');
        // An identity is a way in, and so is a passkey that needs no password.
        const identity = { provider: 'sample', subject: 'one', facts: {} };
        await fresh.identities.link(identity, shut, {}, noon, sampleAudit(shut));
        assert.equal(await fresh.accounts.remove(person, sampleAudit(person)), 'done');
        assert.deepEqual(await goes(shut), refused);
        const other = await add({ passwordHash: undefined });
        assert.deepEqual(await goes(shut), refused);
        const signs = { name: 'Phone', publicKey: 'key', signCount: 0, transports: [], backedUp: true };
        const passkey = { ...signs, id: freshId(), accountId: other, createdAt: noon, usedAt: undefined };
        const backup = { salt: 'salt', hashes: ['one'] };
        await fresh.passkeys.add(passkey, { most: 3, keep: 'none', backup }, sampleAudit(other));
        assert.deepEqual(await goes(shut), refused);
        await fresh.passkeys.setAlone(other, true, sampleAudit(other));
        assert.equal(await fresh.accounts.takeRole(shut, 'admin', noon, sampleAudit(shut)), 'done');
        assert.deepEqual(await goes(other), refused);
      } finally {
        await fresh.close();
      }
    });
  });

  describe(`idle accounts on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const add = async (given: Partial<NewAccount>): Promise<string> => {
      const account = sampleAccount(given);
      await store.accounts.add(account, sampleAudit(account.id));
      return account.id;
    };
    const close = async (more: Partial<IdleAccounts> = {}) =>
      await store.accounts.closeIdle(
        {
          since: noon,
          role: 'user',
          after: undefined,
          atMost: 100,
          mayClose: ({ roles }) => ({ held: !roles.includes('boss') }),
          ...more,
        },
        noon + 5,
        (accountId) => sampleAudit(accountId, { what: 'account.close', actorId: 'other' }),
      );

    it('are closed in steps with their tokens ended, and the administrator who was seen last stays', async () => {
      const idle = [
        await add({ lastLogInAt: 10 }),
        await add({ lastLogInAt: 10 }),
        await add({ lastLogInAt: 20 }),
        await add({ lastLogInAt: 30 }),
      ];
      const early = await add({ lastLogInAt: 5, roles: ['user', 'admin'] });
      const late = await add({ lastLogInAt: 40, roles: ['user', 'admin'] });
      const stay = [
        await add({ lastLogInAt: undefined }),
        await add({ lastLogInAt: noon }),
        await add({ lastLogInAt: 10, roles: ['bot'] }),
        await add({ lastLogInAt: 10, roles: ['user', 'boss'] }),
        late,
      ];
      const closedBefore = await add({ lastLogInAt: 10, open: false });
      const token = await openSample(store, idle[3] ?? '', { usedAt: 30 });
      await store.accounts.edit(idle[3] ?? '', { name: 'x' }, noon, sampleAudit(undefined));
      const closed: string[] = [];
      let step: Awaited<ReturnType<typeof close>> | undefined;
      const heard = await heardDuring(store, async () => {
        do {
          step = await close({ atMost: 2, after: step?.next });
          closed.push(...step.closed.map(({ id }) => id));
        } while (step.next !== undefined);
      });
      // Whoever was signed in by the sample a moment ago is not idle.
      const expected = [early, ...idle.slice(0, 3)];
      assert.deepEqual(closed.toSorted(), expected.toSorted());
      for (const id of expected) {
        const account = await store.accounts.byId(id);
        assert.deepEqual([account?.open, account?.closedBecause], [false, 'idle']);
        assert.ok(heard.some((one) => one.kind === 'account' && one.accountId === id && one.forced));
        assert.equal((await store.audit.newest(1, id))[0]?.what, 'account.close');
      }
      for (const id of stay) assert.equal((await store.accounts.byId(id))?.open, true);
      assert.equal((await store.accounts.byId(closedBefore))?.closedBecause, undefined);
      assert.ok((await store.tokens.alive([token], noon)).has(token));
      assert.deepEqual(await close(), { closed: [], next: undefined });
      const [first = ''] = idle;
      await store.accounts.setOpen(first, true, noon, sampleAudit(first));
      assert.equal((await store.accounts.byId(first))?.closedBecause, undefined);
    });

    it('leave an administrator who can sign in, whichever bot was seen later', async () => {
      const { store: fresh } = await open();
      try {
        const roles = ['user', 'admin'];
        const all = [
          sampleAccount({ roles, lastLogInAt: 10 }),
          sampleAccount({ roles, lastLogInAt: 20 }),
          sampleAccount({ roles, lastLogInAt: 30, passwordHash: undefined }),
          sampleAccount({ roles, lastLogInAt: 40, kind: 'bot' }),
        ];
        for (const account of all) await fresh.accounts.add(account, sampleAudit(account.id));
        const mayClose = () => ({ held: true });
        const asked = { since: noon, role: 'user', after: undefined, atMost: 100, mayClose };
        const { closed } = await fresh.accounts.closeIdle(asked, noon, (id) => sampleAudit(id));
        assert.deepEqual(
          closed.map(({ lastLogInAt }) => lastLogInAt),
          [10, 30, 40],
        );
      } finally {
        await fresh.close();
      }
    });

    it('lose their tokens', async () => {
      const id = await add({ roles: ['sleepers'] });
      const token = await openSample(store, id);
      const { closed } = await close({ role: 'sleepers', since: noon + 86_400_000 });
      assert.deepEqual(
        closed.map((one) => one.id),
        [id],
      );
      assert.equal((await store.tokens.alive([token], noon)).has(token), false);
    });
  });

  describe(`pictures on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    it('are put, replaced and taken away with their tag, and go with the account', async () => {
      const account = sampleAccount({ username: 'Zoë' });
      await store.accounts.add(account, sampleAudit(account.id));
      const avatar = { mediaType: 'image/png', bytes: Buffer.from([0, 255, 128, 13, 10]) };
      const put = async (chosen: Parameters<typeof store.avatars.put>[1]) =>
        await store.avatars.put(account.id, chosen, noon + 1, sampleAudit(account.id, { what: 'avatar.set' }));
      assert.equal(await store.avatars.byUsername('zoë'), undefined);
      const heard = await heardDuring(store, async () => {
        assert.equal(await put({ avatar, tag: 'one' }), true);
      });
      assert.deepEqual(heard, [
        { kind: 'account', accountId: account.id, changed: ['avatarTag', 'updatedAt'], forced: false },
      ]);
      assert.equal(await put({ avatar: { ...avatar, mediaType: 'image/gif' }, tag: 'two' }), true);
      assert.equal((await store.accounts.byId(account.id))?.avatarTag, 'two');
      const found = await store.avatars.byUsername('ZOË');
      assert.deepEqual([found?.tag, found?.mediaType], ['two', 'image/gif']);
      assert.ok(Buffer.from(found?.bytes ?? []).equals(avatar.bytes));
      assert.equal(await put(undefined), true);
      assert.equal(await store.avatars.byUsername('zoë'), undefined);
      assert.equal((await store.accounts.byId(account.id))?.avatarTag, undefined);
      const still = async (tag: string | undefined, chosen: string) =>
        await store.avatars.put(account.id, { avatar, tag: chosen }, noon + 2, sampleAudit(account.id), { tag });
      assert.equal(await still('two', 'three'), false, 'it has none by now');
      assert.equal(await still(undefined, 'three'), true);
      assert.equal(await still(undefined, 'four'), false);
      assert.equal((await store.accounts.byId(account.id))?.avatarTag, 'three');
      await store.accounts.remove(account.id, sampleAudit(account.id));
      assert.equal(await store.avatars.byUsername('zoë'), undefined);
      assert.equal(await put({ avatar, tag: 'four' }), false);
    });
  });

  describe(`filters of the list on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
      const some: Partial<NewAccount>[] = [
        { username: 'ann', name: 'Bea Ray', roles: ['user'], lastLogInAt: 10 },
        { username: 'anton', name: 'Carl', roles: ['user', 'bot'], kind: 'bot' },
        { username: 'bert', name: 'Ännchen', roles: ['bot'], open: false, closedBecause: 'idle', lastLogInAt: 1 },
        { username: 'cleo', name: 'anna', roles: ['guest'], open: false },
        { username: 'dora', name: 'D', roles: [], open: false, closedBecause: 'waits-for-approval' },
        { username: 'eve_', name: 'Eve', roles: ['user'], emails: [{ address: 'Ann@Sea.org', verified: false }] },
      ];
      for (const given of some) {
        const account = sampleAccount(given);
        await store.accounts.add(account, sampleAudit(account.id));
      }
    });
    after(async () => {
      await store.close();
    });

    const names = async (only: AccountFilter, more: { offset?: number; count?: number } = {}) => {
      const { accounts, total } = await store.accounts.list({ offset: 0, count: 50, sort: [], ...more, only });
      return [total, ...accounts.map(({ username }) => username)];
    };

    it('let through what they name, each by itself and all together', async () => {
      assert.deepEqual(await names({}), [6, 'ann', 'anton', 'bert', 'cleo', 'dora', 'eve_']);
      assert.deepEqual(await names({ open: false }), [3, 'bert', 'cleo', 'dora']);
      assert.deepEqual(await names({ closedBecause: 'idle' }), [1, 'bert']);
      assert.deepEqual(await names({ closedBecause: 'waits-for-approval' }), [1, 'dora']);
      assert.deepEqual(await names({ closedBecause: 'untold' }), [1, 'cleo']);
      assert.deepEqual(await names({ hasLoggedIn: true }), [2, 'ann', 'bert']);
      assert.deepEqual(await names({ hasLoggedIn: false, open: true }), [2, 'anton', 'eve_']);
      assert.deepEqual(await names({ kind: 'bot' }), [1, 'anton']);
      assert.deepEqual(await names({ roles: ['bot', 'guest'] }), [3, 'anton', 'bert', 'cleo']);
      assert.deepEqual(await names({ roles: ['bot'], open: true }), [1, 'anton']);
      assert.deepEqual(await names({ roles: [] }), [0]);
      assert.deepEqual(await names({ roles: ['nobody'] }), [0]);
    });

    it('find what begins so, folded, in the fields that are named', async () => {
      const search = (term: string, ...fields: readonly ('username' | 'name' | 'email')[]) => ({
        search: { term, fields },
      });
      assert.deepEqual(await names(search('AN', 'username')), [2, 'ann', 'anton']);
      assert.deepEqual(await names(search('an', 'username', 'name')), [3, 'ann', 'anton', 'cleo']);
      assert.deepEqual(await names(search('ann', 'username', 'email')), [2, 'ann', 'eve_']);
      assert.deepEqual(await names(search('Ä', 'name')), [1, 'bert']);
      assert.deepEqual(await names({ ...search('an', 'username', 'name'), open: true }), [2, 'ann', 'anton']);
      assert.deepEqual(await names({ ...search('an', 'username', 'name'), roles: ['guest'] }), [1, 'cleo']);
      for (const term of ['%', '_', 'ray', "'", 'e_e']) assert.deepEqual(await names(search(term, 'username')), [0]);
      assert.deepEqual(await names(search('eve_', 'username')), [1, 'eve_']);
      assert.deepEqual(await names(search('', 'username'), { offset: 1, count: 2 }), [6, 'anton', 'bert']);
      assert.deepEqual(await names({ search: { term: 'a', fields: [] } }), [0]);
    });
  });
}

function seven<T>(what: T): readonly T[] {
  return Array.from({ length: 7 }, () => what);
}
