import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault } from '../src/core/fault.ts';
import type { GateOptions, SuppliedFactor } from '../src/core/second-factor/gate.ts';
import type { Signed } from '../src/core/session/token.ts';
import { caller, openWorld, type World } from './world.ts';

/** How a method is set up and answered in a test world. */
export interface FactorGround {
  /** The name clients know it by. */
  readonly name: string;
  /** Sets it up for a signed-in account. The session stays. */
  enrol(world: World, signed: Signed): Promise<void>;
  /** A code that holds now; where a code is good once, another one each time. */
  code(world: World, signed: Signed): Promise<string>;
  /** Codes that never hold, beside those that hold for nobody. */
  readonly wrong: readonly string[];
  /** False where the same code holds again and again: the password. */
  readonly once: boolean;
  readonly atLogIn: boolean;
}

const always: GateOptions = { remember: false, always: false };
const remembering: GateOptions = { remember: true, always: false };
const hour = 3_600_000;

/** What every method must keep to, whatever its codes are. */
export function factorSuite(what: string, ground: FactorGround): void {
  const within = async (act: (set: Awaited<ReturnType<typeof setUp>>) => Promise<void>): Promise<void> => {
    const world = await openWorld();
    try {
      await act(await setUp(world, ground));
    } finally {
      await world.close();
    }
  };

  describe(`the second factor ${what}`, () => {
    it('is asked for, and says which one', async () => {
      await within(async ({ ask }) => {
        for (const code of [undefined, '']) {
          const fault = await refusedWith(ask({ code, method: undefined }));
          assert.deepEqual([fault.code, fault.facts['method']], ['factor-required', ground.name]);
        }
      });
    });

    it('holds with its code, and once where a code is good once', async () => {
      await within(async ({ ask, next }) => {
        const code = await next();
        await ask({ code, method: ground.name });
        if (ground.once) assert.equal((await refusedWith(ask({ code, method: ground.name }))).code, 'factor-wrong');
        else await ask({ code, method: ground.name });
        await ask({ code: await next(), method: undefined });
      });
    });

    it('does not hold with anything else', async () => {
      for (const code of [
        ...ground.wrong,
        ' ',
        '0',
        '000000',
        '-12345',
        '1e5',
        '１２３４５６',
        'x'.repeat(5_000),
        '\0',
      ]) {
        await within(async ({ ask }) => {
          assert.equal((await refusedWith(ask({ code, method: ground.name }))).code, 'factor-wrong', code.slice(0, 20));
        });
      }
    });

    it('does not hold with the code of somebody else', async () => {
      await within(async ({ world, ask, next }) => {
        const other = await setUp(world, ground, 'bob', 'another good password');
        const theirs = await other.next();
        assert.equal((await refusedWith(ask({ code: theirs, method: ground.name }))).code, 'factor-wrong');
        await ask({ code: await next(), method: ground.name });
      });
    });

    it('lets one of eight at the same time through', async () => {
      if (!ground.once) return;
      await within(async ({ ask, next }) => {
        const code = await next();
        const tries = await Promise.allSettled(
          Array.from({ length: 8 }, async () => {
            await ask({ code, method: ground.name });
          }),
        );
        assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
      });
    });

    it('counts wrong codes with wrong passwords, and is not looked at while the account is blocked', async () => {
      await within(async ({ world, ask, next }) => {
        for (let round = 0; round < 5; round += 1) {
          await assert.rejects(ask({ code: 'wrong!', method: ground.name }));
          await assert.rejects(world.signIn('alice', 'a wrong password'));
        }
        const code = await next();
        assert.equal((await refusedWith(ask({ code, method: ground.name }))).code, 'factor-attempts-spent');
        assert.equal((await refusedWith(world.signIn('alice'))).code, 'account-blocked');
      });
    });

    it('is remembered for the client that showed it, and for no other', async () => {
      await within(async ({ world, signed, ask, next }) => {
        await ask({ code: await next(), method: ground.name }, remembering);
        const again = await signed();
        const nothing = { code: undefined, method: undefined };
        await world.app.factor.mustHold(again, caller(), nothing, remembering);
        for (const elsewhere of [caller({ address: '203.0.113.10' }), caller({ userAgent: 'test/2' })]) {
          await assert.rejects(world.app.factor.mustHold(again, elsewhere, nothing, remembering));
        }
        await assert.rejects(world.app.factor.mustHold(again, caller(), nothing, always));
        world.clock.move(300_001);
        await assert.rejects(world.app.factor.mustHold(again, caller(), nothing, remembering));
      });
    });

    it('is spared to a personal token that skips it, and to no other', async () => {
      await within(async ({ world, ask, signed }) => {
        const by = await signed();
        for (const skipsSecondFactor of [true, false]) {
          const made = { name: `skips ${String(skipsSecondFactor)}`, skipsSecondFactor };
          const text = await world.app.personalToken.make(by, made, caller());
          const personal = await world.app.session.authenticate(by.account.id, text);
          const passed = ask({ code: undefined, method: undefined }, always, personal);
          if (skipsSecondFactor) await passed;
          else assert.equal((await refusedWith(passed)).code, 'factor-required');
        }
      });
    });

    it('is asked at sign-in, or never', async () => {
      await within(async ({ world, next }) => {
        const alice = { by: 'username', value: 'alice' } as const;
        const signIn = async (code: string | undefined): Promise<unknown> =>
          await world.app.session.logIn(alice, { plain: secret }, caller(), { code, method: undefined });
        if (!ground.atLogIn) {
          await signIn(undefined);
          return;
        }
        assert.equal((await refusedWith(signIn(undefined))).code, 'factor-required');
        assert.equal((await refusedWith(signIn('wrong!'))).code, 'factor-wrong');
        const wrongPassword = world.app.session.logIn(alice, { plain: 'wrong' }, caller(), {
          code: await next(),
          method: undefined,
        });
        assert.equal((await refusedWith(wrongPassword)).code, 'wrong-credentials');
        await signIn(await next());
      });
    });

    it('is asked of nobody where second factors are switched off', async () => {
      await within(async ({ world, signed }) => {
        const off = { id: 'Accounts_TwoFactorAuthentication_Enabled', value: false };
        await world.app.settings.write([off], { caller: caller(), accountId: undefined });
        const nothing = { code: undefined, method: undefined };
        await world.app.factor.mustHold(await signed(), caller(), nothing, { remember: false, always: true });
      });
    });
  });
}

const secret = 'correct horse battery staple';

async function setUp(world: World, ground: FactorGround, username = 'alice', password = secret) {
  const { id } = await world.add(username, { password });
  // Past the time in which a fresh account is not asked.
  world.clock.move(hour);
  const { text } = await world.signIn(username, password);
  const signed = async (): Promise<Signed> => await world.app.session.authenticate(id, text);
  await ground.enrol(world, await signed());
  return {
    world,
    signed,
    next: async (): Promise<string> => await ground.code(world, await signed()),
    ask: async (supplied: SuppliedFactor, options = always, by?: Signed): Promise<void> => {
      await world.app.factor.mustHold(by ?? (await signed()), caller(), supplied, options);
    },
  };
}

async function refusedWith(act: Promise<unknown>): Promise<Fault> {
  try {
    await act;
  } catch (cause) {
    assert.ok(cause instanceof Fault, String(cause));
    return cause;
  }
  assert.fail('It was let through.');
}
