import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault, type FaultCode } from '../src/core/fault.ts';
import { fromBase32 } from '../src/lib/base32.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { codeOfStep, stepOf } from '../src/lib/totp.ts';
import { caller, openWorld, password, type World } from './world.ts';

async function refused(act: Promise<unknown>): Promise<Fault> {
  return await act.then(
    () => assert.fail('it was let through'),
    (cause: unknown) => {
      assert.ok(cause instanceof Fault, String(cause));
      return cause;
    },
  );
}

async function codeOf(act: Promise<unknown>): Promise<FaultCode> {
  return (await refused(act)).code;
}

async function within(act: (world: World) => Promise<void>, options?: Parameters<typeof openWorld>[0]): Promise<void> {
  const world = await openWorld(options);
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

const asAlice = { by: 'username', value: 'alice' } as const;
const wrong = { plain: 'wrong' };
const right = { plain: password };

describe('signing in', () => {
  it('takes a password in clear and as a digest, by every name of the account', async () => {
    await within(async ({ app, add }) => {
      const { id } = await add('alice');
      for (const claim of [
        asAlice,
        { by: 'username', value: 'ALICE' },
        { by: 'email', value: 'Alice@Example.com' },
        { by: 'id', value: id },
      ] as const) {
        for (const given of [right, { digest: sha256Hex(password) }]) {
          const opened = await app.session.logIn(claim, given, caller());
          assert.equal(opened.account.id, id);
          assert.match(opened.text, /^[\w-]{43}$/u);
          const signed = await app.session.authenticate(id, opened.text);
          assert.equal(signed.token.hash, opened.token.hash);
        }
      }
    });
  });

  it('refuses a wrong password, an unknown name and an account without a password in the same way', async () => {
    await within(async ({ app, add, hasher }) => {
      await add('alice');
      await add('bare', { password: undefined });
      for (const value of ['alice', 'nobody', 'bare']) {
        const before = hasher.checks();
        assert.equal(await codeOf(app.session.logIn({ by: 'username', value }, wrong, caller())), 'wrong-credentials');
        assert.equal(hasher.checks() - before, 1, `${value} costs one hash`);
      }
    });
  });

  it('refuses a digest that can be nobody’s at the cost of a wrong one', async () => {
    await within(async ({ app, add, hasher }) => {
      await add('alice');
      for (const digest of [sha256Hex(password).toUpperCase(), 'zz', `${sha256Hex(password)}0`]) {
        const before = hasher.checks();
        assert.equal(await codeOf(app.session.logIn(asAlice, { digest }, caller())), 'wrong-credentials');
        assert.equal(hasher.checks() - before, 1);
      }
    });
  });

  it('says that an account is closed only after the right password', async () => {
    await within(async ({ app, add }) => {
      await add('alice', { open: false });
      assert.equal(await codeOf(app.session.logIn(asAlice, wrong, caller())), 'wrong-credentials');
      assert.equal(await codeOf(app.session.logIn(asAlice, right, caller())), 'account-closed');
    });
  });

  it('wants a verified address where the setting says so, except from administrators', async () => {
    const env = { OVERWRITE_SETTING_Accounts_EmailVerification: 'true' };
    await within(
      async ({ app, add }) => {
        const email = { address: 'a@example.com', verified: false };
        await add('alice', { email });
        await add('root', { email: { ...email, address: 'r@example.com' }, roles: ['admin'] });
        assert.equal(await codeOf(app.session.logIn(asAlice, right, caller())), 'email-not-verified');
        await app.session.logIn({ by: 'username', value: 'root' }, right, caller());
      },
      { env },
    );
  });

  it('gives the same token and end back on resume, and forgets it at log-out', async () => {
    await within(async ({ app, add, signIn, clock }) => {
      await add('alice');
      const opened = await signIn('alice');
      clock.move(86_400_000);
      const resumed = await app.session.resume(opened.text, caller());
      assert.equal(resumed.text, opened.text);
      assert.equal(resumed.token.endsAt, opened.token.endsAt);
      assert.equal(resumed.kind, 'resume');
      await app.session.logOut(await app.session.authenticate(opened.account.id, opened.text), caller());
      assert.equal(await codeOf(app.session.authenticate(opened.account.id, opened.text)), 'not-signed-in');
      assert.equal(await codeOf(app.session.resume(opened.text, caller())), 'token-unknown');
    });
  });

  it('ends a token after its time, at every door', async () => {
    await within(async ({ app, add, signIn, clock }) => {
      await add('alice');
      const opened = await signIn('alice');
      clock.move(90 * 86_400_000);
      assert.equal(await codeOf(app.session.authenticate(opened.account.id, opened.text)), 'not-signed-in');
      assert.equal(await codeOf(app.session.resume(opened.text, caller())), 'token-expired');
    });
  });

  it('refuses a token under another account’s id', async () => {
    await within(async ({ app, add, signIn }) => {
      await add('alice');
      const bob = await add('bob');
      const opened = await signIn('alice');
      assert.equal(await codeOf(app.session.authenticate(bob.id, opened.text)), 'not-signed-in');
    });
  });

  it('ends every token with the account, also the cached ones, and does not revive them', async () => {
    await within(async ({ app, add, signIn, store }) => {
      await add('root', { roles: ['admin'] });
      const { id } = await add('alice');
      const opened = await signIn('alice');
      const signed = await app.session.authenticate(id, opened.text);
      const personal = await app.personalToken.make(signed, { name: 'ci', skipsSecondFactor: true }, caller());
      await app.session.authenticate(id, personal);
      await app.host.setOpen(id, false, caller({ door: 'cli' }));
      assert.equal(await codeOf(app.session.authenticate(id, opened.text)), 'not-signed-in');
      assert.equal(await codeOf(app.session.authenticate(id, personal)), 'not-signed-in');
      await app.host.setOpen(id, true, caller({ door: 'cli' }));
      assert.equal(await codeOf(app.session.authenticate(id, opened.text)), 'not-signed-in');
      const [entry] = await store.audit.newest(1, id);
      assert.equal(entry?.what, 'account.open');
    });
  });

  it('costs one read and one write, one spending with a factor, and a counter write only on failure', async () => {
    await within(async ({ app, add, store, clock }) => {
      await add('alice');
      await app.session.logIn(asAlice, right, caller());
      const calls: string[] = [];
      for (const port of [store.tokens, store.accounts, store.passwords, store.factors, store.audit]) {
        for (const name of Object.keys(port) as (keyof typeof port)[]) {
          const inner = port[name] as (...given: unknown[]) => unknown;
          (port as unknown as Record<string, unknown>)[name] = (...given: unknown[]): unknown => {
            calls.push(name);
            return inner.apply(port, given);
          };
        }
      }
      await app.session.logIn(asAlice, right, caller());
      assert.deepEqual(calls.splice(0), ['known', 'open']);
      await refused(app.session.logIn(asAlice, wrong, caller()));
      assert.deepEqual(calls.splice(0), ['known', 'fail']);

      const opened = await app.session.logIn(asAlice, right, caller());
      const signed = await app.session.authenticate(opened.account.id, opened.text);
      const { secret } = await app.factor.beginApp(signed, 'Rocket.Chat:alice', caller());
      const codeNow = (): string => codeOfStep(fromBase32(secret), stepOf(clock.now()));
      await app.factor.confirmApp(signed, codeNow(), caller());
      clock.move(30_000);
      calls.splice(0);
      await app.session.logIn(asAlice, right, caller(), { code: codeNow(), method: undefined });
      assert.deepEqual(calls.splice(0), ['known', 'spend', 'open']);
      await refused(app.session.logIn(asAlice, right, caller(), { code: '000000', method: undefined }));
      assert.deepEqual(calls.splice(0), ['known', 'fail']);
    });
  });
});

describe('limits of failed sign-ins', () => {
  it('count one account under all its names and doors, and block before any hash', async () => {
    await within(async ({ app, add, hasher }) => {
      const { id } = await add('alice');
      const names = [
        asAlice,
        { by: 'email', value: 'alice@example.com' },
        { by: 'username', value: 'aLiCe' },
        { by: 'id', value: id },
      ] as const;
      for (let round = 0; round < 10; round += 1) {
        const claim = names[round % names.length] ?? asAlice;
        const door = (['rest', 'ddp', 'method-call'] as const)[round % 3] ?? 'rest';
        await refused(app.session.logIn(claim, wrong, caller({ door, address: `198.51.100.${round}` })));
      }
      const before = hasher.checks();
      const blocked = await refused(app.session.logIn(asAlice, right, caller()));
      assert.equal(blocked.code, 'account-blocked');
      assert.equal(blocked.facts['retryAfterMs'], 300_000);
      assert.equal(hasher.checks(), before, 'nothing is hashed during a block');
    });
  });

  it('lock an unknown name just as a known one', async () => {
    await within(async ({ app }) => {
      const nobody = { by: 'username', value: 'nobody' } as const;
      for (let round = 0; round < 10; round += 1) {
        assert.equal(await codeOf(app.session.logIn(nobody, wrong, caller())), 'wrong-credentials');
      }
      assert.equal(await codeOf(app.session.logIn(nobody, wrong, caller())), 'account-blocked');
    });
  });

  it('are not lengthened by attempts during the block, and end', async () => {
    await within(async ({ app, add, clock }) => {
      await add('alice');
      for (let round = 0; round < 10; round += 1) await refused(app.session.logIn(asAlice, wrong, caller()));
      for (let minute = 0; minute < 4; minute += 1) {
        clock.move(60_000);
        assert.equal(await codeOf(app.session.logIn(asAlice, right, caller())), 'account-blocked');
      }
      clock.move(60_001);
      await app.session.logIn(asAlice, right, caller());
    });
  });

  it('hold a burst of guesses to the limit, however many come at once', async () => {
    await within(async ({ app, add, hasher }) => {
      await add('alice');
      const before = hasher.checks();
      const guesses = await Promise.allSettled(
        Array.from({ length: 60 }, async () => await app.session.logIn(asAlice, wrong, caller())),
      );
      const codes = guesses.map((guess) =>
        guess.status === 'rejected' && guess.reason instanceof Fault ? guess.reason.code : 'let through',
      );
      assert.equal(codes.filter((code) => code === 'wrong-credentials').length, 10);
      assert.equal(codes.filter((code) => code === 'account-blocked').length, 50);
      assert.equal(hasher.checks() - before, 10);
    });
  });

  it('let no guess through that was looked up before those that have failed meanwhile', async () => {
    await within(async ({ app, add, store, hasher }) => {
      await add('alice');
      const guess = async () => await codeOf(app.session.logIn(asAlice, wrong, caller()));
      const { tokens } = store as {
        tokens: { -readonly [Name in keyof typeof store.tokens]: (typeof store.tokens)[Name] };
      };
      const known = tokens.known.bind(tokens);
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      // What the first one reads arrives late, as from a database that has much to do.
      let reads = 0;
      tokens.known = async (lookUp) => {
        const isFirst = reads === 0;
        reads += 1;
        const found = await known(lookUp);
        if (isFirst) await released;
        return found;
      };
      const late = guess();
      for (let tries = 0; tries < 10; tries += 1) assert.equal(await guess(), 'wrong-credentials');
      release();
      assert.equal(await late, 'account-blocked');
      assert.equal(hasher.checks(), 10);
    });
  });

  it('let many right passwords of one account in at once', async () => {
    await within(async ({ app, add }) => {
      await add('alice');
      const opened = await Promise.all(
        Array.from({ length: 40 }, async () => await app.session.logIn(asAlice, right, caller())),
      );
      assert.equal(new Set(opened.map(({ text }) => text)).size, 40);
    });
  });

  it('let a device in that signed in before, while strangers fail', async () => {
    await within(async ({ app, add }) => {
      await add('alice');
      const home = caller({ address: '192.0.2.1', userAgent: 'phone' });
      await app.session.logIn(asAlice, right, home);
      for (let round = 0; round < 12; round += 1) {
        await refused(app.session.logIn(asAlice, wrong, caller({ address: `198.51.100.${round}` })));
      }
      assert.equal(
        await codeOf(app.session.logIn(asAlice, right, caller({ address: '198.51.100.77' }))),
        'account-blocked',
      );
      await app.session.logIn(asAlice, right, home);
    });
  });

  it('hold a known device to a count of its own', async () => {
    await within(async ({ app, add }) => {
      await add('alice');
      await app.session.logIn(asAlice, right, caller());
      for (let round = 0; round < 10; round += 1) await refused(app.session.logIn(asAlice, wrong, caller()));
      assert.equal(await codeOf(app.session.logIn(asAlice, right, caller())), 'account-blocked');
    });
  });

  it('count an address over all accounts, an IPv6 one by its /64, and are not reset by one’s own success', async () => {
    await within(async ({ app, add }) => {
      await add('alice');
      for (let round = 0; round < 50; round += 1) {
        if (round % 9 === 0) await app.session.logIn(asAlice, right, caller({ address: '2001:db8::aaaa' }));
        const from = caller({ address: `2001:db8::${(round + 1).toString(16)}` });
        await refused(app.session.logIn({ by: 'username', value: `guess${round}` }, wrong, from));
      }
      const another = caller({ address: '2001:db8::1:2', userAgent: 'another/1' });
      assert.equal(await codeOf(app.session.logIn(asAlice, right, another)), 'address-blocked');
      await app.session.logIn(asAlice, right, { ...another, address: '2001:db8:0:1::1' });
    });
  });

  it('let a live token in where it was given out, and refuse it elsewhere while address or account is blocked', async () => {
    await within(async ({ app, add }) => {
      await add('alice');
      const home = caller({ address: '192.0.2.1', userAgent: 'phone' });
      const { text } = await app.session.logIn(asAlice, right, home);
      for (let round = 0; round < 10; round += 1) {
        await refused(app.session.logIn(asAlice, wrong, caller({ address: '198.51.100.1' })));
      }
      await app.session.resume(text, home);
      assert.equal(await codeOf(app.session.resume(text, caller({ address: '192.0.2.99' }))), 'account-blocked');
      for (let round = 0; round < 50; round += 1) {
        await refused(app.session.logIn({ by: 'username', value: `n${round}` }, wrong, home));
      }
      await app.session.resume(text, home);
      assert.equal(await codeOf(app.session.resume('unknown', home)), 'address-blocked');
    });
  });

  it('do not count tokens that have ended: nobody guesses those', async () => {
    await within(async ({ app, add }) => {
      await add('alice');
      for (let round = 0; round < 60; round += 1) {
        assert.equal(await codeOf(app.session.resume(`token${round}`, caller())), 'token-unknown');
      }
      await app.session.logIn(asAlice, right, caller());
    });
  });

  it('can be switched off, and exempt addresses', async () => {
    await within(
      async ({ app, add }) => {
        await add('alice');
        for (let round = 0; round < 60; round += 1) await refused(app.session.logIn(asAlice, wrong, caller()));
        await app.session.logIn(asAlice, right, caller());
      },
      { env: { OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Enabled: 'false' } },
    );
  });
});

describe('tokens in pools', () => {
  it('evict the least recently used of the same pool and leave the others', async () => {
    await within(
      async ({ app, add, signIn, clock }) => {
        const { id } = await add('alice');
        const socket = await app.session.logIn(asAlice, right, caller({ door: 'ddp' }));
        const personal = await app.personalToken.make(
          await app.session.authenticate(id, socket.text),
          { name: 'ci', skipsSecondFactor: false },
          caller(),
        );
        const scripts: string[] = [];
        for (let round = 0; round < 4; round += 1) {
          clock.move(1000);
          scripts.push((await signIn('alice')).text);
        }
        assert.equal(await codeOf(app.session.authenticate(id, scripts[0] ?? '')), 'not-signed-in');
        for (const text of [...scripts.slice(1), socket.text, personal]) await app.session.authenticate(id, text);
      },
      { env: { OVERWRITE_SETTING_Countersign_Token_Pool_Script: '3' } },
    );
  });

  it('end the sessions of both first pools and leave personal tokens, where sessions are ended', async () => {
    await within(async ({ app, add, signIn }) => {
      const { id } = await add('alice');
      const mine = await signIn('alice');
      const other = await app.session.logIn(asAlice, right, caller({ door: 'ddp' }));
      const signed = await app.session.authenticate(id, mine.text);
      const personal = await app.personalToken.make(signed, { name: 'ci', skipsSecondFactor: false }, caller());
      assert.equal(await app.session.endOthers(signed, caller()), 1);
      assert.equal(await codeOf(app.session.authenticate(id, other.text)), 'not-signed-in');
      await app.session.authenticate(id, personal);
      await app.session.authenticate(id, mine.text);
    });
  });

  it('renew a personal token under its name: the old text is dead, the rights stay', async () => {
    await within(async ({ app, add, signIn }) => {
      const { id } = await add('alice');
      const signed = await app.session.authenticate(id, (await signIn('alice')).text);
      const old = await app.personalToken.make(signed, { name: 'ci', skipsSecondFactor: true }, caller());
      assert.equal(
        await codeOf(app.personalToken.make(signed, { name: 'ci', skipsSecondFactor: false }, caller())),
        'personal-token-exists',
      );
      const fresh = await app.personalToken.renew(signed, 'ci', caller());
      assert.equal(await codeOf(app.session.authenticate(id, old)), 'not-signed-in');
      assert.equal((await app.session.authenticate(id, fresh)).token.skipsSecondFactor, true);
      await app.personalToken.remove(signed, 'ci', caller());
      assert.equal(await codeOf(app.session.authenticate(id, fresh)), 'not-signed-in');
      assert.equal(await codeOf(app.personalToken.remove(signed, 'ci', caller())), 'personal-token-unknown');
    });
  });
});

describe('making tokens for others', () => {
  const open = { tokenMaking: { on: true, secret: undefined } };

  it('is refused while it is switched off, and without the right secret', async () => {
    await within(async ({ app, add, signIn }) => {
      const alice = await add('alice');
      const signed = await app.session.authenticate(alice.id, (await signIn('alice')).text);
      assert.equal(await codeOf(app.session.makeTokenFor(signed, alice, undefined, caller())), 'token-making-refused');
    });
    await within(
      async ({ app, add, signIn }) => {
        const alice = await add('alice');
        const signed = await app.session.authenticate(alice.id, (await signIn('alice')).text);
        for (const secret of [undefined, '', 'tre', 'tree!']) {
          assert.equal(await codeOf(app.session.makeTokenFor(signed, alice, secret, caller())), 'token-making-refused');
        }
        await app.session.makeTokenFor(signed, alice, 'tree', caller());
      },
      { parts: { tokenMaking: { on: true, secret: 'tree' } } },
    );
  });

  it('needs the permission for others, and never reaches above the caller', async () => {
    await within(
      async ({ app, add, signIn }) => {
        const alice = await add('alice');
        const root = await add('root', { roles: ['admin'] });
        const aliceSigned = await app.session.authenticate(alice.id, (await signIn('alice')).text);
        const asRoot = await app.session.authenticate(root.id, (await signIn('root')).text);
        assert.equal(
          await codeOf(app.session.makeTokenFor(aliceSigned, root, undefined, caller())),
          'token-making-refused',
        );
        const made = await app.session.makeTokenFor(asRoot, alice, undefined, caller());
        assert.equal((await app.session.authenticate(alice.id, made.text)).token.pool, 'script');
        await app.session.makeTokenFor(aliceSigned, alice, undefined, caller());
      },
      { parts: open },
    );
  });
});

describe('an old hash', () => {
  it('is replaced at the next log-in, also when two come at the same moment', async () => {
    await within(async ({ app, add, store, hasher }) => {
      const { id } = await add('alice');
      const old = `old$${await hasher.make(sha256Hex(password))}`;
      const given = {
        accountId: id,
        hash: old,
        expected: undefined,
        formerKept: 5,
        exceptToken: undefined,
        changeRequired: undefined,
        now: 0,
      };
      const audit = {
        at: 0,
        what: 'test',
        outcome: 'done',
        accountId: id,
        actorId: undefined,
        door: 'server',
        address: '',
        userAgent: '',
        facts: {},
      } as const;
      assert.equal(await store.passwords.setPassword(given, audit), true);
      const opened = await Promise.all([1, 2, 3].map(async () => await app.session.logIn(asAlice, right, caller())));
      assert.equal(new Set(opened.map(({ text }) => text)).size, 3);
      const stored = await store.passwords.hashOf(id);
      assert.equal(stored, await hasher.make(sha256Hex(password)));
    });
  });
});

describe('what was found in review', () => {
  const open = { tokenMaking: { on: true, secret: undefined } };

  it('a token made for oneself ends with the session it was made from, and a personal token makes none', async () => {
    await within(
      async ({ app, add, signIn, clock }) => {
        const { id } = await add('alice');
        const mine = await signIn('alice');
        const signed = await app.session.authenticate(id, mine.text);
        clock.move(86_400_000);
        const made = await app.session.makeTokenFor(signed, signed.account, undefined, caller());
        assert.equal(made.token.endsAt, mine.token.endsAt);
        const personal = await app.personalToken.make(signed, { name: 'ci', skipsSecondFactor: true }, caller());
        const byPersonal = await app.session.authenticate(id, personal);
        assert.equal(
          await codeOf(app.session.makeTokenFor(byPersonal, signed.account, undefined, caller())),
          'token-making-refused',
        );
      },
      { parts: open },
    );
  });

  it('no password is empty, however it is sent', async () => {
    await within(async ({ app, add, signIn }) => {
      const { id } = await add('alice');
      const signed = await app.session.authenticate(id, (await signIn('alice')).text);
      for (const fresh of [{ plain: '' }, { plain: '  ' }, { digest: sha256Hex('') }, { digest: sha256Hex(' ') }]) {
        assert.equal(
          await codeOf(app.account.changeOwnPassword(signed, right, fresh, caller())),
          'password-unacceptable',
        );
      }
    });
  });

  it('a clock that is set back keeps no token in memory beyond its few seconds', async () => {
    await within(async ({ app, add, signIn, clock, store }) => {
      const { id } = await add('alice');
      const { text, token } = await signIn('alice');
      await app.session.authenticate(id, text);
      let finds = 0;
      const { find } = store.tokens;
      Object.assign(store.tokens, {
        find: async (hash: string) => {
          finds += 1;
          return await find(hash);
        },
      });
      await app.session.authenticate(id, text);
      assert.equal(finds, 0, 'it is in memory');
      clock.move(-3_600_000);
      await app.session.authenticate(id, text);
      assert.equal(finds, 1, 'the store is asked again');
      assert.equal(token.accountId, id);
    });
  });
});
