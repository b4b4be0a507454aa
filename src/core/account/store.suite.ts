import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
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
import type { Account } from './account.ts';
import type { AccountPage, NewAccount } from './store.ts';

/** What every backend's accounts must do. */
export function accountStoreSuite(backend: string, open: OpenGround): void {
  describe(`accounts on ${backend}`, () => {
    let store: OpenedStore;
    let statements: () => readonly string[];
    before(async () => {
      ({ store, statements } = await open());
    });
    after(async () => {
      await store.close();
    });

    const add = async (given: Partial<NewAccount> = {}): Promise<NewAccount> => {
      const account = sampleAccount(given);
      assert.equal(await store.accounts.add(account, sampleAudit(account.id)), 'added');
      return account;
    };

    it('gives back every field as it was written', async () => {
      const written = await add({
        username: 'Grace.Hopper',
        name: 'Grace "Amazing" Hopper\nÜ 😀',
        kind: 'bot',
        emails: [
          { address: 'Grace@Example.org', verified: true },
          { address: 'b@example.org', verified: false },
          { address: 'a@example.org', verified: true },
        ],
        roles: ['z-last', 'user', 'a-first'],
        open: false,
        passwordChange: { reason: 'leaked', since: noon - 2 },
        chosenStatus: 'busy',
        statusText: 'counting',
        statusEndsAt: noon + 1,
        bio: 'bio',
        nickname: 'nick',
        language: 'de',
        utcOffset: 5.5,
        preferences: { nested: { list: [1, 'two', null] } },
        customFields: { unit: 'Navy' },
        createdAt: noon - 5,
        updatedAt: noon - 4,
        lastLogInAt: noon - 3,
      });
      assert.deepEqual(await store.accounts.byId(written.id), shown(written));
      const bare = await add({
        username: undefined,
        name: undefined,
        emails: [],
        roles: [],
        passwordHash: undefined,
        hasPassword: false,
        passwordChange: { reason: undefined },
      });
      const passwordChange = { reason: undefined, since: bare.createdAt };
      assert.deepEqual(await store.accounts.byId(bare.id), { ...shown(bare), passwordChange });
    });

    it('finds by folded username and address, by exact id, in one statement', async () => {
      const id = freshId();
      const account = await add({
        id,
        username: `Zoë-${id}`,
        emails: [{ address: `Zoë.${id}@X.org`, verified: false }],
      });
      statements();
      assert.equal((await store.accounts.find({ by: 'username', value: `zOË\u200d-${id}`.toUpperCase() }))?.id, id);
      assert.equal(statements().length, 1);
      assert.equal((await store.accounts.find({ by: 'email', value: `ZOË.${id}@x.ORG` }))?.id, id);
      assert.equal(statements().length, 1);
      assert.equal((await store.accounts.find({ by: 'id', value: id }))?.id, account.id);
      assert.equal(statements().length, 1);
      assert.equal(await store.accounts.find({ by: 'id', value: id.toUpperCase() }), undefined);
    });

    it('finds nobody under names that nobody has, whatever they hold', async () => {
      await add({ username: undefined, emails: [] });
      for (const value of ['', 'nobody', '\0', 'a\0b', '\ud800', "' or 1=1 --", '%', 'x'.repeat(100_000)]) {
        for (const by of ['id', 'username', 'email'] as const) {
          assert.equal(await store.accounts.find({ by, value }), undefined);
        }
      }
    });

    it('gives the accounts of many ids and leaves out unknown ones', async () => {
      const some = await Promise.all(Array.from({ length: 3 }, async () => await add()));
      const ids = [...some.map(({ id }) => id), ...Array.from({ length: 997 }, () => freshId())];
      const found = await store.accounts.byIds(ids);
      assert.deepEqual(found.map(({ id }) => id).toSorted(), some.map(({ id }) => id).toSorted());
      assert.deepEqual(await store.accounts.byIds([]), []);
    });

    it('says what is taken, and leaves nothing behind of what it refused', async () => {
      const there = await add();
      const audit = sampleAudit(there.id);
      assert.equal(
        await store.accounts.add(sampleAccount({ id: there.id, username: freshId(), emails: [] }), audit),
        'id-taken',
      );
      const upper = there.username?.toUpperCase();
      assert.equal(await store.accounts.add(sampleAccount({ username: upper }), audit), 'username-taken');
      const refused = sampleAccount();
      const address = `${there.id}@EXAMPLE.org`;
      const twice = { ...refused, emails: [...refused.emails, { address, verified: false }] };
      const heard = await heardDuring(store, async () => {
        assert.equal(await store.accounts.add(twice, audit), 'email-taken');
      });
      assert.deepEqual(heard, []);
      assert.equal(await store.accounts.byId(refused.id), undefined);
      assert.equal(await store.accounts.add(refused, audit), 'added');
    });

    it('adds one of eight who want one username', async () => {
      await race(store, async () => {
        const username = freshId();
        const outcomes = await eight(async (index) => {
          const account = sampleAccount({ username: index % 2 === 0 ? username : username.toUpperCase() });
          return await store.accounts.add(account, sampleAudit(account.id));
        });
        assert.deepEqual(outcomes.toSorted(), ['added', ...Array.from({ length: 7 }, () => 'username-taken')]);
      });
    });

    it('adds one of eight who want one address', async () => {
      await race(store, async () => {
        const emails = [{ address: `${freshId()}@example.org`, verified: true }];
        const outcomes = await eight(async () => {
          const account = sampleAccount({ emails });
          return await store.accounts.add(account, sampleAudit(account.id));
        });
        assert.deepEqual(outcomes.toSorted(), ['added', ...Array.from({ length: 7 }, () => 'email-taken')]);
      });
    });

    it('tells of a new account once it can be read, and before the answer', async () => {
      const account = sampleAccount();
      const reads: Promise<Account | undefined>[] = [];
      const stop = store.events.subscribe((happening) => {
        if (happening.kind === 'account-added') reads.push(store.accounts.byId(happening.accountId));
      });
      await store.accounts.add(account, sampleAudit(account.id));
      assert.equal(reads.length, 1);
      assert.equal((await reads[0])?.id, account.id);
      stop();
    });

    it('changes what is named and nothing else', async () => {
      const account = await add({ statusEndsAt: noon, statusText: 'before', language: 'de' });
      const heard = await heardDuring(store, async () => {
        assert.equal(
          await store.accounts.change(account.id, { statusText: 'after', statusEndsAt: undefined }, noon + 9),
          true,
        );
      });
      assert.deepEqual(heard, [
        { kind: 'account', accountId: account.id, changed: ['statusText', 'statusEndsAt', 'updatedAt'], forced: false },
      ]);
      assert.deepEqual(
        await store.accounts.byId(account.id),
        shown({ ...account, statusText: 'after', statusEndsAt: undefined, updatedAt: noon + 9 }),
      );
      const more = { chosenStatus: 'away', preferences: { a: 1 }, utcOffset: -3.5, language: 'fr' } as const;
      await store.accounts.change(account.id, more, noon + 10);
      const changed = await store.accounts.byId(account.id);
      assert.deepEqual({ ...changed, ...more }, changed);
      assert.equal(await store.accounts.change(freshId(), { statusText: 'x' }, noon), false);
    });

    it('gives a chosen status back when its time is over, in steps, and tells of it', async () => {
      const { id } = await add({ chosenStatus: 'busy', statusText: 'lunch', statusEndsAt: noon });
      const later = await add({ chosenStatus: 'away', statusText: '', statusEndsAt: noon + 1 });
      const heard = await heardDuring(store, async () => {
        while ((await store.accounts.endStatuses(noon, 1)) > 0) continue;
      });
      const account = await store.accounts.byId(id);
      assert.deepEqual(
        [account?.chosenStatus, account?.statusText, account?.statusEndsAt, account?.updatedAt],
        ['online', '', undefined, noon],
      );
      assert.equal((await store.accounts.byId(later.id))?.chosenStatus, 'away');
      assert.ok(heard.some((happening) => happening.kind === 'account' && happening.accountId === id));
    });

    it('removes an account with its names, and tells of it', async () => {
      const account = await add();
      const heard = await heardDuring(store, async () => {
        assert.equal(await store.accounts.remove(account.id, sampleAudit(account.id, { actorId: 'other' })), 'done');
      });
      assert.deepEqual(heard, [
        { kind: 'account', accountId: account.id, changed: [], forced: true },
        { kind: 'account-removed', accountId: account.id, username: account.username },
      ]);
      assert.equal(await store.accounts.byId(account.id), undefined);
      assert.equal(await store.accounts.remove(account.id, sampleAudit(account.id)), 'unknown');
      assert.equal(await store.accounts.setOpen(account.id, false, noon, sampleAudit(account.id)), 'unknown');
      assert.equal(await store.accounts.add(account, sampleAudit(account.id)), 'added');
    });

    it('opens and closes, and tells whether somebody else did it', async () => {
      const { id } = await add();
      const close = async (actorId: string) =>
        await heardDuring(
          store,
          async () => await store.accounts.setOpen(id, false, noon + 1, sampleAudit(id, { actorId })),
        );
      const said = (changed: string[], forced: boolean) => [{ kind: 'account', accountId: id, changed, forced }];
      assert.deepEqual(await close('other'), said(['open', 'updatedAt'], true));
      assert.equal((await store.accounts.byId(id))?.open, false);
      assert.deepEqual(await close(id), said(['updatedAt'], false));
      assert.equal(await store.accounts.setOpen(id, true, noon + 2, sampleAudit(id)), 'done');
      assert.equal((await store.accounts.byId(id))?.open, true);
    });
  });

  describe(`administrators on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const addAdministrator = async (isOpen = true): Promise<string> => {
      const account = sampleAccount({ roles: ['user', 'admin'], open: isOpen });
      await store.accounts.add(account, sampleAudit(account.id));
      return account.id;
    };
    const close = async (id: string) => await store.accounts.setOpen(id, false, noon, sampleAudit(id));
    const remove = async (id: string) => await store.accounts.remove(id, sampleAudit(id));

    it('are counted only while they are open', async () => {
      assert.equal(await store.accounts.count(), 0);
      assert.deepEqual(await store.accounts.administratorThere(), { held: false });
      const closed = await addAdministrator(false);
      assert.deepEqual(await store.accounts.administratorThere(), { held: false });
      const last = await addAdministrator();
      assert.equal(await store.accounts.count(), 2);
      assert.deepEqual(await store.accounts.administratorThere(), { held: true });
      assert.equal(await close(closed), 'done');
      assert.equal(await close(last), 'last-administrator');
      assert.equal(await remove(last), 'last-administrator');
      assert.equal((await store.accounts.byId(last))?.open, true);
      assert.equal(await remove(closed), 'done');
      const { id } = sampleAccount();
      await store.accounts.add(sampleAccount({ id }), sampleAudit(id));
      assert.equal(await close(id), 'done');
      assert.equal(await remove(id), 'done');
    });

    it('keep one when all are closed or removed at the same time', async () => {
      const { accounts } = await store.accounts.list({ offset: 0, count: 0, sort: [] });
      let last = accounts.find((account) => account.open && account.roles.includes('admin'))?.id ?? '';
      await race(store, async () => {
        const all = [last, await addAdministrator(), await addAdministrator()];
        const outcomes = await Promise.all(
          all.map(async (id, index) => (index === 1 ? await remove(id) : await close(id))),
        );
        assert.deepEqual(outcomes.toSorted(), ['done', 'done', 'last-administrator']);
        assert.deepEqual(await store.accounts.administratorThere(), { held: true });
        last = all[outcomes.indexOf('last-administrator')] ?? '';
      });
    });
  });

  describe(`the list of accounts on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
      const some: Partial<NewAccount>[] = [
        { username: 'b_b', name: 'Zed', createdAt: 3, lastLogInAt: 30 },
        { username: 'bab', name: 'anna', createdAt: 2, open: false },
        { username: 'Bb', name: 'Anna', createdAt: 3, lastLogInAt: 10 },
        { username: undefined, name: undefined, createdAt: 1 },
        {
          username: 'bz',
          name: 'Örn',
          createdAt: 3,
          lastLogInAt: 20,
          emails: [{ address: 'One@X.org', verified: true }],
        },
      ];
      for (const given of some) {
        const account = sampleAccount(given);
        await store.accounts.add(account, sampleAudit(account.id));
      }
    });
    after(async () => {
      await store.close();
    });

    const names = async (page: Partial<AccountPage>) => {
      const { accounts, total } = await store.accounts.list({ offset: 0, count: 0, sort: [], ...page });
      return [total, ...accounts.map(({ username }) => username ?? '-')];
    };

    it('is sorted by username unless it says otherwise, byte by byte on every database', async () => {
      assert.deepEqual(await names({}), [5, '-', 'b_b', 'bab', 'Bb', 'bz']);
      assert.deepEqual(await names({ sort: [{ field: 'username', ascending: false }] }), [
        5,
        'bz',
        'Bb',
        'bab',
        'b_b',
        '-',
      ]);
    });

    it('is sorted by each field it may name, ties by username in the same direction', async () => {
      const by = async (field: 'name' | 'createdAt' | 'lastLogInAt' | 'open', ascending: boolean) =>
        (await names({ sort: [{ field, ascending }] })).slice(1);
      assert.deepEqual(await by('name', true), ['-', 'bab', 'Bb', 'b_b', 'bz']);
      assert.deepEqual(await by('createdAt', false), ['bz', 'Bb', 'b_b', 'bab', '-']);
      assert.deepEqual(await by('createdAt', true), ['-', 'bab', 'b_b', 'Bb', 'bz']);
      assert.deepEqual(await by('lastLogInAt', false), ['b_b', 'bz', 'Bb', 'bab', '-']);
      assert.deepEqual(await by('lastLogInAt', true), ['-', 'bab', 'Bb', 'bz', 'b_b']);
      assert.deepEqual(await by('open', true), ['bab', '-', 'b_b', 'Bb', 'bz']);
      const both = await names({
        sort: [
          { field: 'createdAt', ascending: false },
          { field: 'username', ascending: true },
        ],
      });
      assert.deepEqual(both, [5, 'b_b', 'Bb', 'bz', 'bab', '-']);
    });

    it('comes in pages, with the number of all', async () => {
      assert.deepEqual(await names({ offset: 1, count: 2 }), [5, 'b_b', 'bab']);
      assert.deepEqual(await names({ offset: 4, count: 2 }), [5, 'bz']);
      assert.deepEqual(await names({ offset: 9, count: 2 }), [5]);
      assert.deepEqual(await names({ offset: 3, count: 0 }), [5, 'Bb', 'bz']);
    });

    it('have an address verified by the link that was mailed to it, once, also by eight at once', async () => {
      await race(
        store,
        async () => {
          const account = sampleAccount({ emails: [{ address: `Ada-${freshId()}@example.org`, verified: false }] });
          await store.accounts.add(account, sampleAudit(account.id));
          const [address = ''] = account.emails.map((email) => email.address.toLowerCase());
          const link = { accountId: account.id, hash: `link-${freshId()}`, kind: 'sample', address, now: noon };
          await store.challenges.put({ ...link, facts: {}, endsAt: noon + 1_000 });
          const late = { ...link, now: noon + 1_000, hash: `link-${freshId()}` };
          await store.challenges.put({ ...late, facts: {}, endsAt: noon + 1_000 });
          assert.equal(await store.accounts.verifyEmail(late, sampleAudit(account.id)), 'unknown');
          const done = await eight(async () => await store.accounts.verifyEmail(link, sampleAudit(account.id)));
          assert.deepEqual(done.toSorted(), ['done', ...Array.from({ length: 7 }, () => 'unknown')]);
          assert.equal((await store.accounts.byId(account.id))?.emails[0]?.verified, true);
        },
        5,
      );
    });

    it('keep an address unverified whose link was mailed to another one', async () => {
      const account = sampleAccount({ emails: [{ address: `${freshId()}@example.org`, verified: false }] });
      await store.accounts.add(account, sampleAudit(account.id));
      const link = { accountId: account.id, hash: `link-${freshId()}`, kind: 'sample', now: noon };
      await store.challenges.put({ ...link, facts: {}, endsAt: noon + 1_000 });
      const outcome = await store.accounts.verifyEmail(
        { ...link, address: 'old@example.org' },
        sampleAudit(account.id),
      );
      assert.equal(outcome, 'address-gone');
      assert.equal((await store.accounts.byId(account.id))?.emails[0]?.verified, false);
    });

    it('can be asked for one address', async () => {
      assert.deepEqual(await names({ email: 'ONE@x.org' }), [1, 'bz']);
      assert.deepEqual(await names({ email: 'one' }), [0]);
    });
  });
}

/** What may be read of an account that was written. */
function shown({ passwordHash: _passwordHash, ...account }: NewAccount): Account {
  return account;
}
