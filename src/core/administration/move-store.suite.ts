import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { foldName } from '../account/names.ts';
import {
  eight,
  freshId,
  heardDuring,
  noon,
  type OpenGround,
  race,
  sampleAccount,
  sampleAudit,
  sampleToken,
} from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import { type Belongings, identityKey } from './move-store.ts';

/** What every backend must do with those who move in and out. */
export function moveStoreSuite(backend: string, open: OpenGround): void {
  describe(`moving in and out on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const somebody = (given: Partial<Belongings> = {}): Belongings => {
      const account = given.account ?? sampleAccount();
      return {
        account,
        tokens: [],
        app: undefined,
        backup: undefined,
        passkeys: [],
        identities: [],
        formerPasswords: [],
        ...given,
      };
    };
    const everything = (): Belongings => {
      const id = `a${freshId()}`;
      const account = sampleAccount({
        id,
        roles: ['user', 'admin'],
        emails: [
          { address: `${id}@example.org`, verified: true },
          { address: `${id}@example.net`, verified: false },
        ],
        secondFactors: { app: true, email: true, passkey: true, passkeyAlone: true },
        preferences: { sendOnEnter: 'normal' },
        customFields: { team: 'one' },
        lastLogInAt: noon - 1,
      });
      return somebody({
        account,
        tokens: [
          sampleToken(id, { createdAt: noon - 2, usedAt: noon - 1 }),
          sampleToken(id, {
            pool: 'personal',
            name: 'one',
            lastPart: 'abcdef',
            endsAt: undefined,
            createdAt: noon - 1,
          }),
        ],
        app: { sealedSecret: 'sealed' },
        backup: { salt: 'salt', hashes: ['one', 'two'] },
        passkeys: [
          {
            id: `key-${id}`,
            accountId: id,
            name: 'phone',
            publicKey: 'cose',
            signCount: 7,
            transports: ['internal'],
            backedUp: true,
            createdAt: noon,
            usedAt: undefined,
          },
        ],
        identities: [{ provider: 'google', subject: `g-${id}`, facts: { email: 'a@b.example' } }],
        formerPasswords: [{ hash: 'former', at: 5 }],
      });
    };
    const audit = (people: readonly Belongings[]) => people.map(({ account }) => sampleAudit(account.id));
    const bringIn = async (...people: readonly Belongings[]) => await store.moving.bringIn(people, audit(people));

    it('reads back what was brought in, everything that hangs on it included', async () => {
      const [one, other] = [everything(), somebody()];
      const heard = await heardDuring(store, async () => {
        assert.equal(await bringIn(one, other), 'done');
      });
      assert.deepEqual(
        heard,
        [one, other].map(({ account }) => ({ kind: 'account-added', accountId: account.id })),
      );
      const page = await store.moving.page(undefined, 100, noon);
      assert.deepEqual(
        page.find(({ account }) => account.id === one.account.id),
        one,
      );
      assert.deepEqual(
        page.find(({ account }) => account.id === other.account.id),
        other,
      );
      assert.equal((await store.audit.newest(1, one.account.id)).length, 1);
      const signed = await store.tokens.find(one.tokens[0]?.hash ?? '');
      assert.equal(signed?.account.secondFactors.app, true);
    });

    it('gives pages in the order of ids, and leaves out what has ended', async () => {
      const people = ['p1', 'p2', 'p3'].map((id) =>
        somebody({
          account: sampleAccount({ id }),
          tokens: [sampleToken(id), sampleToken(id, { endsAt: noon - 1 })],
        }),
      );
      await bringIn(...people);
      const first = await store.moving.page('p', 2, noon);
      const second = await store.moving.page(first.at(-1)?.account.id, 1, noon);
      assert.deepEqual(
        [...first, ...second].map(({ account, tokens }) => [account.id, tokens.length]),
        [
          ['p1', 1],
          ['p2', 1],
          ['p3', 1],
        ],
      );
    });

    it('says what is taken, folded names and addresses included', async () => {
      const one = everything();
      await bringIn(one);
      const { account, tokens, passkeys, identities } = one;
      const taken = await store.moving.taken({
        ids: [account.id, 'nobody'],
        usernames: [foldName(account.username ?? ''), 'nobody'],
        addresses: [...account.emails.map(({ address }) => foldName(address)), 'nobody@example.org'],
        tokenHashes: [tokens[0]?.hash ?? '', 'none'],
        passkeys: [passkeys[0]?.id ?? '', 'none'],
        identities: [...identities, { provider: 'github', subject: identities[0]?.subject ?? '' }],
      });
      assert.deepEqual([...taken.ids], [account.id]);
      assert.deepEqual([...taken.usernames], [foldName(account.username ?? '')]);
      assert.equal(taken.addresses.size, 2);
      assert.equal(taken.tokenHashes.size, 1);
      assert.equal(taken.passkeys.size, 1);
      assert.deepEqual([...taken.identities], identities.map(identityKey));
      const none = { ids: [], usernames: [], addresses: [], tokenHashes: [], passkeys: [], identities: [] };
      assert.equal((await store.moving.taken(none)).ids.size, 0);
    });

    it('brings in nobody of a batch where one thing is taken', async () => {
      const there = everything();
      await bringIn(there);
      const { account, tokens, passkeys, identities } = there;
      const [token] = tokens;
      assert.ok(token);
      const clashes: Readonly<Record<string, () => Belongings>> = {
        id: () => somebody({ account: sampleAccount({ id: account.id }) }),
        username: () => somebody({ account: sampleAccount({ username: account.username?.toUpperCase() }) }),
        address: () => somebody({ account: sampleAccount({ emails: account.emails }) }),
        token: () => {
          const own = sampleAccount();
          return somebody({ account: own, tokens: [sampleToken(own.id, { hash: token.hash })] });
        },
        passkey: () => somebody({ passkeys }),
        identity: () => somebody({ identities }),
      };
      for (const [what, clash] of Object.entries(clashes)) {
        const innocent = everything();
        const heard = await heardDuring(store, async () => {
          assert.equal(await bringIn(innocent, clash()), 'taken', what);
        });
        assert.deepEqual(heard, [], what);
        assert.equal(await store.accounts.byId(innocent.account.id), undefined, what);
        assert.deepEqual(await store.audit.newest(1, innocent.account.id), [], what);
      }
    });

    it('lets one of eight bring the same people in', async () => {
      await race(
        store,
        async () => {
          const people = [everything(), everything()];
          const outcomes = await eight(async () => await bringIn(...people));
          assert.equal(outcomes.filter((outcome) => outcome === 'done').length, 1);
        },
        5,
      );
    });
  });
}
