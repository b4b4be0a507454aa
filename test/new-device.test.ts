import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller, mailerInto, openWorld, password, type World } from './world.ts';

const dayMs = 86_400_000;
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/113.0.0.0 Safari/537.36';

async function signIn(world: World, from: Partial<ReturnType<typeof caller>> = {}): Promise<void> {
  await world.app.session.logIn({ by: 'username', value: 'alice' }, { plain: password }, caller(from));
  await world.app.session.settled();
}

async function withAlice(
  act: (world: World) => Promise<void>,
  options: Parameters<typeof openWorld>[0] = {},
  more: Parameters<World['add']>[1] = {},
): Promise<void> {
  const world = await openWorld(options);
  try {
    await world.add('alice', more);
    await act(world);
  } finally {
    await world.close();
  }
}

function toldIn(world: World): readonly unknown[] {
  return world.mails.filter(({ kind }) => kind === 'new-device').map(({ to, facts }) => ({ to, facts }));
}

describe('a sign-in from a new device', () => {
  it('is told by mail with when, where and what, but for the first of all and for devices that are known', async () => {
    await withAlice(async (world) => {
      await signIn(world);
      assert.deepEqual(toldIn(world), []);
      await signIn(world);
      world.clock.move(60_000);
      await signIn(world, { userAgent: chrome, address: '198.51.100.7', door: 'ddp' });
      const told = {
        to: ['alice@example.com'],
        facts: { at: '2026-08-20 10:01', address: '198.51.100.7', browser: 'Chrome 113.0.0.0', system: 'Windows 10' },
      };
      assert.deepEqual(toldIn(world), [told]);
      await signIn(world, { userAgent: chrome, address: '198.51.100.7' });
      await signIn(world);
      assert.deepEqual(toldIn(world), [told]);
    });
  });

  it('is told of a resume by nobody, nor of a token that is made', async () => {
    await withAlice(async (world) => {
      const { text, account } = await world.signIn('alice');
      await world.app.session.resume(text, caller({ userAgent: 'elsewhere/1' }));
      await world.app.host.makeToken(account, caller({ userAgent: 'another/1' }));
      await world.app.session.settled();
      assert.deepEqual(toldIn(world), []);
    });
  });

  it('is told of no more than so often in a day', async () => {
    const few = { env: { OVERWRITE_SETTING_Countersign_New_Device_Mails_Per_Day: '2' } };
    await withAlice(async (world) => {
      for (let n = 0; n < 6; n += 1) await signIn(world, { userAgent: `client/${n}` });
      assert.equal(toldIn(world).length, 2);
      world.clock.move(dayMs - 1);
      await signIn(world, { userAgent: 'a day less one' });
      assert.equal(toldIn(world).length, 2);
      world.clock.move(1);
      await signIn(world, { userAgent: 'a day' });
      assert.equal(toldIn(world).length, 3);
    }, few);
  });

  it('is told of nobody where it is switched off, or unwanted where that is allowed', async () => {
    const off = { env: { OVERWRITE_SETTING_Device_Management_Enable_Login_Emails: 'false' } };
    const always = { env: { OVERWRITE_SETTING_Device_Management_Allow_Login_Email_preference: 'false' } };
    for (const [options, unwanted, mails] of [
      [off, false, 0],
      [{}, true, 0],
      [{}, false, 1],
      [always, true, 1],
    ] as const) {
      await withAlice(async (world) => {
        await signIn(world);
        const alice = await world.app.account.find({ by: 'username', value: 'alice' });
        if (unwanted) {
          await world.app.host.change(alice?.id ?? '', { preferences: { receiveLoginDetectionEmail: false } });
        }
        await signIn(world, { userAgent: 'new/1' });
        assert.equal(toldIn(world).length, mails, JSON.stringify([options, unwanted]));
      }, options);
    }
  });

  it('is told to verified addresses only', async () => {
    await withAlice(
      async (world) => {
        await signIn(world);
        await signIn(world, { userAgent: 'new/1' });
        assert.deepEqual(toldIn(world), []);
      },
      {},
      { email: { address: 'alice@example.com', verified: false } },
    );
  });

  it('is told of people, not of bots', async () => {
    await withAlice(
      async (world) => {
        await signIn(world);
        await signIn(world, { userAgent: 'new/1' });
        assert.deepEqual(toldIn(world), []);
      },
      {},
      { kind: 'bot' },
    );
  });

  it('goes through, and the log says so, where the mail cannot be posted', async () => {
    const logged: string[] = [];
    const mailer = {
      ...mailerInto([]),
      post: async () => await Promise.reject(new Error('the outbox is away')),
    };
    const log = (sentence: string): void => {
      logged.push(sentence);
    };
    await withAlice(
      async (world) => {
        await signIn(world);
        await signIn(world, { userAgent: 'new/1' });
        assert.deepEqual(logged, ['The mail about a sign-in from a new device could not be posted.']);
      },
      { parts: { mailer, log } },
    );
  });

  it('is posted after the sign-in is answered', async () => {
    await withAlice(async (world) => {
      await signIn(world);
      await world.app.session.logIn(
        { by: 'username', value: 'alice' },
        { plain: password },
        caller({ userAgent: 'n/1' }),
      );
      assert.deepEqual(toldIn(world), []);
      await world.app.session.settled();
      assert.equal(toldIn(world).length, 1);
    });
  });
});
