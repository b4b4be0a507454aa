import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { NewAccount } from '../account/store.ts';
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
import type { Origin } from './identity.ts';
import type { NewIdentity } from './identity-store.ts';

/** What every backend must do for people from elsewhere, races included. */
export function identityStoreSuite(backend: string, open: OpenGround): void {
  describe(`identities on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const person = (given: Partial<NewIdentity> = {}): NewIdentity => ({
      provider: 'sample',
      subject: `subject-${freshId()}`,
      facts: { email: 'ada@example.org' },
      ...given,
    });
    const add = async (given: Partial<NewAccount> = {}): Promise<NewAccount> => {
      const account = sampleAccount(given);
      assert.equal(await store.accounts.add(account, sampleAudit(account.id)), 'added');
      return account;
    };
    const join = async (identity: NewIdentity, { id }: Pick<NewAccount, 'id'>) =>
      await store.identities.link(identity, id, {}, noon, sampleAudit(id, { what: 'link' }));
    const session = async (accountId: string, origin: Origin): Promise<string> => {
      const token = sampleToken(accountId);
      await join(person(origin), { id: accountId });
      const { opened } = await store.tokens.open({
        token,
        provedPasswordHash: undefined,
        betterPasswordHash: undefined,
        isLogIn: true,
        device: undefined,
        unless: undefined,
        cap: 50,
        forgive: false,
        audit: sampleAudit(accountId),
        origin,
      });
      assert.ok(opened);
      return token.hash;
    };
    const audited = async (accountId: string): Promise<readonly string[]> =>
      (await store.audit.newest(100, accountId)).map(({ what }) => what);

    it('are found with their account, by provider and subject exactly', async () => {
      const account = await add();
      const identity = person({ facts: { name: 'Ada "ü"' } });
      const heard = await heardDuring(store, async () => {
        assert.equal(await join(identity, account), 'linked');
      });
      assert.deepEqual(heard, [{ kind: 'account', accountId: account.id, changed: ['identities'], forced: false }]);
      const found = await store.identities.find('sample', identity.subject);
      const kept = { ...identity, accountId: account.id, linkedAt: noon, usedAt: noon, seenAt: undefined };
      assert.deepEqual(found?.identity, kept);
      assert.deepEqual(found?.account, await store.accounts.byId(account.id));
      assert.deepEqual(await store.identities.ofAccount(account.id), [kept]);
      assert.equal(await store.identities.find('Sample', identity.subject), undefined);
      assert.equal(await store.identities.find('sample', identity.subject.toUpperCase()), undefined);
      assert.equal(await store.identities.find('sample', 'nul\0'), undefined);
      assert.deepEqual(await audited(account.id), ['link', 'sample']);
    });

    it('of two providers with one subject are two (attack K12)', async () => {
      const [one, other] = [await add(), await add()];
      const identity = person();
      assert.equal(await join(identity, one), 'linked');
      assert.equal(await join({ ...identity, provider: 'another' }, other), 'linked');
      assert.equal((await store.identities.find('sample', identity.subject))?.account.id, one.id);
      assert.equal((await store.identities.find('another', identity.subject))?.account.id, other.id);
    });

    it('are joined with one account alone', async () => {
      const [one, other] = [await add(), await add()];
      const identity = person();
      await join(identity, one);
      const heard = await heardDuring(store, async () => {
        assert.equal(await join(identity, other), 'identity-taken');
        assert.equal(await join(person(), { id: freshId() }), 'account-changed');
      });
      assert.deepEqual(heard, []);
      assert.deepEqual(await audited(other.id), ['sample']);
      await race(store, async () => {
        const wanted = person();
        const outcomes = await eight(async (index) => await join(wanted, index % 2 === 0 ? one : other));
        assert.equal(outcomes.filter((outcome) => outcome === 'linked').length, 1);
        assert.equal(outcomes.filter((outcome) => outcome === 'identity-taken').length, 7);
      });
    });

    it('are joined while the account is what it must be, and not otherwise (attack K10)', async () => {
      const address = `${freshId()}@example.org`;
      const account = await add({ emails: [{ address, verified: false }] });
      const link = async (onlyWhile: Parameters<OpenedStore['identities']['link']>[2]) =>
        await store.identities.link(person(), account.id, onlyWhile, noon, sampleAudit(account.id));
      assert.equal(await link({ verifiedAddress: address }), 'account-changed');
      assert.equal(await link({ verifiedAddress: 'nobody@example.org' }), 'account-changed');
      assert.equal(await link({ username: 'another' }), 'account-changed');
      await store.accounts.edit(account.id, { emails: [{ address, verified: true }] }, noon, sampleAudit(account.id));
      assert.equal(await link({ verifiedAddress: address.toUpperCase() }), 'linked');
      assert.equal(await link({ username: account.username?.toUpperCase() ?? '' }), 'linked');
      // The address of another account says nothing of this one.
      const other = await add();
      assert.equal(await link({ verifiedAddress: other.emails[0]?.address ?? '' }), 'account-changed');
    });

    it('are joined where nobody else of the provider is, if the terms say so, also where two come at once', async () => {
      const link = async (one: NewIdentity, { id }: Pick<NewAccount, 'id'>, counts: 'any' | 'used') =>
        await store.identities.link(one, id, { noOtherOfProvider: counts }, noon, sampleAudit(id));
      const account = await add();
      const unused = person({ unused: true });
      assert.equal(await link(unused, account, 'any'), 'linked');
      assert.equal(await link(person(), account, 'any'), 'account-changed');
      assert.equal(await link(person({ provider: 'another' }), account, 'any'), 'linked');
      assert.equal(await link(person(), account, 'used'), 'linked', 'nobody has come with the first');
      assert.equal(await link(person(), account, 'used'), 'account-changed');
      const strangers = { noOtherOfProvider: 'any', strangerUnlessVerified: [] } as const;
      const outcome = await store.identities.link(person(), account.id, strangers, noon, sampleAudit(account.id));
      assert.equal(outcome, 'account-changed');
      assert.equal((await store.identities.ofAccount(account.id)).length, 3, 'nothing was taken');
      await race(store, async () => {
        const one = await add();
        const outcomes = await eight(async () => await link(person(), one, 'any'));
        assert.equal(outcomes.filter((done) => done === 'linked').length, 1);
      });
    });

    it('are joined while the account is no more than an ordinary one, if the terms say so', async () => {
      const link = async (id: string, codesTo: readonly string[] = []) => {
        const terms = { ordinary: { roles: ['user'], codesTo } };
        return await store.identities.link(person(), id, terms, noon, sampleAudit(id));
      };
      assert.equal(await link((await add({ roles: ['user'] })).id), 'linked');
      assert.equal(await link((await add({ roles: [] })).id), 'linked');
      assert.equal(await link((await add({ roles: ['user', 'bot'] })).id), 'account-changed');
      const address = `${freshId()}@example.org`;
      const { id } = await add({ roles: ['user'], emails: [{ address, verified: true }] });
      await store.factors.setEmail(id, true, undefined, sampleAudit(id));
      assert.equal(await link(id), 'account-changed');
      assert.equal(await link(id, ['another@example.org']), 'account-changed');
      assert.equal(await link(id, [address.toUpperCase()]), 'linked');
      await race(store, async () => {
        const { id: one } = await add({ roles: ['user'] });
        const terms = { ordinary: { roles: ['user'], codesTo: [] } };
        const [outcome] = await Promise.all([
          store.identities.link(person(), one, terms, noon, sampleAudit(one, { what: 'link' })),
          store.accounts.giveRole(one, 'bot', noon, sampleAudit(one, { what: 'role' })),
        ]);
        const told = (await audited(one)).slice(0, 2);
        assert.deepEqual(told, outcome === 'linked' ? ['role', 'link'] : ['role', 'sample']);
      });
    });

    it('are not joined by an address that is given away at the same moment', async () => {
      await race(store, async () => {
        const address = `${freshId()}@example.org`;
        const account = await add({ emails: [{ address, verified: true }] });
        const identity = person();
        const emails = [{ address, verified: false }];
        const [outcome] = await Promise.all([
          store.identities.link(identity, account.id, { verifiedAddress: address }, noon, sampleAudit(account.id)),
          store.accounts.edit(account.id, { emails }, noon, sampleAudit(account.id)),
        ]);
        const found = await store.identities.find('sample', identity.subject);
        assert.equal(found !== undefined, outcome === 'linked');
      });
    });

    it('come with an account of their own, both or neither', async () => {
      const account = sampleAccount({ passwordHash: undefined, hasPassword: false, username: undefined });
      const identity = person();
      const entries = [sampleAudit(account.id, { what: 'add' }), sampleAudit(account.id, { what: 'link' })];
      const heard = await heardDuring(store, async () => {
        assert.equal(await store.identities.addAccount(account, identity, entries), 'added');
      });
      assert.deepEqual(heard, [{ kind: 'account-added', accountId: account.id }]);
      assert.equal((await store.identities.find('sample', identity.subject))?.account.id, account.id);
      assert.deepEqual((await audited(account.id)).toSorted(), ['add', 'link']);
      const refusals: readonly [Partial<NewAccount>, NewIdentity, string][] = [
        [{}, identity, 'identity-taken'],
        [{ emails: account.emails }, person(), 'email-taken'],
        [{ id: account.id }, person(), 'id-taken'],
      ];
      for (const [given, wanted, outcome] of refusals) {
        const another = sampleAccount(given);
        assert.equal(await store.identities.addAccount(another, wanted, [sampleAudit(another.id)]), outcome);
        if (another.id !== account.id) assert.equal(await store.accounts.byId(another.id), undefined);
        if (wanted !== identity) assert.equal(await store.identities.find('sample', wanted.subject), undefined);
      }
    });

    it('make one account where eight come at once for the first time', async () => {
      await race(store, async () => {
        const identity = person();
        const outcomes = await eight(async () => {
          const account = sampleAccount();
          return await store.identities.addAccount(account, identity, [sampleAudit(account.id)]);
        });
        assert.equal(outcomes.filter((outcome) => outcome === 'added').length, 1);
        assert.equal(outcomes.filter((outcome) => outcome === 'identity-taken').length, 7);
      });
    });

    it('remember when they were used, and what was told then', async () => {
      const account = await add();
      const identity = person();
      await join(identity, account);
      await store.identities.use({ ...identity, facts: { email: 'new@example.org' } }, noon + 5);
      const [kept] = await store.identities.ofAccount(account.id);
      assert.deepEqual([kept?.usedAt, kept?.linkedAt, kept?.facts], [noon + 5, noon, { email: 'new@example.org' }]);
      await store.identities.use(person(), noon);
    });

    it('are parted from the account, and the sessions that they have opened end', async () => {
      const account = await add();
      const [leaving, staying] = [person(), person()];
      await join(leaving, account);
      await join(staying, account);
      const ended = await session(account.id, { ...leaving, session: '' });
      const kept = [
        await session(account.id, { ...staying, session: '' }),
        await session(account.id, { ...leaving, provider: 'another', session: '' }),
      ];
      const heard = await heardDuring(store, async () => {
        const audit = sampleAudit(account.id, { what: 'unlink' });
        assert.equal(await store.identities.unlink(account.id, leaving, audit), 'done');
        assert.equal(await store.identities.unlink(account.id, leaving, audit), 'unknown');
      });
      assert.deepEqual(heard, [{ kind: 'account', accountId: account.id, changed: ['identities'], forced: false }]);
      assert.equal(await store.identities.find('sample', leaving.subject), undefined);
      assert.equal(await store.tokens.find(ended), undefined);
      for (const hash of kept) assert.notEqual(await store.tokens.find(hash), undefined);
      assert.equal((await audited(account.id))[0], 'unlink');
    });

    it('of another account are unknown', async () => {
      const [owner, other] = [await add(), await add()];
      const identity = person();
      await join(identity, owner);
      assert.equal(await store.identities.unlink(other.id, identity, sampleAudit(other.id)), 'unknown');
      assert.notEqual(await store.identities.find('sample', identity.subject), undefined);
    });

    it('are told to clients as ended by somebody else where somebody else parts them', async () => {
      const [account, administrator] = [await add(), await add()];
      const identity = person();
      await join(identity, account);
      const heard = await heardDuring(store, async () => {
        const audit = sampleAudit(account.id, { actorId: administrator.id });
        await store.identities.unlink(account.id, identity, audit);
      });
      assert.deepEqual(heard, [{ kind: 'account', accountId: account.id, changed: ['identities'], forced: true }]);
    });

    it('open no session of an account that they are not joined with, also where they are parted at that moment', async () => {
      const [one, other] = [await add(), await add()];
      const identity = person();
      const begin = async (accountId: string) =>
        await store.tokens.open({
          token: sampleToken(accountId),
          provedPasswordHash: undefined,
          betterPasswordHash: undefined,
          isLogIn: true,
          device: undefined,
          unless: undefined,
          cap: 50,
          forgive: false,
          audit: sampleAudit(accountId),
          origin: { ...identity, session: '' },
        });
      const parted = { opened: false, because: 'identity-parted' };
      assert.deepEqual(await begin(one.id), parted);
      await join(identity, one);
      assert.deepEqual(await begin(other.id), parted);
      assert.deepEqual(await store.tokens.list(other.id, ['interactive', 'script'], noon), []);
      assert.equal((await begin(one.id)).opened, true);
      await race(store, async () => {
        const { id } = await add();
        await store.identities.unlink(one.id, identity, sampleAudit(one.id));
        await join(identity, { id });
        await Promise.all([begin(id), store.identities.unlink(id, identity, sampleAudit(id))]);
        assert.deepEqual(await store.tokens.list(id, ['interactive', 'script'], noon), []);
        await join(identity, one);
      });
    });

    it('take half-done sign-ins along when they are parted, their sessions end, or a password is set', async () => {
      const account = await add();
      const identity = person();
      const halves = async (): Promise<() => Promise<number>> => {
        const hashes = ['admitted-code', 'pending-factor', 'page-half', 'sample'].map(
          (kind) => [freshId(), kind] as const,
        );
        for (const [hash, kind] of hashes) {
          const facts = { origin: [identity.provider, identity.subject, 'sid'] };
          await store.challenges.put({ hash, kind, accountId: account.id, facts, endsAt: noon + 1_000 });
        }
        return async () => {
          const found = await Promise.all(
            hashes.map(async ([hash, kind]) => await store.challenges.find(hash, kind, noon)),
          );
          return found.filter((one) => one !== undefined).length;
        };
      };
      await join(identity, account);
      const audit = sampleAudit(account.id);
      const first = await halves();
      await store.identities.endSessions({ provider: 'sample', session: 'another' }, () => audit);
      assert.equal(await first(), 4);
      for (const [known, held] of [
        ['another', false],
        ['sid', true],
      ] as const) {
        const which = { provider: 'sample', session: known };
        assert.deepEqual(await store.identities.hasSessions(which), { held }, known);
      }
      await store.identities.endSessions({ provider: 'sample', session: 'sid' }, () => audit);
      assert.equal(await first(), 1);
      const second = await halves();
      await store.passwords.setPassword(
        {
          accountId: account.id,
          hash: 'other',
          expected: undefined,
          formerKept: 0,
          exceptToken: undefined,
          changeRequired: undefined,
          now: noon,
        },
        audit,
      );
      assert.equal(await second(), 1);
      const third = await halves();
      assert.equal(await store.identities.unlink(account.id, identity, audit), 'done');
      assert.equal(await third(), 1);
    });

    it('take the account from a stranger who has it, and from nobody who has verified the same address', async () => {
      for (const [verified, told, isTaken] of [
        [true, 'same', false],
        [false, 'same', true],
        [true, 'another', true],
      ] as const) {
        const address = `${freshId()}@example.org`;
        const account = await add({ emails: [{ address, verified }] });
        const former = person();
        const hash = await session(account.id, { ...former, session: '' });
        await store.factors.setEmail(account.id, true, hash, sampleAudit(account.id));
        const asserted = told === 'same' ? address.toUpperCase() : 'another@example.org';
        const onlyWhile = { username: account.username ?? '', strangerUnlessVerified: [asserted] };
        const audit = sampleAudit(account.id);
        const heard = await heardDuring(store, async () => {
          assert.equal(await store.identities.link(person(), account.id, onlyWhile, noon, audit), 'linked');
        });
        const changed = [
          'identities',
          ...(isTaken ? ['emails', 'hasPassword', 'passwordChange', 'secondFactors'] : []),
        ];
        assert.deepEqual(heard, [{ kind: 'account', accountId: account.id, changed, forced: isTaken }]);
        assert.equal((await store.tokens.find(hash)) === undefined, isTaken);
        assert.equal((await store.passwords.hashOf(account.id)) === undefined, isTaken);
        assert.equal((await store.identities.ofAccount(account.id)).length, isTaken ? 1 : 2);
        const now = await store.accounts.byId(account.id);
        assert.deepEqual(now?.emails, told === 'another' ? [] : [{ address, verified }]);
        assert.equal(now?.secondFactors.email === true, !isTaken);
      }
    });

    it('stay while nobody could sign in without them, also where both leave at once', async () => {
      const withoutPassword = { passwordHash: undefined, hasPassword: false };
      const account = await add(withoutPassword);
      const identity = person();
      await join(identity, account);
      const hash = await session(account.id, { ...identity, session: '' });
      const heard = await heardDuring(store, async () => {
        assert.equal(await store.identities.unlink(account.id, identity, sampleAudit(account.id)), 'last-way-in');
      });
      assert.deepEqual(heard, []);
      assert.notEqual(await store.tokens.find(hash), undefined);
      await race(store, async () => {
        const { id } = await add(withoutPassword);
        const both = [person(), person()];
        for (const one of both) await join(one, { id });
        const outcomes = await Promise.all(
          both.map(async (one) => await store.identities.unlink(id, one, sampleAudit(id))),
        );
        assert.deepEqual(outcomes.toSorted(), ['done', 'last-way-in']);
        assert.equal((await store.identities.ofAccount(id)).length, 1);
      });
    });

    it('go with their account', async () => {
      const account = await add();
      const identity = person();
      await join(identity, account);
      await store.accounts.remove(account.id, sampleAudit(account.id));
      assert.equal(await store.identities.find('sample', identity.subject), undefined);
      assert.equal(await join(identity, await add()), 'linked');
    });

    it('end their sessions where the provider says so, all of a subject or one', async () => {
      const [one, other] = [await add(), await add()];
      const [first, second] = [person(), person()];
      const hashes = {
        first: await session(one.id, { ...first, session: `${first.subject}-1` }),
        again: await session(one.id, { ...first, session: `${first.subject}-2` }),
        second: await session(other.id, { ...second, session: `${second.subject}-1` }),
        elsewhere: await session(other.id, { ...first, provider: 'another', session: `${first.subject}-1` }),
      };
      const there = async (): Promise<readonly string[]> => {
        const found = await Promise.all(
          Object.entries(hashes).map(async ([name, hash]) => ((await store.tokens.find(hash)) ? [name] : [])),
        );
        return found.flat();
      };
      const audit = (accountId: string) => sampleAudit(accountId, { what: 'ended', actorId: undefined });
      const end = store.identities.endSessions;
      const heard = await heardDuring(store, async () => {
        assert.deepEqual(await end({ provider: 'sample', session: 'nobody' }, audit), []);
        for (const [begins, held] of [
          ['nobody', false],
          [first.subject, true],
        ] as const) {
          const which = { provider: 'sample', session: `${begins}-1` };
          assert.deepEqual(await store.identities.hasSessions(which), { held }, begins);
        }
        assert.deepEqual(await end({ provider: 'sample', session: `${first.subject}-1` }, audit), [one.id]);
        assert.deepEqual(await there(), ['again', 'second', 'elsewhere']);
        assert.deepEqual(await end({ provider: 'sample', subject: first.subject }, audit), [one.id]);
        assert.deepEqual(await there(), ['second', 'elsewhere']);
        assert.deepEqual(await end({ provider: 'sample', subject: first.subject }, audit), []);
      });
      // What a name begins with counts as a whole word alone.
      const [word, longer] = [`${other.id}-word`, `${other.id}-words`];
      for (const name of [word, `${word} 1`, `${word} 2`, longer, `${longer} 1`]) {
        await session(other.id, { ...second, session: name });
      }
      const left = async (sessionsOf: string) => (await end({ provider: 'sample', sessionsOf }, audit)).length;
      assert.deepEqual([await left('_'), await left(word), await left(word), await left(longer)], [0, 1, 0, 1]);
      const told = { kind: 'account', accountId: one.id, changed: [], forced: true };
      assert.deepEqual(heard, [told, told]);
      assert.deepEqual((await audited(one.id)).filter((what) => what === 'ended').length, 2);
    });
  });
}
