import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eight, noon, type OpenGround, race, sampleAudit } from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import { mostReplaced, refreshRaceMs, usedCodeMs } from './rules.ts';
import { sampleCode, sampleGround, samplePair } from './samples.suite.ts';
import type { TokenPair } from './store.ts';

/** What every backend's codes, tokens and consents must keep to, races included. */
export function grantStoreSuite(backend: string, open: OpenGround): void {
  describe(`codes, tokens and consents on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });

    const audit = () => sampleAudit(undefined);
    /** An account that has agreed to an application. */
    const agreed = async () => {
      const ground = await sampleGround(store);
      const code = sampleCode({ accountId: ground.account.id, applicationId: ground.application.id });
      assert.equal(await store.grants.addCode(code, ground.session, noon, audit()), true);
      return { ...ground, code };
    };
    /** The same, with its first tokens. */
    const granted = async () => {
      const ground = await agreed();
      const pair = samplePair();
      assert.equal(await store.grants.redeem(ground.code, pair, noon, audit), 'done');
      return { ...ground, pair };
    };
    const refresh = async (of: { pair: TokenPair; application: { id: string } }, fresh: TokenPair, at = noon) =>
      await store.grants.refresh({ hash: of.pair.refreshHash, applicationId: of.application.id }, fresh, at, audit);

    it('come back as they were written', async () => {
      const { account, application, code, pair } = await granted();
      const { facts } = code;
      assert.deepEqual((await store.grants.code(code.hash))?.facts, JSON.parse(JSON.stringify(facts)));
      const access = await store.grants.access(pair.accessHash);
      assert.deepEqual(access?.pair, pair);
      assert.equal(access?.family, code.family);
      assert.deepEqual(access?.permissions, ['a', 'b']);
      assert.deepEqual(access?.application, application);
      assert.equal(access?.account.id, account.id);
      assert.deepEqual(access?.account.roles, account.roles);
      assert.equal(await store.grants.access(pair.refreshHash), undefined);
      const [consent] = await store.grants.consents(account.id);
      assert.deepEqual(consent, { application, givenAt: noon });
    });

    it('are not made on the word of a session, an account or an application that has ended', async () => {
      const { account, application, session } = await sampleGround(store);
      const code = () => sampleCode({ accountId: account.id, applicationId: application.id });
      assert.equal(await store.grants.addCode(code(), 'no such session', noon, audit()), false);
      await store.applications.update(application.id, { active: false }, noon, audit());
      assert.equal(await store.grants.addCode(code(), session, noon, audit()), false);
      await store.applications.update(application.id, { active: true }, noon, audit());
      assert.equal(await store.grants.addCode(code(), session, noon, audit()), true);
      await store.accounts.setOpen(account.id, false, noon, audit());
      assert.equal(await store.grants.addCode(code(), session, noon, audit()), false);
    });

    it('are of one application: another one gets nothing for them, and uses nothing up', async () => {
      const { code, application } = await agreed();
      const other = await sampleGround(store);
      const stolen = { hash: code.hash, applicationId: other.application.id };
      assert.equal(await store.grants.redeem(stolen, samplePair(), noon, audit), 'void');
      const pair = samplePair();
      assert.equal(await store.grants.redeem(code, pair, noon, audit), 'done');
      assert.equal(await refresh({ pair, application: other.application }, samplePair(), noon), 'void');
      assert.equal(await refresh({ pair, application }, samplePair(), noon), 'done');
    });

    it('have an end', async () => {
      const { code, application } = await agreed();
      assert.equal(await store.grants.redeem(code, samplePair(), code.endsAt, audit), 'void');
      const pair = samplePair();
      assert.equal(await store.grants.redeem(code, pair, code.endsAt - 1, audit), 'done');
      assert.equal(await refresh({ pair, application }, samplePair(), pair.refreshEndsAt), 'void');
      assert.equal(await refresh({ pair, application }, samplePair(), pair.refreshEndsAt - 1), 'done');
    });

    it('end together when a code comes again, with all that was refreshed since (Q02)', async () => {
      const ground = await granted();
      const fresh = samplePair();
      assert.equal(await refresh(ground, fresh), 'done');
      assert.ok(await store.grants.access(fresh.accessHash));
      assert.equal(await store.grants.redeem(ground.code, samplePair(), noon + usedCodeMs, audit), 'replayed');
      assert.equal(await store.grants.access(fresh.accessHash), undefined);
      assert.equal(await refresh({ ...ground, pair: fresh }, samplePair()), 'void');
    });

    it('replace each other: the old pair is void', async () => {
      const ground = await granted();
      const fresh = samplePair();
      assert.equal(await refresh(ground, fresh), 'done');
      assert.equal(await store.grants.access(ground.pair.accessHash), undefined);
      assert.ok(await store.grants.access(fresh.accessHash));
    });

    it('are forgotten but for the last few that were replaced', async () => {
      const ground = await granted();
      const pairs = [ground.pair];
      for (let at = 1; at <= mostReplaced + 2; at += 1) {
        const [last] = pairs.slice(-1);
        const fresh = samplePair({ createdAt: noon + at });
        assert.ok(last !== undefined);
        assert.equal(await refresh({ ...ground, pair: last }, fresh, noon + at), 'done');
        pairs.push(fresh);
      }
      const late = noon + refreshRaceMs + 1_000;
      const [first, second, third] = pairs;
      assert.ok(first !== undefined && second !== undefined && third !== undefined);
      for (const pair of [first, second]) {
        assert.equal(await refresh({ ...ground, pair }, samplePair(), late), 'void', 'unknown by now');
      }
      assert.equal(await refresh({ ...ground, pair: third }, samplePair(), late), 'reused');
    });

    it('end together when an old refresh token comes again, but not in the moment of a race (Q04)', async () => {
      const ground = await granted();
      const fresh = samplePair();
      assert.equal(await refresh(ground, fresh), 'done');
      assert.equal(await refresh(ground, samplePair(), noon + refreshRaceMs), 'raced');
      assert.ok(await store.grants.access(fresh.accessHash));
      assert.equal(await refresh(ground, samplePair(), noon + refreshRaceMs + 1), 'reused');
      assert.equal(await store.grants.access(fresh.accessHash), undefined);
      assert.equal(await refresh({ ...ground, pair: fresh }, samplePair()), 'void');
    });

    it('give one of eight at once the tokens of a code, and the seven end them', async () => {
      await race(store, async () => {
        const { code } = await agreed();
        const pairs = await eight(async () => await Promise.resolve(samplePair()));
        const outcomes = await Promise.all(
          pairs.map(async (pair) => await store.grants.redeem(code, pair, noon, audit)),
        );
        assert.deepEqual(outcomes.toSorted(), ['done', ...Array.from({ length: 7 }, () => 'replayed')]);
        for (const pair of pairs) assert.equal(await store.grants.access(pair.accessHash), undefined);
      });
    });

    it('give one of eight at once new tokens, and it keeps them', async () => {
      await race(store, async () => {
        const ground = await granted();
        const pairs = await eight(async () => await Promise.resolve(samplePair()));
        const outcomes = await Promise.all(pairs.map(async (pair) => await refresh(ground, pair)));
        assert.deepEqual(outcomes.toSorted(), ['done', ...Array.from({ length: 7 }, () => 'raced')]);
        const winner = pairs[outcomes.indexOf('done')];
        assert.ok(winner !== undefined && (await store.grants.access(winner.accessHash)) !== undefined);
      });
    });

    it('leave no token alive when the account is closed while a code is redeemed', async () => {
      await race(store, async () => {
        const { account, code } = await agreed();
        const pair = samplePair();
        await Promise.all([
          store.grants.redeem(code, pair, noon, audit),
          store.accounts.setOpen(account.id, false, noon, audit()),
        ]);
        assert.equal(await store.grants.access(pair.accessHash), undefined);
      });
    });

    const ends: readonly [string, (accountId: string, session: string) => Promise<unknown>][] = [
      ['an account is closed', async (id) => await store.accounts.setOpen(id, false, noon, audit())],
      ['an account is removed', async (id) => await store.accounts.remove(id, audit())],
      [
        'every session of an account ends',
        async (id) => await store.tokens.endAll(id, { pools: ['interactive', 'script'], forced: true }, audit()),
      ],
      ['second factors are reset', async (id) => await store.factors.reset(id, audit())],
      [
        'the password becomes another',
        async (accountId, exceptToken) =>
          await store.passwords.setPassword(
            {
              accountId,
              hash: 'new',
              expected: undefined,
              formerKept: 0,
              exceptToken,
              changeRequired: undefined,
              now: noon,
            },
            audit(),
          ),
      ],
    ];
    for (const [when, end] of ends) {
      it(`end when ${when}, those of others do not`, async () => {
        const ground = await granted();
        const other = await granted();
        const waiting = sampleCode(ground.code);
        await store.grants.addCode(waiting, ground.session, noon, audit());
        await end(ground.account.id, ground.session);
        assert.equal(await store.grants.access(ground.pair.accessHash), undefined);
        assert.equal(await store.grants.code(waiting.hash), undefined);
        assert.equal(await refresh(ground, samplePair()), 'void');
        assert.ok(await store.grants.access(other.pair.accessHash));
        // An account that is opened again has no old tokens.
        await store.accounts.setOpen(ground.account.id, true, noon, audit());
        assert.equal(await store.grants.access(ground.pair.accessHash), undefined);
      });
    }

    it('stay when the owner ends all other sessions', async () => {
      const { account, session, pair } = await granted();
      await store.tokens.endAll(
        account.id,
        { pools: ['interactive', 'script'], except: session, forced: true },
        audit(),
      );
      assert.ok(await store.grants.access(pair.accessHash));
    });

    it('end with the consent, once', async () => {
      const { account, application, pair, session, code } = await granted();
      const waiting = sampleCode(code);
      await store.grants.addCode(waiting, session, noon, audit());
      assert.equal(await store.grants.withdraw(account.id, application.id, audit()), true);
      assert.equal(await store.grants.access(pair.accessHash), undefined);
      assert.equal(await store.grants.code(waiting.hash), undefined);
      assert.deepEqual(await store.grants.consents(account.id), []);
      assert.equal(await store.grants.withdraw(account.id, application.id, audit()), false);
    });

    it('are swept a few at a time, those alone whose time is over', async () => {
      while ((await store.grants.sweep(noon * 2, 1_000)) > 0);
      const { code, pair } = await granted();
      const other = await granted();
      assert.equal(await store.grants.sweep(noon + usedCodeMs - 1, 10), 0);
      assert.equal(await store.grants.sweep(noon + usedCodeMs, 1), 1);
      assert.equal(await store.grants.sweep(noon + usedCodeMs, 10), 1);
      assert.equal(await store.grants.code(code.hash), undefined);
      assert.ok(await store.grants.access(pair.accessHash));
      assert.equal(await store.grants.sweep(pair.refreshEndsAt, 10), 2);
      assert.equal(await store.grants.access(other.pair.accessHash), undefined);
    });
  });
}
