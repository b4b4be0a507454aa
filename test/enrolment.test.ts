import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault } from '../src/core/fault.ts';
import type { Signed } from '../src/core/session/token.ts';
import { fromBase32 } from '../src/lib/base32.ts';
import { codeOfStep, stepOf } from '../src/lib/totp.ts';
import { caller, mailerInto, openWorld, password, type World } from './world.ts';

const label = 'Rocket.Chat:alice';
const alice = { by: 'username', value: 'alice' } as const;

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (cause) {
    assert.ok(cause instanceof Fault, String(cause));
    return cause.code;
  }
  return 'done';
}

interface Person {
  readonly world: World;
  readonly signed: () => Promise<Signed>;
  /** The code of the time step so many from now. */
  readonly code: (steps?: number) => string;
  readonly signIn: (code: string | undefined) => Promise<string>;
}

async function withPerson(
  act: (person: Person) => Promise<void>,
  options: Parameters<typeof openWorld>[0] & { readonly emails?: readonly boolean[] } = {},
): Promise<void> {
  const world = await openWorld(options);
  try {
    const [verified = true] = options.emails ?? [];
    await world.add('alice', { email: { address: 'alice@example.com', verified } });
    const { account, text } = await world.signIn('alice');
    const signed = async (): Promise<Signed> => await world.app.session.authenticate(account.id, text);
    let secret: Buffer = Buffer.alloc(0);
    const inner = world.app.factor.beginApp;
    world.app.factor.beginApp = async (...given) => {
      const begun = await inner(...given);
      secret = fromBase32(begun.secret);
      return begun;
    };
    await act({
      world,
      signed,
      code: (steps = 0) => codeOfStep(secret, stepOf(world.clock.now()) + steps),
      signIn: async (code) =>
        await codeOf(world.app.session.logIn(alice, { plain: password }, caller(), { code, method: undefined })),
    });
  } finally {
    await world.close();
  }
}

async function enrol({ world, signed, code }: Person): Promise<readonly string[]> {
  await world.app.factor.beginApp(await signed(), label, caller());
  return await world.app.factor.confirmApp(await signed(), code(), caller());
}

describe('an authenticator app', () => {
  it('is told its secret as text and as an address, sealed in the store', async () => {
    await withPerson(async ({ world, signed }) => {
      const { secret, url } = await world.app.factor.beginApp(await signed(), label, caller());
      assert.match(secret, /^[A-Z2-7]{52}$/u);
      assert.equal(url, `otpauth://totp/Rocket.Chat%3Aalice?secret=${secret}&issuer=Rocket.Chat`);
      const { app } = await world.store.factors.kept((await signed()).account.id);
      assert.ok(app !== undefined && !app.sealedSecret.includes(secret));
      assert.equal((await world.app.factor.waitingApp(await signed(), label)).url, url);
    });
  });

  it('is not on before its first code, and only for the session that began', async () => {
    await withPerson(async (person) => {
      const { world, signed, code, signIn } = person;
      await world.app.factor.beginApp(await signed(), label, caller());
      assert.equal(await signIn(undefined), 'done');
      const elsewhere = await world.signIn('alice');
      const other = await world.app.session.authenticate(elsewhere.account.id, elsewhere.text);
      assert.equal(await codeOf(world.app.factor.waitingApp(other, label)), 'factor-off');
      assert.equal(await codeOf(world.app.factor.confirmApp(other, code(), caller())), 'factor-code-wrong');
      assert.equal(await codeOf(world.app.factor.confirmApp(await signed(), '000000', caller())), 'factor-code-wrong');
      assert.equal((await world.app.factor.confirmApp(await signed(), code(), caller())).length, 12);
      assert.equal(await codeOf(world.app.session.resume(elsewhere.text, caller())), 'token-unknown');
      assert.equal(await signIn(undefined), 'factor-required');
      assert.equal(await codeOf(world.app.factor.beginApp(await signed(), label, caller())), 'factor-on-already');
    });
  });

  it('forgets the secret that waited when another is asked for', async () => {
    await withPerson(async ({ world, signed, code }) => {
      await world.app.factor.beginApp(await signed(), label, caller());
      const old = code();
      await world.app.factor.beginApp(await signed(), label, caller());
      assert.equal(await codeOf(world.app.factor.confirmApp(await signed(), old, caller())), 'factor-code-wrong');
    });
  });

  it('needs verified addresses', async () => {
    await withPerson(
      async ({ world, signed }) => {
        const begun = world.app.factor.beginApp(await signed(), label, caller());
        assert.equal(await codeOf(begun), 'factor-emails-unverified');
      },
      { emails: [false] },
    );
  });

  it('can be set up with an address that is not verified by whoever must have a factor', async () => {
    await withPerson(
      async ({ world }) => {
        const { account, text } = await world.signIn('alice');
        const signed = await world.app.session.authenticate(account.id, text, { enrol: true });
        assert.equal(signed.token.enrolsOnly, true);
        const { secret } = await world.app.factor.beginApp(signed, label, caller());
        const code = codeOfStep(fromBase32(secret), stepOf(world.clock.now()));
        assert.equal((await world.app.factor.confirmApp(signed, code, caller())).length, 12);
        assert.equal((await world.app.session.authenticate(account.id, text)).token.enrolsOnly, false);
      },
      { emails: [false], env: { OVERWRITE_SETTING_Countersign_Second_Factor_Required_Sign_Ins: 'password' } },
    );
  });

  it('takes the steps of its window, each once, and none before one that was used', async () => {
    await withPerson(async (person) => {
      const { world, code, signIn } = person;
      await enrol(person);
      world.clock.move(300_000);
      assert.equal(await signIn(code(-2)), 'factor-wrong');
      assert.equal(await signIn(code(2)), 'factor-wrong');
      assert.equal(await signIn(code(-1)), 'done');
      assert.equal(await signIn(code(1)), 'done');
      assert.equal(await signIn(code(0)), 'factor-wrong');
      assert.equal(await signIn(code(1)), 'factor-wrong');
      world.clock.move(60_000);
      assert.equal(await signIn(code()), 'done');
      // Set back: what was used stays used.
      world.clock.move(-30_000);
      assert.equal(await signIn(code()), 'factor-wrong');
    });
  });

  it('has a window that a setting makes wider or closes', async () => {
    for (const [window, expected] of [
      ['0', 'factor-wrong'],
      ['3', 'done'],
    ] as const) {
      await withPerson(
        async (person) => {
          await enrol(person);
          person.world.clock.move(300_000);
          assert.equal(await person.signIn(person.code(-1)), expected);
        },
        { env: { OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_MaxDelta: window } },
      );
    }
  });

  it('is taken away with a code of it or a backup code, and the owner is told', async () => {
    await withPerson(async (person) => {
      const { world, signed, code, signIn } = person;
      for (const how of ['code', 'backup'] as const) {
        const backup = await enrol(person);
        world.clock.move(60_000);
        assert.equal(await codeOf(world.app.factor.removeApp(await signed(), '000000', caller())), 'factor-code-wrong');
        await world.app.factor.removeApp(await signed(), how === 'code' ? code() : (backup[3] ?? ''), caller());
        assert.equal(await signIn(undefined), 'done');
        assert.equal(await codeOf(world.app.factor.removeApp(await signed(), code(), caller())), 'factor-off');
        world.clock.move(60_000);
      }
      const told = world.mails.map(({ kind, facts }) => [kind, facts['factor']]);
      assert.deepEqual(told.slice(0, 2), [
        ['factor-added', 'app'],
        ['factor-removed', 'app'],
      ]);
    });
  });

  it('has backup codes that are counted, made anew, and dead then', async () => {
    await withPerson(async (person) => {
      const { world, signed, code, signIn } = person;
      const old = await enrol(person);
      assert.equal(new Set(old).size, 12);
      assert.equal(await signIn(old[0]), 'done');
      assert.equal(await signIn(old[0]), 'factor-wrong');
      assert.equal(await world.app.factor.backupCodesLeft(await signed()), 11);
      world.clock.move(60_000);
      const fresh = await world.app.factor.renewBackupCodes(await signed(), code(), caller());
      assert.equal(await world.app.factor.backupCodesLeft(await signed()), 12);
      assert.equal(await signIn(old[1]), 'factor-wrong');
      assert.equal(await signIn(fresh[1]), 'done');
      const kept = JSON.stringify(await world.store.factors.kept((await signed()).account.id));
      for (const one of fresh) assert.ok(!kept.includes(one));
    });
  });
});

describe('wrong codes', () => {
  it('are not looked at after a hundred in a row, however slowly they came, until somebody unblocks', async () => {
    await withPerson(async (person) => {
      const { world, code, signIn, signed } = person;
      await enrol(person);
      for (let round = 0; round < 100; round += 1) {
        world.clock.move(60_000);
        assert.equal(await signIn('000000'), 'factor-wrong');
      }
      world.clock.move(3_600_000);
      assert.equal(await signIn(code()), 'factor-attempts-spent');
      const { account } = await world.app.session
        .find((await signed()).token.hash)
        .then((found) => found ?? assert.fail());
      const audit = { at: world.clock.now(), what: 'account.unblock', outcome: 'done', accountId: account.id } as const;
      const by = { actorId: undefined, door: 'cli', address: '', userAgent: '', facts: {} } as const;
      const subject = { kind: 'account', accountId: account.id } as const;
      const cleared = await world.store.blocks.clear(subject, { ...audit, ...by });
      assert.equal(cleared.wrongCodes, 100);
      assert.equal(await signIn(code()), 'done');
    });
  });

  it('begin anew after a right one', async () => {
    await withPerson(async (person) => {
      const { world, code, signIn } = person;
      await enrol(person);
      for (let round = 0; round < 150; round += 1) {
        world.clock.move(60_000);
        assert.equal(await signIn(round % 50 === 49 ? code() : '000000'), round % 50 === 49 ? 'done' : 'factor-wrong');
      }
    });
  });
});

describe('codes by e-mail', () => {
  const lastCode = (world: World): string =>
    world.mails.findLast(({ kind }) => kind === 'authentication-code')?.facts['code'] ?? '';

  it('are turned on with a mail that arrives, and end the other sessions', async () => {
    await withPerson(async ({ world, signed, signIn }) => {
      const elsewhere = await world.signIn('alice');
      await world.app.factor.turnEmailOn(await signed(), caller());
      assert.deepEqual(
        world.mails.map(({ kind }) => kind),
        ['delivery-test', 'factor-added'],
      );
      assert.equal(await codeOf(world.app.session.resume(elsewhere.text, caller())), 'token-unknown');
      assert.equal(await signIn(undefined), 'factor-required');
      const code = lastCode(world);
      assert.match(code, /^\d{3}-\d{3}$/u);
      assert.equal(await signIn(code), 'done');
      assert.equal(await signIn(code), 'factor-wrong');
    });
  });

  it('are never the only factor where mail does not arrive', async () => {
    const undelivered = { parts: { mailer: mailerInto([], false) } };
    await withPerson(async (person) => {
      const { world, signed, code } = person;
      assert.equal(await codeOf(world.app.factor.turnEmailOn(await signed(), caller())), 'factor-mail-undelivered');
      await enrol(person);
      // Beside an app they may be on; the app must stay then.
      await world.app.factor.turnEmailOn(await signed(), caller());
      world.clock.move(60_000);
      const removed = world.app.factor.removeApp(await signed(), code(), caller());
      assert.equal(await codeOf(removed), 'factor-mail-undelivered');
    }, undelivered);
  });

  it('stay as they are while they are good, and are void after so many wrong ones', async () => {
    await withPerson(async ({ world, signed, signIn }) => {
      await world.app.factor.turnEmailOn(await signed(), caller());
      await signIn(undefined);
      const first = lastCode(world);
      await signIn(undefined);
      assert.equal(lastCode(world), first);
      const told: string[] = [];
      for (let round = 0; round < 5; round += 1) told.push(await signIn('000000'));
      assert.deepEqual(told, [...Array.from({ length: 4 }, () => 'factor-wrong'), 'factor-code-void']);
      assert.equal(await signIn(first), 'factor-wrong');
      assert.notEqual(lastCode(world), first);
      assert.equal(await signIn(lastCode(world)), 'done');
    });
  });

  it('end with their time', async () => {
    await withPerson(async ({ world, signed, signIn }) => {
      await world.app.factor.turnEmailOn(await signed(), caller());
      await signIn(undefined);
      const code = lastCode(world);
      world.clock.move(3_600_000);
      assert.equal(await signIn(code), 'factor-wrong');
    });
  });

  it('are mailed so many times an hour, whoever asks', async () => {
    await withPerson(async ({ world, signed }) => {
      await world.app.factor.turnEmailOn(await signed(), caller());
      const { account } = await signed();
      for (let round = 0; round < 50; round += 1) await world.app.factor.sendEmailCode(account, caller());
      assert.equal(world.mails.filter(({ kind }) => kind === 'authentication-code').length, 10);
    });
  });

  it('start with new accounts where the setting says so, once the address is verified', async () => {
    for (const [verified, expected] of [
      [true, 'factor-required'],
      [false, 'done'],
    ] as const) {
      const world = await openWorld({
        env: { OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_By_Email_Auto_Opt_In: 'true' },
      });
      await world.add('alice', { email: { address: 'alice@example.com', verified } });
      assert.equal(await codeOf(world.signIn('alice')), expected);
      await world.close();
    }
  });
});

describe('a reset of second factors', () => {
  it('takes permission and rank, ends everything, and tells the owner', async () => {
    await withPerson(async (person) => {
      const { world, signed, signIn } = person;
      await enrol(person);
      const { account } = await signed();
      const personal = await world.app.personalToken.make(
        await signed(),
        { name: 'ci', skipsSecondFactor: true },
        caller(),
      );
      await world.add('bob');
      await world.add('root', { roles: ['admin'] });
      const by = async (name: string): Promise<Signed> => {
        const { account: own, text } = await world.signIn(name);
        return await world.app.session.authenticate(own.id, text);
      };
      assert.equal(await codeOf(world.app.factor.reset(await by('bob'), account, caller())), 'permission-missing');
      await world.app.factor.reset(await by('root'), account, caller());
      assert.equal(world.mails.at(-1)?.kind, 'factors-reset');
      assert.equal(await codeOf(world.app.session.authenticate(account.id, personal)), 'not-signed-in');
      assert.equal(await codeOf(signed()), 'not-signed-in');
      assert.equal(await signIn(undefined), 'done');
      const [entry] = await world.store.audit
        .newest(2, account.id)
        .then((all) => all.filter(({ what }) => what === 'factor.reset'));
      assert.ok(entry !== undefined && entry.actorId !== account.id);
    });
  });
});
