import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Account, noSecondFactors } from '../src/core/account/account.ts';
import { Fault } from '../src/core/fault.ts';
import type { Signed } from '../src/core/session/token.ts';
import { fromBase32 } from '../src/lib/base32.ts';
import { codeOfStep, stepOf } from '../src/lib/totp.ts';
import { type RestReply, type RestWorld, withRest } from '../src/wire/rest/rest-world.suite.ts';
import { caller } from './world.ts';

const minuteMs = 60_000;
const host = caller({ door: 'cli', address: '' });
const unlimited = { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } };
const invalidCode = '{"success":false,"error":"error-invalid-code"}';

async function redeem(world: RestWorld, code: unknown): Promise<RestReply> {
  return await world.call({ url: '/api/v1/loginCode.redeem', body: { code } });
}

async function linkFor(world: RestWorld, account: Account, minutes = 10): Promise<string> {
  return (await world.app.host.makeLoginCode(account, minutes, host)).code;
}

async function signedIn(world: RestWorld, account: Account): Promise<Signed> {
  const { text } = await world.app.host.makeToken(account, host);
  return await world.app.session.authenticate(account.id, text);
}

/** Sets an authenticator app up. @returns the code of a time step that was not used yet */
async function withApp(world: RestWorld, account: Account): Promise<() => string> {
  const signed = await signedIn(world, account);
  const { secret } = await world.app.factor.beginApp(signed, 'Test:x', caller());
  const codeNow = (): string => codeOfStep(fromBase32(secret), stepOf(world.clock.now()));
  await world.app.factor.confirmApp(signed, codeNow(), caller());
  world.clock.move(30_000);
  return codeNow;
}

async function fresh(world: RestWorld, { id }: Account): Promise<Account> {
  const account = await world.app.account.byId(id);
  assert.ok(account !== undefined);
  return account;
}

describe('a login code', () => {
  it('signs in once, past the second factor, and the audit tells of both', async () => {
    await withRest(async (world) => {
      const alice = await world.add('alice');
      await withApp(world, alice);
      const code = await linkFor(world, alice);
      assert.match(code, /^[0-9a-f]{64}$/u);
      const { status, json } = await redeem(world, code);
      assert.equal(status, 200);
      assert.deepEqual(Object.keys(json).toSorted(), ['loginToken', 'success', 'userId']);
      const { account, token } = await world.app.session.authenticate(alice.id, String(json['loginToken']));
      assert.deepEqual([account.id, token.enrolsOnly], [alice.id, false]);
      const again = await redeem(world, code);
      assert.deepEqual([again.status, again.text], [400, invalidCode]);
      const [used, made] = await world.app.host.audit(2, alice.id);
      assert.deepEqual([made?.what, made?.door, made?.actorId], ['login-code.make', 'cli', undefined]);
      assert.deepEqual([used?.what, used?.facts['kind']], ['log-in', 'login-code']);
    });
  });

  it('lets one of eight in', async () => {
    await withRest(async (world) => {
      const code = await linkFor(world, await world.add('alice'));
      const replies = await Promise.all(Array.from({ length: 8 }, async () => await redeem(world, code)));
      assert.deepEqual(
        replies.map(({ status }) => status).toSorted((a, b) => a - b),
        [200, 400, 400, 400, 400, 400, 400, 400],
      );
    });
  });

  it('ends with its minutes', async () => {
    await withRest(async (world) => {
      const alice = await world.add('alice');
      const [early, late] = [await linkFor(world, alice, 5), await linkFor(world, alice, 5)];
      world.clock.move(5 * minuteMs - 1);
      assert.equal((await redeem(world, early)).status, 200);
      world.clock.move(1);
      assert.equal((await redeem(world, late)).text, invalidCode);
    });
  });

  it('is refused in every other form', async () => {
    await withRest(async (world) => {
      const code = await linkFor(world, await world.add('alice'));
      for (const bad of [
        code.slice(1),
        `${code} `,
        code.toUpperCase().replace(/[0-9]/gu, 'A'),
        'x',
        '',
        '\0',
        `${code}0`,
      ]) {
        const { status, text } = await redeem(world, bad);
        assert.deepEqual([bad, status, text], [bad, 400, invalidCode]);
      }
      for (const bad of [{ $ne: '' }, [code], null, undefined, true]) {
        assert.equal((await redeem(world, bad)).status, 400);
      }
      assert.equal((await redeem(world, code)).status, 200);
    }, unlimited);
  });

  it('is no code of a challenge, and the other way round', async () => {
    await withRest(async (world) => {
      const alice = await world.add('alice');
      await withApp(world, alice);
      const challengeId = await world.app.session.beginPending(alice, 'github');
      assert.equal((await redeem(world, challengeId)).text, invalidCode);
      const code = await linkFor(world, alice);
      await assert.rejects(world.app.session.verifyPending(code, { code: '000000', method: undefined }, caller()), {
        code: 'challenge-unknown',
      });
      assert.equal((await redeem(world, code)).status, 200);
    });
  });

  it('opens no closed account, and none that was deleted', async () => {
    await withRest(async (world) => {
      const [alice, bob] = [await world.add('alice'), await world.add('bob')];
      const [first, second] = [await linkFor(world, alice), await linkFor(world, bob)];
      await world.app.host.setOpen(alice.id, false, host);
      assert.equal((await redeem(world, first)).json['errorType'], 'error-user-is-not-activated');
      const root = await signedIn(world, await world.add('root', { roles: ['admin'] }));
      await world.app.account.remove(root, bob, caller());
      assert.equal((await redeem(world, second)).text, invalidCode);
    });
  });

  it('lets in whom strangers have locked out, and forgives them', async () => {
    await withRest(async (world) => {
      const alice = await world.add('alice');
      for (let n = 0; n < 10; n += 1) await assert.rejects(world.signIn('alice', 'wrong'));
      await assert.rejects(world.signIn('alice'), { code: 'account-blocked' });
      assert.equal((await redeem(world, await linkFor(world, alice))).status, 200);
      assert.equal((await world.signIn('alice')).account.id, alice.id);
    });
  });

  it('opens a session for enrolling only, where a second factor is required and is not there', async () => {
    await withRest(
      async (world) => {
        const alice = await world.add('alice');
        const { json } = await redeem(world, await linkFor(world, alice));
        const text = String(json['loginToken']);
        await assert.rejects(world.app.session.authenticate(alice.id, text), { code: 'factor-enrolment-required' });
      },
      { env: { OVERWRITE_SETTING_Countersign_Second_Factor_Required_Sign_Ins: 'login-code' } },
    );
  });

  it('may be tried ten times a minute', async () => {
    await withRest(async (world) => {
      for (let n = 0; n < 10; n += 1) assert.equal((await redeem(world, 'x')).status, 400);
      assert.equal((await redeem(world, 'x')).status, 429);
    });
  });
});

describe('a sign-in that waits for its second factor', () => {
  const send = async (world: RestWorld, challengeId: unknown): Promise<RestReply> =>
    await world.call({ url: '/api/v1/twoFactorChallenges.sendEmailCode', body: { challengeId } });
  const verify = async (world: RestWorld, challengeId: unknown, code: unknown): Promise<RestReply> =>
    await world.call({ url: '/api/v1/twoFactorChallenges.verifyChallenge', body: { challengeId, code } });
  const wrong = '{"success":false,"error":"error-invalid-code","errorType":"Invalid code"}';
  const notFound =
    '{"success":false,"error":"challenge not found [error-challenge-not-found]","errorType":"error-challenge-not-found"}';

  interface Waiting {
    readonly world: RestWorld;
    readonly alice: Account;
    readonly challengeId: string;
    readonly right: () => string;
  }
  const waiting = async (act: (waiting: Waiting) => Promise<void>, env: Record<string, string> = {}): Promise<void> => {
    await withRest(
      async (world) => {
        const made = await world.add('alice');
        const right = await withApp(world, made);
        const alice = await fresh(world, made);
        await act({ world, alice, right, challengeId: await world.app.session.beginPending(alice, 'github') });
      },
      { env: { ...unlimited.env, ...env } },
    );
  };

  it('ends in an ordinary session, once', async () => {
    await waiting(async ({ world, alice, challengeId, right }) => {
      const { status, json } = await verify(world, challengeId, right());
      assert.equal(status, 200);
      assert.deepEqual(Object.keys(json).toSorted(), ['loginToken', 'success', 'userId']);
      const { token } = await world.app.session.authenticate(alice.id, String(json['loginToken']));
      assert.equal(token.enrolsOnly, false);
      assert.deepEqual((await world.app.host.audit(1, alice.id))[0]?.facts['kind'], 'github');
      world.clock.move(30_000);
      assert.equal((await verify(world, challengeId, right())).text, notFound);
    });
  });

  it('lets one of eight in', async () => {
    await waiting(async ({ world, challengeId, right }) => {
      const code = right();
      const replies = await Promise.all(Array.from({ length: 8 }, async () => await verify(world, challengeId, code)));
      assert.equal(replies.filter(({ status }) => status === 200).length, 1);
      assert.equal(replies.filter(({ text }) => text === notFound).length, 7);
    });
  });

  it('takes no used code, and waits on after a wrong one', async () => {
    await waiting(async ({ world, alice, challengeId, right }) => {
      const code = right();
      assert.equal((await verify(world, challengeId, '000000')).text, wrong);
      assert.equal((await verify(world, challengeId, code)).status, 200);
      const second = await world.app.session.beginPending(alice, 'github');
      assert.equal((await verify(world, second, code)).text, wrong);
    });
  });

  it('is over after five wrong codes, which count with all others of the account', async () => {
    await waiting(
      async ({ world, alice, challengeId, right }) => {
        for (let n = 1; n < 5; n += 1) assert.equal((await verify(world, challengeId, '000000')).text, wrong);
        const last = await verify(world, challengeId, '000000');
        assert.deepEqual([last.status, last.json['errorType']], [400, 'totp-max-attempts']);
        assert.equal((await verify(world, challengeId, right())).text, notFound);
        assert.equal((await world.store.factors.kept(alice.id)).wrongCodes, 5);
        const second = await world.app.session.beginPending(alice, 'github');
        for (let n = 1; n < 5; n += 1) await verify(world, second, '000000');
        await verify(world, second, '000000');
        const third = await world.app.session.beginPending(alice, 'github');
        const blocked = await verify(world, third, right());
        assert.equal(blocked.json['errorType'], 'error-login-blocked-for-user');
        await assert.rejects(world.signIn('alice'), { code: 'account-blocked' });
        // The block said nothing of the code: the challenge is still there when the host has unblocked the account.
        await world.app.host.clearBlock({ kind: 'account', accountId: alice.id }, host);
        assert.equal((await verify(world, third, right())).status, 200);
      },
      { OVERWRITE_SETTING_Block_Multiple_Failed_Logins_By_Ip: 'false' },
    );
  });

  it('is over after five minutes', async () => {
    await waiting(async ({ world, alice, challengeId, right }) => {
      world.clock.move(5 * minuteMs - 1);
      const other = await world.app.session.beginPending(alice, 'github');
      world.clock.move(1);
      const { status, text } = await verify(world, challengeId, right());
      assert.equal(status, 400);
      assert.match(text, /"errorType":"error-challenge-expired"/u);
      assert.match((await send(world, challengeId)).text, /error-challenge-expired/u);
      assert.equal((await verify(world, other, right())).status, 200);
    });
  });

  it('takes a code by mail after one was asked for', async () => {
    await waiting(async ({ world, alice, right, challengeId }) => {
      const refused = await send(world, challengeId);
      assert.deepEqual([refused.status, refused.json['errorType']], [400, 'error-invalid-challenge-method']);
      await world.app.factor.turnEmailOn(await signedIn(world, alice), caller());
      assert.equal((await send(world, challengeId)).text, '{"success":true}');
      const mail = world.mails.findLast(({ kind }) => kind === 'authentication-code');
      assert.deepEqual(mail?.to, ['alice@example.com']);
      assert.equal((await verify(world, challengeId, mail.facts['code'])).status, 200);
      const second = await world.app.session.beginPending(await fresh(world, alice), 'github');
      assert.equal((await verify(world, second, right())).status, 200);
    });
  });

  it('lets nobody in whose factors were taken away, whose account was closed, or is gone', async () => {
    await waiting(async ({ world, alice, challengeId, right }) => {
      await world.app.host.resetFactors(alice, host);
      assert.equal((await verify(world, challengeId, right())).text, notFound);
      // Nor where the challenge outlived the reset.
      const second = await world.app.session.beginPending(alice, 'github');
      assert.equal((await verify(world, second, '000000')).text, notFound);
    });
    await waiting(async ({ world, alice, challengeId, right }) => {
      await world.app.host.setOpen(alice.id, false, host);
      assert.equal((await verify(world, challengeId, right())).json['errorType'], 'error-user-is-not-activated');
    });
  });

  it('is refused in every other form', async () => {
    await waiting(async ({ world, challengeId, right }) => {
      const required = /error-parameter-required/u;
      assert.match((await verify(world, undefined, '1')).text, required);
      assert.match((await verify(world, '', '1')).text, required);
      assert.match((await verify(world, challengeId, undefined)).text, required);
      assert.match((await verify(world, challengeId, '')).text, required);
      assert.match((await send(world, undefined)).text, required);
      assert.equal((await verify(world, 'unknown', right())).text, notFound);
      assert.equal((await send(world, 'unknown')).text, notFound);
      for (const bad of [{ $ne: 1 }, [right()], true]) {
        assert.equal((await verify(world, challengeId, bad)).status, 400);
        assert.equal((await verify(world, bad, right())).status, 400);
      }
      assert.equal((await verify(world, challengeId, right())).status, 200);
    });
  });
});

describe('break-glass on the host', () => {
  it('takes every factor and token away, tells the owner by mail, and the audit', async () => {
    await withRest(async (world) => {
      const alice = await world.add('alice');
      await withApp(world, alice);
      const headers = await signedIn(world, alice);
      await world.app.host.resetFactors(alice, host);
      assert.deepEqual((await fresh(world, alice)).secondFactors, noSecondFactors);
      assert.equal(await world.store.tokens.find(headers.token.hash), undefined);
      const mail = world.mails.at(-1);
      assert.deepEqual([mail?.kind, mail?.to], ['factors-reset', ['alice@example.com']]);
      const [entry] = await world.app.host.audit(1, alice.id);
      assert.deepEqual([entry?.what, entry?.door, entry?.actorId], ['factor.reset', 'cli', undefined]);
      assert.equal((await world.signIn('alice')).account.id, alice.id);
      await assert.rejects(
        world.app.host.resetFactors({ ...alice, id: 'nobody' }, host),
        (cause) => cause instanceof Fault && cause.code === 'account-unknown',
      );
    });
  });

  it('unblocks an account on every device, its wrong codes, and an address', async () => {
    await withRest(async (world) => {
      const alice = await world.add('alice');
      await world.signIn('alice');
      for (let n = 0; n < 10; n += 1) await assert.rejects(world.signIn('alice', 'wrong'));
      await assert.rejects(world.signIn('alice'), { code: 'account-blocked' });
      await world.app.host.clearBlock({ kind: 'account', accountId: alice.id }, host);
      assert.equal((await world.signIn('alice')).account.id, alice.id);
      for (let n = 0; n < 50; n += 1) await assert.rejects(world.signIn(`nobody${n}`));
      const bob = await world.add('bob');
      await assert.rejects(world.signIn('bob'), { code: 'address-blocked' });
      const clear = async (address: string) => await world.app.host.clearBlock({ kind: 'address', address }, host);
      assert.deepEqual(await clear('203.0.113.8'), { failures: 0, wrongCodes: 0 });
      await assert.rejects(world.signIn('bob'), { code: 'address-blocked' });
      assert.deepEqual(await clear('203.0.113.9'), { failures: 50, wrongCodes: 0 });
      assert.equal((await world.signIn('bob')).account.id, bob.id);
    });
  });
});
