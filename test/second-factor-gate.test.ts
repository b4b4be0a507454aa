import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault } from '../src/core/fault.ts';
import type { GateOptions, SuppliedFactor } from '../src/core/second-factor/gate.ts';
import type { Signed } from '../src/core/session/token.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { caller, openWorld, password, type World } from './world.ts';

const plain: GateOptions = { remember: true, always: false };
const none: SuppliedFactor = { code: undefined, method: undefined };
const right: SuppliedFactor = { code: sha256Hex(password), method: 'password' };
const wrong: SuppliedFactor = { code: sha256Hex('wrong'), method: 'password' };

interface Gated {
  readonly world: World;
  /** The outcome of one gated call: `passed`, or the code of the refusal. */
  ask(supplied: SuppliedFactor, options?: GateOptions, from?: ReturnType<typeof caller>): Promise<string>;
  /** Goes on with another token. */
  use(signed: Signed): void;
  readonly signed: () => Promise<Signed>;
}

async function gated(act: (gate: Gated) => Promise<void>, env?: Record<string, string>): Promise<void> {
  const world = await openWorld(env === undefined ? {} : { env });
  try {
    const account = await world.add('alice');
    const opened = await world.signIn('alice');
    let text = opened.text;
    const signed = async (): Promise<Signed> => await world.app.session.authenticate(account.id, text);
    world.clock.move(3_600_000);
    await act({
      world,
      signed,
      use: () => {
        text = '';
      },
      async ask(supplied, options = plain, from = caller()) {
        try {
          await world.app.factor.mustHold(await signed(), from, supplied, options);
          return 'passed';
        } catch (cause) {
          assert.ok(cause instanceof Fault, String(cause));
          return cause.code;
        }
      },
    });
  } finally {
    await world.close();
  }
}

describe('the gate of a second factor', () => {
  it('asks for the password where there is nothing better, and takes its digest in any case of letters', async () => {
    await gated(async ({ ask }) => {
      assert.equal(await ask(none), 'factor-required');
      assert.equal(await ask(wrong), 'factor-wrong');
      assert.equal(await ask({ code: password, method: 'password' }), 'factor-wrong');
      assert.equal(await ask({ code: sha256Hex(password).toUpperCase(), method: undefined }), 'passed');
    });
  });

  it('names the method and what there is to choose from', async () => {
    await gated(async ({ world, signed }) => {
      const refusal = await world.app.factor
        .mustHold(await signed(), caller(), none, plain)
        .catch((cause: unknown) => cause);
      assert.ok(refusal instanceof Fault);
      assert.deepEqual(refusal.facts, { method: 'password', codeGenerated: false, availableMethods: [] });
    });
  });

  it('remembers the client for 300 seconds: this token, this user agent, this address', async () => {
    await gated(async ({ ask, world }) => {
      assert.equal(await ask(right), 'passed');
      assert.equal(await ask(none), 'passed');
      assert.equal(await ask(none, plain, caller({ userAgent: 'other' })), 'factor-required');
      assert.equal(await ask(none, plain, caller({ address: '203.0.113.10' })), 'factor-required');
      world.clock.move(299_000);
      assert.equal(await ask(none), 'passed');
      world.clock.move(2_000);
      assert.equal(await ask(none), 'factor-required');
    });
  });

  it('does not lend what one token has shown to another token of the same client', async () => {
    await gated(async ({ ask, world }) => {
      assert.equal(await ask(right), 'passed');
      const other = await world.signIn('alice');
      const signed = await world.app.session.authenticate(other.account.id, other.text);
      await assert.rejects(world.app.factor.mustHold(signed, caller(), none, plain), { code: 'factor-required' });
    });
  });

  it('asks each time where the call wants that, and remembers nothing from it', async () => {
    await gated(async ({ ask }) => {
      const each: GateOptions = { remember: false, always: false };
      assert.equal(await ask(right, each), 'passed');
      assert.equal(await ask(none, each), 'factor-required');
      assert.equal(await ask(none), 'factor-required');
    });
  });

  it('lets a personal token through that skips second factors, unless the call takes no excuse', async () => {
    await gated(async ({ world, signed }) => {
      const own = await signed();
      for (const skipsSecondFactor of [true, false]) {
        const text = await world.app.personalToken.make(
          own,
          { name: `t${skipsSecondFactor}`, skipsSecondFactor },
          caller(),
        );
        const token = await world.app.session.authenticate(own.account.id, text);
        const asked = world.app.factor.mustHold(token, caller(), none, plain);
        if (skipsSecondFactor) await asked;
        else await assert.rejects(asked, { code: 'factor-required' });
        await assert.rejects(world.app.factor.mustHold(token, caller(), none, { remember: true, always: true }), {
          code: 'factor-required',
        });
      }
    });
  });

  it('counts wrong passwords as failed sign-ins, and refuses while the account is blocked', async () => {
    await gated(async ({ ask, world }) => {
      for (let round = 0; round < 10; round += 1) assert.equal(await ask(wrong), 'factor-wrong');
      assert.equal(await ask(right), 'factor-attempts-spent');
      await assert.rejects(world.signIn('alice'), { code: 'account-blocked' });
    });
  });

  it('lets a fresh account be for the same time, and passes where the settings switch it off', async () => {
    await gated(async ({ world }) => {
      await world.add('bob');
      const opened = await world.signIn('bob');
      const signed = await world.app.session.authenticate(opened.account.id, opened.text);
      await world.app.factor.mustHold(signed, caller(), none, plain);
      await assert.rejects(world.app.factor.mustHold(signed, caller(), none, { remember: true, always: true }));
    });
    for (const setting of ['Enabled', 'Enforce_Password_Fallback']) {
      await gated(
        async ({ ask }) => {
          assert.equal(await ask(none), 'passed');
        },
        { [`OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_${setting}`]: 'false' },
      );
    }
  });

  it('forgets its trust when the password changes, and the other sessions end', async () => {
    await gated(async ({ ask, world, signed }) => {
      assert.equal(await ask(right), 'passed');
      const other = await world.signIn('alice');
      await world.app.account.changeOwnPassword(
        await signed(),
        { plain: password },
        { plain: 'Another-1 that fits' },
        caller(),
      );
      assert.equal(await ask(none), 'factor-required');
      await assert.rejects(world.app.session.authenticate(other.account.id, other.text), { code: 'not-signed-in' });
      await world.signIn('alice', 'Another-1 that fits');
      await assert.rejects(world.signIn('alice'), { code: 'wrong-credentials' });
    });
  });
});
