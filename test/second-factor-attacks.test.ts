import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../src/core/account/account.ts';
import type { Caller } from '../src/core/ports.ts';
import type { Signed } from '../src/core/session/token.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { appOwner, bring, codeOf, logInWith, outcomeOf, plainGate } from './factor-owner.ts';
import { caller, mailerInto, openWorld, password, type World } from './world.ts';

/** What only a clock that can be moved shows; the same attacks over the wire are in `attacks/groups`. */

const always = { remember: false, always: true };
const minuteMs = 60_000;
const stepMs = 30_000;

async function inWorld(act: (world: World) => Promise<void>, env: Record<string, string> = {}): Promise<void> {
  const world = await openWorld({ env });
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

const setting = (name: string, value: string | number) => ({
  [`OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_${name}`]: String(value),
});

/** A client that was never seen, at a door of its own. */
function stranger(number: number): Caller {
  const doors = ['rest', 'ddp', 'page'] as const;
  const door = doors[number % doors.length] ?? 'rest';
  return caller({ door, address: `198.51.100.${number % 250}`, userAgent: `stranger/${number}` });
}

interface MailOwner {
  readonly account: Account;
  readonly username: string;
  readonly signed: () => Promise<Signed>;
  /** The code of the newest mail. */
  readonly code: () => string;
  readonly mailed: () => number;
}

/** Somebody whose codes come by e-mail. */
async function mailOwner(world: World, username: string): Promise<MailOwner> {
  const account = await world.add(username);
  const { text } = await world.signIn(username);
  const signed = async (): Promise<Signed> => await world.app.session.authenticate(account.id, text);
  await world.app.factor.turnEmailOn(await signed(), caller());
  const mails = () =>
    world.mails.filter(({ kind, to }) => kind === 'authentication-code' && to.includes(`${username}@example.com`));
  world.clock.move(3_600_000);
  return {
    account,
    username,
    signed,
    mailed: () => mails().length,
    code: () => mails().at(-1)?.facts['code'] ?? assert.fail('no code was mailed'),
  };
}

/** A code of six digits that is not this one. */
function another(code: string): string {
  const digits = code.replaceAll(/\D/gu, '');
  return String((Number(digits) + 1) % 1_000_000).padStart(6, '0');
}

describe('E01 E04: a time step', () => {
  it('is taken once: at log-in, at the gate, in every session, and not a second time by the enrolment', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      const code = alice.code();
      assert.equal(await alice.logIn(bring(code)), 'passed');
      assert.equal(await alice.logIn(bring(code)), 'factor-wrong');
      assert.equal(await alice.logIn(bring(code), stranger(1)), 'factor-wrong');
      assert.equal(await alice.pass(bring(code)), 'factor-wrong');
      assert.equal(await alice.pass(bring(code), always), 'factor-wrong');
      assert.equal(await outcomeOf(world.app.factor.removeApp(alice.signed, code, caller())), 'factor-code-wrong');
      assert.equal(
        await outcomeOf(world.app.factor.renewBackupCodes(alice.signed, code, caller())),
        'factor-code-wrong',
      );
      world.clock.move(stepMs);
      assert.equal(await alice.pass(bring(alice.code())), 'passed');
      assert.equal(await alice.logIn(bring(alice.code())), 'factor-wrong');
    });
  });

  it('is not taken after it confirmed the app', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      world.clock.move(-3_600_000);
      assert.equal(await alice.logIn(bring(alice.code())), 'factor-wrong');
      world.clock.move(stepMs);
      assert.equal(await alice.logIn(bring(alice.code())), 'passed');
    });
  });

  it('closes every step before it', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      assert.equal(await alice.logIn(bring(alice.code(1))), 'passed');
      for (const away of [-1, 0, 1]) assert.equal(await alice.logIn(bring(alice.code(away))), 'factor-wrong');
      world.clock.move(2 * stepMs);
      assert.equal(await alice.logIn(bring(alice.code(-1))), 'factor-wrong', 'the same step, now the last one');
      assert.equal(await alice.logIn(bring(alice.code())), 'passed');
    });
  });

  it('of eight tries at once has one winner', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      const code = alice.code();
      const tries = await Promise.all(
        Array.from({ length: 8 }, async (_, at) =>
          at % 2 === 0 ? await alice.logIn(bring(code), stranger(at)) : await alice.pass(bring(code), always),
        ),
      );
      assert.deepEqual(tries.toSorted(), [...Array<string>(7).fill('factor-wrong'), 'passed']);
    });
  });
});

describe('E03 E33: codes that are early or late', () => {
  for (const [window, taken] of [
    [0, [0]],
    [1, [-1, 0, 1]],
    [2, [-2, -1, 0, 1, 2]],
  ] as const) {
    it(`are taken ${window} steps to each side and no further`, async () => {
      await inWorld(
        async (world) => {
          for (const away of [-20, -4, -3, -2, -1, 0, 1, 2, 3, 4, 20]) {
            const owner = await appOwner(world, `away${away + 50}`);
            // Two steps may have one code by chance, once in 100,000 times.
            const expected = (taken as readonly number[]).includes(away) ? 'passed' : 'factor-wrong';
            assert.equal(await owner.logIn(bring(owner.code(away))), expected, `${away} steps away`);
          }
        },
        setting('MaxDelta', window),
      );
    });
  }

  it('do not come back with a clock that jumps: neither back over a used step nor forth', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      const old = alice.code();
      assert.equal(await alice.logIn(bring(old)), 'passed');
      world.clock.move(-90_000);
      for (const away of [-1, 0, 1, 3]) assert.equal(await alice.logIn(bring(alice.code(away))), 'factor-wrong');
      const [backup = ''] = alice.backupCodes;
      assert.equal(await alice.logIn(bring(backup)), 'passed', 'a backup code opens while the clock is wrong');
      world.clock.move(90_000 + 3_600_000);
      assert.equal(await alice.logIn(bring(old)), 'factor-wrong');
      assert.equal(await alice.logIn(bring(alice.code())), 'passed');
    });
  });
});

describe('E05: guesses', () => {
  it('share one counter over sessions, doors, addresses and methods, and then the right code is refused too', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      const wrong = another(alice.code(2));
      for (let round = 0; round < 10; round += 1) {
        const outcome =
          round % 3 === 0
            ? await alice.pass(bring(wrong))
            : round % 3 === 1
              ? await alice.logIn(bring('abcdefgh'), stranger(round))
              : await alice.logIn(bring(wrong, 'email'), stranger(round));
        assert.equal(outcome, 'factor-wrong', `round ${round}`);
      }
      for (const from of [stranger(50), stranger(51), stranger(52)]) {
        assert.equal(await alice.logIn(bring(alice.code()), from), 'account-blocked');
        assert.equal(await alice.logIn(bring(alice.backupCodes[0] ?? ''), from), 'account-blocked');
        assert.equal(await alice.pass(bring(alice.code()), plainGate, from), 'factor-attempts-spent');
      }
    });
  });

  it('end for good at a hundred, however slowly they come, until an operator unblocks the account', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      for (let round = 0; round < 100; round += 1) {
        if (round % 8 === 0) world.clock.move(3_600_000);
        assert.equal(await alice.logIn(bring(another(alice.code(2)))), 'factor-wrong', `round ${round}`);
      }
      world.clock.move(30 * 86_400_000);
      assert.equal(await alice.logIn(bring(alice.code())), 'factor-attempts-spent');
      assert.equal(await alice.logIn(bring(alice.backupCodes[0] ?? '')), 'factor-attempts-spent');
      await unblocked(world, alice.account.id);
      assert.equal(await alice.logIn(bring(alice.code())), 'passed');
    });
  });

  it('are counted together with wrong passwords', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      for (let round = 0; round < 5; round += 1) {
        const claim = { by: 'username', value: 'alice' } as const;
        const tried = world.app.session.logIn(claim, { plain: 'wrong' }, stranger(round), bring(alice.code()));
        assert.equal(await outcomeOf(tried), 'wrong-credentials');
        assert.equal(await alice.logIn(bring('000000'), stranger(round + 100)), 'factor-wrong');
      }
      assert.equal(await alice.logIn(bring(alice.code()), stranger(7)), 'account-blocked');
      world.clock.move(86_400_000);
      assert.equal(await alice.logIn(bring(alice.code()), stranger(7)), 'passed');
    });
  });
});

describe('E07 E32: a code in another form', () => {
  it('is no code: padded, cut, in other digits, a number’s other spellings', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      const right = alice.code();
      const fullWidth = right.replaceAll(/./gu, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
      const arabic = right.replaceAll(/./gu, (digit) => String.fromCodePoint(0x0660 + Number(digit)));
      const odd = [
        ` ${right}`,
        `${right} `,
        `${right}\n`,
        `${right.slice(0, 3)} ${right.slice(3)}`,
        `${right.slice(0, 3)}-${right.slice(3)}`,
        right.slice(1),
        right.slice(0, -1),
        `0${right}`,
        `00${right}`,
        `${right}0`,
        `+${right}`,
        `-${right}`,
        `${right}.0`,
        `${Number(right) / 10}e1`,
        `0x${Number(right).toString(16)}`,
        fullWidth,
        arabic,
        `\u200b${right}`,
        `${right}\0`,
        right.repeat(100),
        '__proto__',
        'constructor',
      ];
      for (const code of odd) {
        assert.equal(await alice.logIn(bring(code)), 'factor-wrong', JSON.stringify(code));
        await unblocked(world, alice.account.id);
      }
      for (const none of ['', undefined]) assert.equal(await alice.logIn(bring(none)), 'factor-required');
      assert.equal(await alice.logIn(bring(right)), 'passed', 'and none of them used the step');
    });
  });
});

async function unblocked(world: World, accountId: string): Promise<void> {
  const entry = { at: world.clock.now(), what: 'test', outcome: 'done' as const, accountId, actorId: undefined };
  const audit = { ...entry, door: 'cli', address: '', userAgent: '', facts: {} } as const;
  await world.store.blocks.clear({ kind: 'account', accountId }, audit);
}

describe('E08 E09 E11: a backup code', () => {
  it('opens once, for its owner, in its exact form, and of eight tries at once one wins', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      const bob = await appOwner(world, 'bob');
      const [first = '', second = '', third = ''] = alice.backupCodes;
      assert.equal(alice.backupCodes.length, 12);
      assert.equal(await bob.logIn(bring(first)), 'factor-wrong');
      for (const odd of [first.slice(1), `${first} `, ` ${first}`, swapped(first)]) {
        assert.equal(await alice.logIn(bring(odd)), 'factor-wrong', odd);
      }
      assert.equal(await alice.logIn(bring(first)), 'passed');
      assert.equal(await alice.logIn(bring(first), stranger(1)), 'factor-wrong');
      assert.equal(await alice.pass(bring(first), always), 'factor-wrong');
      const tries = await Promise.all(
        Array.from({ length: 8 }, async (_, at) => await alice.logIn(bring(second), stranger(at))),
      );
      assert.deepEqual(tries.toSorted(), [...Array<string>(7).fill('factor-wrong'), 'passed']);
      assert.equal(await world.app.factor.backupCodesLeft(alice.signed), 10);
      await unblocked(world, alice.account.id);
      const fresh = await world.app.factor.renewBackupCodes(alice.signed, alice.code(), caller());
      assert.equal(await alice.logIn(bring(third)), 'factor-wrong', 'old codes are dead');
      assert.equal(await alice.logIn(bring(fresh[0] ?? '')), 'passed');
    });
  });

  it('is dead after the app was taken away, and after it was set up anew', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      const [first = '', second = ''] = alice.backupCodes;
      await world.app.factor.removeApp(alice.signed, first, caller());
      assert.equal(await alice.pass(bring(second)), 'factor-wrong');
      const signed = await world.app.session.authenticate(alice.account.id, alice.text);
      await world.app.factor.beginApp(signed, 'Test:alice', caller());
      assert.equal(await alice.pass(bring(second)), 'factor-wrong');
    });
  });
});

function swapped(code: string): string {
  const lower = code.toLowerCase();
  return lower === code ? code.toUpperCase() : lower;
}

describe('E12 E13 E15 E16: a code by e-mail', () => {
  it('is taken once, in either spelling, and of eight tries at once one wins', async () => {
    await inWorld(async (world) => {
      const alice = await mailOwner(world, 'alice');
      const bob = await mailOwner(world, 'bob');
      assert.equal(await logInWith(world, 'alice', bring(undefined)), 'factor-required');
      assert.equal(await logInWith(world, 'bob', bring(undefined)), 'factor-required');
      if (alice.code() !== bob.code()) {
        assert.equal(await logInWith(world, 'bob', bring(alice.code())), 'factor-wrong');
      }
      const code = alice.code();
      const tries = await Promise.all(
        Array.from({ length: 8 }, async (_, at) => await logInWith(world, 'alice', bring(code), stranger(at))),
      );
      assert.deepEqual(tries.filter((outcome) => outcome === 'passed').length, 1, tries.join(' '));
      await unblocked(world, alice.account.id);
      assert.equal(await logInWith(world, 'alice', bring(code)), 'factor-wrong');
      assert.equal(await logInWith(world, 'bob', bring(bob.code().replaceAll(/\D/gu, ''))), 'passed');
    });
  });

  it('is void after five wrong ones, and fresh ones do not reset what was counted', async () => {
    await inWorld(async (world) => {
      const alice = await mailOwner(world, 'alice');
      let wrong = 0;
      let held = 0;
      for (let round = 0; round < 40 && held === 0; round += 1) {
        world.clock.move(3_600_000);
        assert.ok(
          ['factor-required', 'factor-attempts-spent'].includes(await logInWith(world, 'alice', bring(undefined))),
        );
        const code = alice.code();
        for (let guess = 0; guess < 5; guess += 1) {
          const outcome = await logInWith(world, 'alice', bring(another(code)), stranger(round * 5 + guess));
          if (outcome === 'factor-attempts-spent') held += 1;
          else {
            assert.equal(outcome, guess < 4 ? 'factor-wrong' : 'factor-code-void', `round ${round} guess ${guess}`);
            wrong += 1;
          }
        }
        if (held === 0) {
          assert.notEqual(await logInWith(world, 'alice', bring(code), stranger(round)), 'passed', 'void is void');
          wrong += 1;
        }
      }
      assert.ok(held > 0, 'the guessing never ended');
      assert.ok(wrong <= 100, `${wrong} guesses were looked at`);
      assert.equal(await logInWith(world, 'alice', bring(alice.code())), 'factor-attempts-spent');
    });
  });

  it('ends with its time, to the millisecond, and a clock that is set back does not make it live longer', async () => {
    await inWorld(
      async (world) => {
        const alice = await mailOwner(world, 'alice');
        await world.app.factor.sendEmailCode(await freshAccount(world, alice), caller());
        const first = alice.code();
        world.clock.move(10 * minuteMs);
        assert.equal(await logInWith(world, 'alice', bring(first)), 'factor-wrong');
        const second = alice.code();
        assert.notEqual(alice.mailed(), 1, 'a fresh one is in the mail');
        world.clock.move(-3 * 3_600_000);
        assert.equal(await logInWith(world, 'alice', bring(second)), 'factor-wrong');
        await world.app.factor.sendEmailCode(await freshAccount(world, alice), caller());
        world.clock.move(10 * minuteMs - 1);
        assert.equal(await logInWith(world, 'alice', bring(alice.code())), 'passed');
      },
      setting('By_Email_Code_Expiration', 600),
    );
  });

  it('replaces the one before, which is dead', async () => {
    await inWorld(async (world) => {
      const alice = await mailOwner(world, 'alice');
      await world.app.factor.sendEmailCode(await freshAccount(world, alice), caller());
      const first = alice.code();
      await world.app.factor.sendEmailCode(await freshAccount(world, alice), caller());
      if (first !== alice.code()) assert.equal(await logInWith(world, 'alice', bring(first)), 'factor-wrong');
      assert.equal(await logInWith(world, 'alice', bring(alice.code())), 'passed');
    });
  });

  it('is mailed ten times an hour at most, whoever asks, one by one or at once', async () => {
    await inWorld(async (world) => {
      const alice = await mailOwner(world, 'alice');
      const account = await freshAccount(world, alice);
      await Promise.all(
        Array.from({ length: 50 }, async () => await world.app.factor.sendEmailCode(account, caller())),
      );
      assert.equal(alice.mailed(), 10);
      for (let round = 0; round < 10; round += 1) {
        await logInWith(world, 'alice', bring(undefined), stranger(round));
        await world.app.factor.sendEmailCode(account, caller());
      }
      assert.equal(alice.mailed(), 10);
      assert.equal(await logInWith(world, 'alice', bring(alice.code())), 'passed', 'the last one still opens');
      world.clock.move(3_600_000);
      await world.app.factor.sendEmailCode(account, caller());
      assert.equal(alice.mailed(), 11);
    });
  });

  it('of an account without such codes is never mailed', async () => {
    await inWorld(async (world) => {
      const account = await world.add('plain');
      const owner = await appOwner(world, 'owner');
      await world.app.factor.sendEmailCode(account, caller());
      await world.app.factor.sendEmailCode(owner.account, caller());
      assert.deepEqual(
        world.mails.filter(({ kind }) => kind === 'authentication-code'),
        [],
      );
      for (const code of ['000000', '123456']) assert.equal(await owner.logIn(bring(code, 'email')), 'factor-wrong');
    });
  });

  it('is dead once codes by e-mail were turned off and on again', async () => {
    await inWorld(async (world) => {
      const alice = await mailOwner(world, 'alice');
      await logInWith(world, 'alice', bring(undefined));
      const open = alice.code();
      await world.app.factor.turnEmailOff(await alice.signed(), caller());
      assert.equal(
        await outcomeOf(world.app.factor.mustHold(await alice.signed(), caller(), bring(open), plainGate)),
        'factor-wrong',
      );
      await world.app.factor.turnEmailOn(await alice.signed(), caller());
      assert.equal(await logInWith(world, 'alice', bring(open)), 'factor-wrong');
    });
  });

  it('asks nobody, and lets nobody be asked by mail, where no mail was ever delivered', async () => {
    const mails: Parameters<typeof mailerInto>[0] = [];
    const world = await openWorld({ parts: { mailer: mailerInto(mails, false) } });
    try {
      const account = await world.add('alice');
      const { text } = await world.signIn('alice');
      const signed = await world.app.session.authenticate(account.id, text);
      assert.equal(await outcomeOf(world.app.factor.turnEmailOn(signed, caller())), 'factor-mail-undelivered');
      assert.equal(await logInWith(world, 'alice', bring(undefined)), 'passed');
    } finally {
      await world.close();
    }
  });
});

async function freshAccount(world: World, { account }: { readonly account: Account }): Promise<Account> {
  return (await world.app.account.byId(account.id)) ?? assert.fail('the account is gone');
}

describe('E17 E19 E20: the password where there is an app', () => {
  it('is no factor: neither at log-in nor at the gate, whatever the client names', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      for (const method of ['password', 'email', 'totp', 'none', '', '__proto__', undefined]) {
        assert.equal(await alice.logIn(bring(undefined, method)), 'factor-required');
        assert.equal(await alice.logIn(bring(sha256Hex(password), method)), 'factor-wrong', String(method));
        await unblocked(world, alice.account.id);
        assert.equal(await alice.pass(bring(sha256Hex(password), method)), 'factor-wrong', String(method));
        assert.equal(await alice.pass(bring(sha256Hex(password), method), always), 'factor-wrong', String(method));
        await unblocked(world, alice.account.id);
      }
    });
  });

  it('tells nobody with a wrong password that there is an app (C03)', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      for (const code of [undefined, alice.code(), '000000', alice.backupCodes[0]]) {
        const tried = world.app.session.logIn(
          { by: 'username', value: 'alice' },
          { plain: 'wrong' },
          caller(),
          bring(code),
        );
        assert.equal(await outcomeOf(tried), 'wrong-credentials');
      }
      assert.equal(await alice.logIn(bring(alice.code())), 'passed', 'and none was used');
    });
  });
});

describe('E23 E24 E25 E29: factors that are set up and taken away', () => {
  it('needs a code of the secret that waits, from the session that began', async () => {
    await inWorld(async (world) => {
      const account = await world.add('alice');
      const one = await world.signIn('alice');
      const two = await world.signIn('alice');
      const signed = async ({ text }: { text: string }) => await world.app.session.authenticate(account.id, text);
      const { factor } = world.app;
      const owner = await appOwner(world, 'owner');
      await factor.beginApp(await signed(one), 'Test:alice', caller());
      const { secret } = await factor.beginApp(await signed(two), 'Test:alice', caller());
      assert.ok(secret.length > 0);
      const tryCode = async (by: typeof one, code: string) =>
        await outcomeOf(factor.confirmApp(await signed(by), code, caller()));
      for (const code of ['', '000000', owner.code(), owner.backupCodes[0] ?? '', sha256Hex(password)]) {
        assert.equal(await tryCode(two, code), 'factor-code-wrong');
        assert.equal(await tryCode(one, code), 'factor-code-wrong');
      }
      assert.equal(await logInWith(world, 'alice', bring(undefined), stranger(1)), 'account-blocked');
      world.clock.move(86_400_000);
      assert.equal(await logInWith(world, 'alice', bring(undefined), stranger(1)), 'passed', 'what waits asks nobody');
    });
  });

  it('ends every other session, and all trust, when an app is confirmed', async () => {
    await inWorld(async (world) => {
      const account = await world.add('alice');
      const other = await world.signIn('alice');
      const own = await world.signIn('alice');
      world.clock.move(3_600_000);
      const signed = await world.app.session.authenticate(account.id, own.text);
      const right = bring(sha256Hex(password));
      await world.app.factor.mustHold(signed, caller(), right, plainGate);
      const trusted = await world.app.session.authenticate(account.id, own.text);
      assert.equal(
        await outcomeOf(world.app.factor.mustHold(trusted, caller(), bring(undefined), plainGate)),
        'passed',
      );
      const { secret } = await world.app.factor.beginApp(trusted, 'Test:alice', caller());
      await world.app.factor.confirmApp(trusted, codeOf(secret, world.clock.now()), caller());
      assert.equal(await outcomeOf(world.app.session.authenticate(account.id, other.text)), 'not-signed-in');
      const after = await world.app.session.authenticate(account.id, own.text);
      assert.equal(
        await outcomeOf(world.app.factor.mustHold(after, caller(), bring(undefined), plainGate)),
        'factor-required',
      );
    });
  });

  it('takes an app away against a code alone: a trusted client is asked, and a code serves once', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      assert.equal(await alice.pass(bring(alice.code())), 'passed');
      assert.equal(await alice.pass(bring(undefined)), 'passed', 'the client is trusted');
      const { removeApp, renewBackupCodes } = world.app.factor;
      for (const code of ['', '000000', sha256Hex(password), alice.code()]) {
        assert.equal(await outcomeOf(removeApp(alice.signed, code, caller())), 'factor-code-wrong');
      }
      const [first = ''] = alice.backupCodes;
      assert.equal(await alice.logIn(bring(first)), 'passed');
      assert.equal(await outcomeOf(removeApp(alice.signed, first, caller())), 'factor-code-wrong');
      assert.equal(await outcomeOf(renewBackupCodes(alice.signed, first, caller())), 'factor-code-wrong');
      assert.equal(await alice.logIn(bring(undefined)), 'factor-required', 'it is still there');
    });
  });

  it('does not let a code taken before serve after: an app that goes while a challenge is open takes it along', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      assert.equal(await alice.pass(bring(undefined)), 'factor-required');
      const next = alice.code(1);
      await world.app.factor.removeApp(alice.signed, alice.code(), caller());
      assert.equal(await alice.pass(bring(next)), 'factor-wrong', 'the password is asked now');
      assert.equal(await alice.pass(bring(sha256Hex(password))), 'passed');
      const account = await freshAccount(world, alice);
      assert.deepEqual(account.secondFactors.app, false);
    });
  });

  it('one code cannot both take the app away and open a session', async () => {
    await inWorld(async (world) => {
      for (let round = 0; round < 5; round += 1) {
        const owner = await appOwner(world, `owner${round}`);
        const code = owner.code();
        const [removed, opened] = await Promise.all([
          outcomeOf(world.app.factor.removeApp(owner.signed, code, caller())),
          owner.logIn(bring(code), stranger(round)),
        ]);
        assert.equal([removed, opened].filter((outcome) => outcome === 'passed').length, 1, `${removed} and ${opened}`);
      }
    });
  });

  it('is reset by who may alone: every token ends, a mail tells, the trail says who', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      const bob = await appOwner(world, 'bob');
      await world.add('root', { roles: ['admin'] });
      const root = await world.signIn('root');
      const signed = await world.app.session.authenticate(root.account.id, root.text);
      assert.equal(await outcomeOf(world.app.factor.reset(bob.signed, alice.account, caller())), 'permission-missing');
      assert.equal(await alice.logIn(bring(undefined)), 'factor-required');
      await world.app.factor.reset(signed, alice.account, caller());
      assert.equal(await outcomeOf(world.app.session.authenticate(alice.account.id, alice.text)), 'not-signed-in');
      assert.ok(world.mails.some(({ kind, to }) => kind === 'factors-reset' && to.includes('alice@example.com')));
      const [entry] = await world.app.host.audit(1, alice.account.id);
      assert.equal(entry?.what, 'factor.reset');
      assert.equal(entry.actorId, root.account.id);
      assert.equal(await alice.logIn(bring(alice.backupCodes[0] ?? '')), 'passed', 'the password is enough now');
      assert.equal(await bob.logIn(bring(undefined)), 'factor-required', 'nobody else was touched');
    });
  });
});

describe('F: trust in a client', () => {
  it('ends after its time, and not later with a clock that is set back over it', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      assert.equal(await alice.pass(bring(alice.code())), 'passed');
      world.clock.move(299_999);
      assert.equal(await alice.pass(bring(undefined)), 'passed');
      world.clock.move(1);
      assert.equal(await alice.pass(bring(undefined)), 'factor-required');
      world.clock.move(-86_400_000);
      assert.equal(await alice.pass(bring(undefined)), 'factor-required', 'no trust lasts longer than any may');
    });
  });

  it('opens no log-in, no call that always asks, and nothing for another token, agent or address', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      const bob = await appOwner(world, 'bob');
      assert.equal(await alice.pass(bring(alice.code())), 'passed');
      assert.equal(await alice.logIn(bring(undefined)), 'factor-required');
      assert.equal(await alice.pass(bring(undefined), { remember: false, always: false }), 'factor-required');
      assert.equal(await alice.pass(bring(undefined), always), 'factor-required');
      assert.equal(await bob.pass(bring(undefined)), 'factor-required');
      for (const more of [
        { userAgent: 'test/2' },
        { userAgent: '' },
        { userAgent: 'TEST/1' },
        { address: '203.0.113.10' },
        { address: '::ffff:203.0.113.9' },
        { address: '' },
      ]) {
        assert.equal(await alice.pass(bring(undefined), plainGate, caller(more)), 'factor-required');
      }
    });
  });

  it('is not won by a wrong code, nor by the grace of a new account that has a factor', async () => {
    await inWorld(async (world) => {
      const alice = await appOwner(world, 'alice');
      assert.equal(await alice.pass(bring(another(alice.code(2)))), 'factor-wrong');
      assert.equal(await alice.pass(bring(undefined)), 'factor-required');
      world.clock.move(-3_600_000);
      assert.equal(await alice.pass(bring(undefined)), 'factor-required', 'as young as it is');
    });
  });
});
