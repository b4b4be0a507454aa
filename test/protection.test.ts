import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Fault } from '../src/core/fault.ts';
import { openSqlite } from '../src/stores/sqlite/open.ts';
import { caller, handClock, openWorld, password, type World } from './world.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const asAlice = { by: 'username', value: 'alice' } as const;
const right = { plain: password };
const wrong = { plain: 'a wrong one' };

type Logged = { readonly sentence: string; readonly facts: Readonly<Record<string, unknown>> };

async function within(
  act: (world: World, logged: readonly Logged[]) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const logged: Logged[] = [];
  const log = (sentence: string, facts: Logged['facts']): number => logged.push({ sentence, facts });
  const world = await openWorld({ env, parts: { log } });
  try {
    await act(world, logged);
  } finally {
    await world.app.session.noticesSent();
    await world.close();
  }
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'in',
    (cause: unknown) => (cause instanceof Fault ? cause.code : String(cause)),
  );
}

/** An address that nobody came from before. */
let last = 0;
function stranger(): ReturnType<typeof caller> {
  last += 1;
  return caller({ address: `198.51.${last >> 8}.${last & 255}`, userAgent: 'guesser/1' });
}

async function fail({ app }: World, times: number, claim: Parameters<World['app']['session']['logIn']>[0] = asAlice) {
  for (let round = 0; round < times; round += 1) {
    assert.equal(await codeOf(app.session.logIn(claim, wrong, stranger())), 'wrong-credentials', `round ${round}`);
  }
  await app.session.noticesSent();
}

const kindsOf = ({ mails }: World): readonly string[] => mails.map(({ kind }) => kind);

describe('the owner of an account', () => {
  it('is told once for each block, from where the last guess came, and not before', async () => {
    await within(async (world) => {
      const { app, clock, add, mails } = world;
      await add('alice');
      await fail(world, 9);
      assert.equal(mails.length, 0);
      const address = '198.51.100.77';
      await codeOf(app.session.logIn(asAlice, wrong, caller({ address })));
      await app.session.noticesSent();
      assert.equal(mails.length, 1);
      assert.deepEqual(mails[0]?.to, ['alice@example.com']);
      assert.deepEqual(mails[0]?.facts, { address, minutes: '5' });
      assert.equal(mails[0]?.kind, 'account-blocked');
      for (let round = 0; round < 20; round += 1) {
        assert.equal(await codeOf(app.session.logIn(asAlice, right, stranger())), 'account-blocked');
      }
      await app.session.noticesSent();
      assert.equal(mails.length, 1);
      clock.move(5 * minuteMs + 1);
      await fail(world, 10);
      assert.equal(mails.length, 2);
    });
  });

  it('is told once, however many guesses end at the same time', async () => {
    await within(async (world) => {
      const { app, add, mails } = world;
      await add('alice');
      await Promise.all(
        Array.from({ length: 40 }, async () => await codeOf(app.session.logIn(asAlice, wrong, stranger()))),
      );
      await app.session.noticesSent();
      assert.equal(mails.length, 1);
    });
  });

  it('gets no more mails in a day than the setting says', async () => {
    await within(async (world) => {
      const { clock, add } = world;
      await add('alice');
      for (let block = 0; block < 6; block += 1) {
        await fail(world, 10);
        clock.move(10 * minuteMs);
      }
      assert.equal(kindsOf(world).length, 3);
      clock.move(dayMs);
      await fail(world, 10);
      assert.equal(kindsOf(world).length, 4);
    });
  });

  it('is told of wrong second factors and of wrong old passwords as well', async () => {
    await within(async (world) => {
      const { app, add, signIn, clock, mails } = world;
      await add('alice');
      clock.move(3_600_000);
      const signed = await signIn('alice');
      for (let round = 0; round < 10; round += 1) {
        const from = { ...stranger(), door: 'ddp' } as const;
        const code = { code: 'wrong', method: 'password' };
        const asked = app.factor.mustHold(signed, from, code, { remember: false, always: true });
        assert.notEqual(await codeOf(asked), 'in');
      }
      await app.session.noticesSent();
      assert.deepEqual(
        mails.map(({ kind }) => kind),
        ['account-blocked'],
      );
    });
  });

  it('is not told where there is none, no verified address, a closed account, or no wish to', async () => {
    await within(async (world) => {
      const { app, add } = world;
      await add('unverified', { email: { address: 'unverified@example.com', verified: false } });
      const closed = await add('closed');
      await app.host.setOpen(closed.id, false, caller({ door: 'cli', address: '' }));
      const before = world.mails.length;
      for (const value of ['nobody', 'nobody@example.com', 'unverified', 'closed']) {
        await fail(world, 10, { by: value.includes('@') ? 'email' : 'username', value });
      }
      assert.equal(world.mails.length, before);
    });
    await within(
      async (world) => {
        await world.add('alice');
        await fail(world, 10);
        assert.deepEqual(world.mails, []);
      },
      { OVERWRITE_SETTING_Countersign_Notify_Owner_Of_Blocks: 'false' },
    );
  });
});

describe('the operator', () => {
  const env = {
    OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Notify_Failed: 'true',
    OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Notify_Failed_Channel: 'soc@example.org',
    OVERWRITE_SETTING_Countersign_Block_Mails_Per_Hour: '3',
    OVERWRITE_SETTING_Countersign_Notify_Owner_Of_Blocks: 'false',
  };

  it('is told of accounts, addresses and typed names, which are not named', async () => {
    await within(async (world, logged) => {
      const { app, add, mails } = world;
      const { id } = await add('alice');
      await fail(world, 10);
      await fail(world, 10, { by: 'username', value: 'my secret password' });
      for (let round = 0; round < 50; round += 1) {
        const claim = { by: 'username', value: `name ${round}` } as const;
        await codeOf(app.session.logIn(claim, wrong, caller({ address: '2001:db8::7' })));
      }
      await app.session.noticesSent();
      const told = logged.map(({ sentence, facts }) => [sentence, facts['event'], facts['kind'], facts['username']]);
      assert.deepEqual(told, [
        ['blocked', 'blocked', 'account', 'alice'],
        ['blocked', 'blocked', 'name', undefined],
        ['blocked', 'blocked', 'address', undefined],
      ]);
      assert.equal(logged[0]?.facts['accountId'], id);
      assert.deepEqual(
        mails.map(({ kind, to, facts }) => [kind, to, facts['kind'], facts['username']]),
        [
          ['sign-ins-blocked', ['soc@example.org'], 'account', 'alice'],
          ['sign-ins-blocked', ['soc@example.org'], 'name', ''],
          ['sign-ins-blocked', ['soc@example.org'], 'address', ''],
        ],
      );
      assert.ok(!JSON.stringify([logged, mails]).includes('my secret password'));
    }, env);
  });

  it('gets no more mails in an hour than the setting says, and none to the name of a channel', async () => {
    await within(async (world, logged) => {
      for (let name = 0; name < 6; name += 1) await fail(world, 10, { by: 'username', value: `name ${name}` });
      assert.equal(logged.length, 6);
      assert.equal(world.mails.length, 3);
      world.clock.move(3_600_000);
      await fail(world, 10, { by: 'username', value: 'one more' });
      assert.equal(world.mails.length, 4);
    }, env);
    await within(
      async (world, logged) => {
        await fail(world, 10, { by: 'username', value: 'somebody' });
        assert.deepEqual([logged.length, world.mails.length], [1, 0]);
      },
      { ...env, OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Notify_Failed_Channel: '#security' },
    );
  });
});

describe('exempt addresses', () => {
  const listed = 'Block_Multiple_Failed_Logins_Ip_Whitelist';

  it('are never blocked, by address and by network; the accounts that they try are', async () => {
    await within(
      async ({ app, add }) => {
        await add('alice');
        const spray = async (address: string, names = 60): Promise<string> => {
          let code = '';
          for (let n = 0; n < names; n += 1) {
            const claim = { by: 'username', value: `${address} ${n}` } as const;
            code = await codeOf(app.session.logIn(claim, wrong, caller({ address })));
          }
          return code;
        };
        assert.equal(await spray('203.0.113.9'), 'wrong-credentials');
        assert.equal(await spray('198.51.100.200'), 'wrong-credentials');
        assert.equal(await spray('2001:db8:5::1'), 'wrong-credentials');
        assert.equal(await spray('203.0.113.10'), 'address-blocked');
        const guess = async (n: number): Promise<string> =>
          await codeOf(app.session.logIn(asAlice, wrong, caller({ address: '198.51.100.9', userAgent: `${n}` })));
        for (let n = 0; n < 10; n += 1) assert.equal(await guess(n), 'wrong-credentials');
        assert.equal(await guess(10), 'account-blocked');
        const { blocks, total } = await app.host.blocks({ offset: 0, count: 9 });
        const addresses = blocks.map(({ subject }) => ('address' in subject ? subject.address : subject.kind));
        assert.deepEqual([addresses.toSorted(), total], [['203.0.113.10', 'account'], 2]);
      },
      { [`OVERWRITE_SETTING_${listed}`]: '203.0.113.9, 198.51.100.0/24, 2001:db8:5::/48' },
    );
  });

  it('are refused as a setting where one of them is none', async () => {
    await within(async ({ app, add, signIn }) => {
      await add('root', { roles: ['admin'] });
      const signed = await signIn('root');
      const write = async (value: unknown): Promise<string> =>
        await codeOf(app.setting.change(signed, [{ id: listed, value }], caller()));
      for (const bad of ['localhost', '203.0.113.9 203.0.113.10', '10.0.0.0/33', '*', ['203.0.113.9'], { $ne: '' }]) {
        assert.equal(await write(bad), 'setting-value-invalid', JSON.stringify(bad));
      }
      assert.equal(app.settings.get(listed), '');
      assert.equal(await write('203.0.113.9,10.0.0.0/8'), 'in');
    });
    await assert.rejects(openWorld({ env: { [`OVERWRITE_SETTING_${listed}`]: 'nonsense' } }), /IP addresses and CIDR/u);
  });
});

describe('blocks', () => {
  it('are listed and cleared by whoever may, never above their own rank, and the trail tells of it', async () => {
    await within(async (world) => {
      const { app, add, signIn, store } = world;
      const { id } = await add('alice');
      const chief = await add('chief', { roles: ['admin'] });
      await add('root', { roles: ['admin'] });
      await add('clerk', { roles: ['user', 'bot'] });
      await fail(world, 10);
      await fail(world, 10, { by: 'username', value: 'chief' });
      const [root, clerk] = [await signIn('root'), await signIn('clerk')];
      const page = { offset: 0, count: 50 };
      const { blocks, total } = await app.block.list(root, page);
      assert.equal(total, 2);
      assert.deepEqual(new Set(blocks.map(({ username }) => username)), new Set(['alice', 'chief']));
      const subject = { kind: 'account', accountId: id } as const;
      assert.equal(await codeOf(app.block.list(clerk, page)), 'permission-missing');
      assert.equal(await codeOf(app.block.clear(clerk, subject, caller())), 'permission-missing');
      assert.deepEqual(await app.block.clear(root, subject, caller()), { failures: 10, wrongCodes: 0 });
      assert.equal(await codeOf(app.session.logIn(asAlice, right, stranger())), 'in');
      assert.equal((await app.block.list(root, page)).total, 1);
      const [entry] = (await store.audit.newest(10, id)).filter(({ what }) => what === 'account.unblock');
      assert.deepEqual([entry?.actorId, entry?.door], [root.account.id, 'rest']);
      const holders = { permission: 'manage-blocks', role: 'bot' };
      await app.permission.give(root, holders, caller());
      const ofChief = { kind: 'account', accountId: chief.id } as const;
      assert.equal(await codeOf(app.block.clear(clerk, ofChief, caller())), 'role-too-high');
      assert.equal((await app.block.clear(clerk, subject, caller())).failures, 0);
      assert.equal((await app.host.clearBlock(ofChief, caller({ door: 'cli' }))).failures, 10);
      assert.deepEqual(await app.host.blocks(page), { blocks: [], total: 0 });
    });
  });

  it('of a network are cleared by any address of it', async () => {
    await within(async ({ app }) => {
      for (let n = 0; n < 50; n += 1) {
        const claim = { by: 'username', value: `name ${n}` } as const;
        await codeOf(app.session.logIn(claim, wrong, caller({ address: `2001:db8:1:2::${n}` })));
      }
      const [block] = (await app.host.blocks({ offset: 0, count: 9 })).blocks;
      assert.ok(block?.subject.kind === 'address');
      const { address } = block.subject;
      assert.match(address, /::\/64$/u);
      const clear = async (network: string): Promise<number> => {
        const host = caller({ door: 'cli', address: '' });
        return (await app.host.clearBlock({ kind: 'address', address: network }, host)).failures;
      };
      assert.equal(await clear('2001:db8:1:3::1'), 0);
      assert.equal(await clear('2001:db8:1:2:ffff::1'), 50);
      for (let n = 0; n < 50; n += 1) {
        const claim = { by: 'username', value: `name ${n}` } as const;
        await codeOf(app.session.logIn(claim, wrong, caller({ address: `2001:db8:1:2::${n}` })));
      }
      assert.equal(await clear(address), 50);
    });
  });

  it('that a wrong clock left in the future end like others after the next sweep', async () => {
    await within(async (world) => {
      const { app, add, clock } = world;
      await add('alice');
      clock.move(365 * dayMs);
      await fail(world, 10);
      clock.move(-365 * dayMs);
      assert.equal(await codeOf(app.session.logIn(asAlice, right, stranger())), 'account-blocked');
      while ((await app.session.sweep()) > 0);
      assert.equal(await codeOf(app.session.logIn(asAlice, right, stranger())), 'account-blocked', 'no free guesses');
      clock.move(5 * minuteMs + 1);
      assert.equal(await codeOf(app.session.logIn(asAlice, right, stranger())), 'in');
    });
  });

  it('stay for a fresh process on the same database', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-protection-'));
    const clock = handClock();
    const open = async () =>
      await openWorld({ clock, open: async () => await openSqlite({ file: join(folder, 'test.db'), clock }) });
    try {
      const first = await open();
      await first.add('alice');
      await fail(first, 10);
      await first.close();
      const second = await open();
      assert.equal(await codeOf(second.app.session.logIn(asAlice, right, stranger())), 'account-blocked');
      assert.equal((await second.app.host.blocks({ offset: 0, count: 1 })).total, 1);
      await second.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a known device', () => {
  const home = caller({ address: '192.0.2.55', userAgent: 'phone/1' });

  it('is let in by every door and with its second factor while strangers are blocked', async () => {
    await within(async (world) => {
      const { app, add, clock } = world;
      await add('alice');
      const signed = await app.session.logIn(asAlice, right, home);
      clock.move(3_600_000);
      await fail(world, 10);
      assert.equal(await codeOf(app.session.logIn(asAlice, right, stranger())), 'account-blocked');
      for (const door of ['rest', 'ddp', 'method-call', 'page'] as const) {
        assert.equal(await codeOf(app.session.logIn(asAlice, right, { ...home, door })), 'in', door);
        await fail(world, 10);
      }
      const byPassword = { code: password, method: 'password' };
      const gate = { remember: false, always: true } as const;
      assert.equal(await codeOf(app.factor.mustHold(signed, stranger(), byPassword, gate)), 'factor-attempts-spent');
    });
  });

  it('is held to a count of its own, which strangers do not fill', async () => {
    await within(async (world) => {
      const { app, add, clock } = world;
      await add('alice');
      await app.session.logIn(asAlice, right, home);
      await fail(world, 10);
      for (let n = 0; n < 10; n += 1) {
        assert.equal(await codeOf(app.session.logIn(asAlice, wrong, home)), 'wrong-credentials', String(n));
      }
      assert.equal(await codeOf(app.session.logIn(asAlice, right, home)), 'account-blocked');
      const { blocks } = await app.host.blocks({ offset: 0, count: 9 });
      assert.deepEqual(blocks.map(({ subject }) => subject.kind).toSorted(), ['account', 'device']);
      clock.move(-3_600_000);
      assert.equal(await codeOf(app.session.logIn(asAlice, right, home)), 'account-blocked');
      clock.move(3_600_000 + 5 * minuteMs + 1);
      assert.equal(await codeOf(app.session.logIn(asAlice, right, home)), 'in');
    });
  });

  /** So many failures from the address by another client, on names that nobody has. */
  async function failBeside({ app }: World, times: number, from = home): Promise<string> {
    let code = '';
    for (let n = 0; n < times; n += 1) {
      const claim = { by: 'username', value: `name ${n}` } as const;
      code = await codeOf(app.session.logIn(claim, wrong, { ...from, userAgent: 'stranger/1' }));
    }
    return code;
  }

  it('is let in by every door while its address is blocked, which strangers behind it have brought about', async () => {
    await within(async (world) => {
      const { app, add, clock } = world;
      for (const name of ['alice', 'bob']) await add(name);
      const signed = await app.session.logIn(asAlice, right, home);
      clock.move(3_600_000);
      assert.equal(await failBeside(world, 51), 'address-blocked');
      for (const door of ['rest', 'ddp', 'method-call', 'page'] as const) {
        assert.equal(await codeOf(app.session.logIn(asAlice, right, { ...home, door })), 'in', door);
      }
      const digest = createHash('sha256').update(password).digest('hex');
      const byPassword = { code: digest, method: 'password' };
      const gate = { remember: false, always: true } as const;
      assert.equal(await codeOf(app.factor.mustHold(signed, home, byPassword, gate)), 'in');
      // Neither another client of the account, nor this one for an account that it does not know.
      const other = { ...home, userAgent: 'phone/2' };
      assert.equal(await codeOf(app.session.logIn(asAlice, right, other)), 'address-blocked');
      const asBob = { by: 'username', value: 'bob' } as const;
      assert.equal(await codeOf(app.session.logIn(asBob, right, home)), 'address-blocked');
      assert.equal(await failBeside(world, 1), 'address-blocked');
    });
  });

  it('is worth no more guesses to its blocked address than one account, whatever accounts it knows', async () => {
    await within(async (world) => {
      const { app, add, clock } = world;
      const names = Array.from({ length: 8 }, (_, n) => `person${n}`);
      const as = (value: string) => ({ by: 'username', value }) as const;
      for (const name of names) {
        await add(name);
        await app.session.logIn(as(name), right, home);
      }
      await failBeside(world, 50);
      const guesses: string[] = [];
      for (let round = 0; round < 5; round += 1) {
        for (const name of names) {
          guesses.push(await codeOf(app.session.logIn(as(name), wrong, home)));
          // One’s own sign-ins forgive nothing of it.
          if (name === 'person7') guesses.push(await codeOf(app.session.logIn(as(name), right, home)));
        }
      }
      assert.equal(guesses.filter((code) => code === 'wrong-credentials').length, 10);
      assert.ok(
        guesses.slice(12).every((code) => code === 'address-blocked'),
        guesses.join(' '),
      );
      assert.equal(await codeOf(app.session.logIn(as('person0'), right, home)), 'address-blocked');
      clock.move(5 * minuteMs + 1);
      assert.equal(await codeOf(app.session.logIn(as('person0'), right, home)), 'in');
    });
  });

  it('is worth no more either when they come at the same time', async () => {
    await within(async (world) => {
      const { app, add } = world;
      const names = Array.from({ length: 8 }, (_, n) => ({ by: 'username', value: `person${n}` }) as const);
      for (const name of names) {
        await add(name.value);
        await app.session.logIn(name, right, home);
      }
      await failBeside(world, 50);
      const guesses = await Promise.all(
        names.flatMap((name) =>
          Array.from({ length: 5 }, async () => await codeOf(app.session.logIn(name, wrong, home))),
        ),
      );
      assert.equal(guesses.filter((code) => code === 'wrong-credentials').length, 10, guesses.join(' '));
    });
  });

  it('is let past anew when an administrator has cleared its address', async () => {
    await within(async (world) => {
      const { app, add } = world;
      const { id: accountId } = await add('alice');
      await app.session.logIn(asAlice, right, home);
      const fillUp = async (): Promise<void> => {
        await failBeside(world, 50);
        for (let n = 0; n < 10; n += 1) {
          assert.equal(await codeOf(app.session.logIn(asAlice, wrong, home)), 'wrong-credentials');
        }
        assert.equal(await codeOf(app.session.logIn(asAlice, right, home)), 'address-blocked');
      };
      const host = caller({ door: 'cli', address: '' });
      await fillUp();
      await app.host.clearBlock({ kind: 'account', accountId }, host);
      await app.host.clearBlock({ kind: 'address', address: home.address }, host);
      assert.equal(await codeOf(app.session.logIn(asAlice, right, home)), 'in');
      await fillUp();
    });
  });

  it('with a log-in code gets in as well', async () => {
    await within(async (world) => {
      const { app, add } = world;
      const account = await add('alice');
      await fail(world, 10);
      const { code } = await app.host.makeLoginCode(account, 15, caller({ door: 'cli', address: '' }));
      assert.equal(await codeOf(app.session.redeemCode(code, home)), 'in');
    });
  });
});
