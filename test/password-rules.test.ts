import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordOf } from '../src/core/audit/record.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { type Client, type Frame, openDdpWorld } from '../src/wire/ddp/ddp-world.suite.ts';
import { restServer } from '../src/wire/rest/server.ts';
import { caller, password, type World } from './world.ts';

const good = 'Another-Horse-77';
const notMet = 'error-password-policy-not-met';
const sentence = "The password provided does not meet the server's password policy.";

interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

interface Desk {
  readonly world: World;
  get(url: string): Promise<Answer>;
  post(url: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Answer>;
  client(): Client;
}

async function within(env: Record<string, string>, act: (desk: Desk) => Promise<void>): Promise<void> {
  const world = await openDdpWorld({ env: { ...env, OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } });
  const server = await restServer({
    app: world.app,
    callMethod: world.server.callMethod,
    callerOf: () => ({ address: '203.0.113.9', userAgent: 'test/1' }),
    config: { rootUrl: 'http://localhost:3000', tokenSecretRequired: false, version: '0.0.0', metricsToken: undefined },
    log: () => undefined,
  });
  try {
    await world.add('alice');
    await act({
      world,
      client: () => world.client(),
      async get(url) {
        const reply = await server.inject({ method: 'GET', url });
        return { status: reply.statusCode, json: JSON.parse(reply.body) as Answer['json'] };
      },
      async post(url, body, headers) {
        const payload = JSON.stringify(body);
        const reply = await server.inject({
          method: 'POST',
          url,
          headers: { ...headers, 'content-type': 'application/json' },
          payload,
        });
        return { status: reply.statusCode, json: JSON.parse(reply.body) as Answer['json'] };
      },
    });
  } finally {
    await server.close();
    await world.close();
  }
}

function errorOf(frame: Frame): Readonly<Record<string, unknown>> {
  return (frame['error'] ?? {}) as Readonly<Record<string, unknown>>;
}

function digest(plain: string) {
  return { digest: sha256Hex(plain), algorithm: 'sha-256' };
}

/** Tries a change at each door that has one; each answers with the code and the details. */
const doors: Record<string, (desk: Desk, old: string, fresh: unknown) => Promise<Readonly<Record<string, unknown>>>> = {
  async 'a socket'({ client, world }, old, fresh) {
    const one = client();
    const { text } = await world.signIn('alice', old);
    await one.ask('login', { resume: text });
    return errorOf(await one.ask('changePassword', digest(old), fresh));
  },
  async 'method.call'({ post, world }, old, fresh) {
    const { text, account } = await world.signIn('alice', old);
    const message = JSON.stringify({ msg: 'method', id: '1', method: 'changePassword', params: [old, fresh] });
    const shown = { 'x-user-id': account.id, 'x-auth-token': text };
    const { json } = await post('/api/v1/method.call/changePassword', { message }, shown);
    return errorOf(JSON.parse(String(json['message'])) as Frame);
  },
};

describe('pw.getPolicy', () => {
  it('tells the rules of a fresh install, as Rocket.Chat 8 does', async () => {
    await within({}, async ({ get, client }) => {
      const policy = [
        ['get-password-policy-minLength', { minLength: 14 }],
        ['get-password-policy-forbidRepeatingCharacters'],
        ['get-password-policy-forbidRepeatingCharactersCount', { forbidRepeatingCharactersCount: 3 }],
        ['get-password-policy-mustContainAtLeastOneLowercase'],
        ['get-password-policy-mustContainAtLeastOneUppercase'],
        ['get-password-policy-mustContainAtLeastOneNumber'],
        ['get-password-policy-mustContainAtLeastOneSpecialCharacter'],
      ];
      const whole = { enabled: true, policy, success: true };
      assert.deepEqual(await get('/api/v1/pw.getPolicy'), { status: 200, json: whole });
      assert.deepEqual(await get('/api/v1/pw.getPolicyReset?token=x'), { status: 200, json: whole });
      const { result } = await client().ask('getPasswordPolicy', { token: 'x' });
      assert.deepEqual(result, { enabled: true, policy });
      for (const given of ['x', 5, { token: { $regex: '^a' } }, [1]]) {
        const answer = await client().ask('getPasswordPolicy', given);
        if (Array.isArray(given)) assert.notEqual(answer['result'], undefined);
        else assert.equal(errorOf(answer)['error'], 400, JSON.stringify(given));
      }
      assert.equal((await get('/api/v1/pw.getPolicyReset?token[$regex]=x')).status, 400);
    });
  });

  it('tells nothing but that it is off', async () => {
    await within({ OVERWRITE_SETTING_Accounts_Password_Policy_Enabled: 'false' }, async ({ get }) => {
      assert.deepEqual((await get('/api/v1/pw.getPolicy')).json, { enabled: false, policy: [], success: true });
    });
  });

  it('follows the settings, in their order', async () => {
    const env = {
      OVERWRITE_SETTING_Accounts_Password_Policy_MinLength: '-1',
      OVERWRITE_SETTING_Accounts_Password_Policy_MaxLength: '100',
      OVERWRITE_SETTING_Accounts_Password_Policy_ForbidRepeatingCharacters: 'false',
      OVERWRITE_SETTING_Accounts_Password_Policy_AtLeastOneUppercase: 'false',
      OVERWRITE_SETTING_Accounts_Password_Policy_AtLeastOneSpecialCharacter: 'false',
    };
    await within(env, async ({ get }) => {
      assert.deepEqual((await get('/api/v1/pw.getPolicy')).json['policy'], [
        ['get-password-policy-maxLength', { maxLength: 100 }],
        ['get-password-policy-mustContainAtLeastOneLowercase'],
        ['get-password-policy-mustContainAtLeastOneNumber'],
      ]);
    });
  });
});

for (const [door, change] of Object.entries(doors)) {
  describe(`changing one's password over ${door}`, () => {
    it('tells which rules it breaks, all at once', async () => {
      await within({}, async (desk) => {
        const { error, reason, details } = await change(desk, password, 'aaaa');
        assert.deepEqual([error, reason], [notMet, sentence]);
        assert.deepEqual(details, [
          {
            error: `${notMet}-minLength`,
            message: 'The password does not meet the minimum length password policy.',
          },
          {
            error: `${notMet}-repeatingCharacters`,
            message: 'The password contains repeating characters which is against the password policy.',
          },
          {
            error: `${notMet}-oneUppercase`,
            message:
              'The password does not contain at least one uppercase character which is against the password policy.',
          },
          {
            error: `${notMet}-oneNumber`,
            message:
              'The password does not contain at least one numerical character which is against the password policy.',
          },
          {
            error: `${notMet}-oneSpecial`,
            message:
              'The password does not contain at least one special character which is against the password policy.',
          },
        ]);
        const { account } = await desk.world.signIn('alice');
        assert.equal(account.username, 'alice');
      });
    });

    it('gives an empty one the same code and no details, also while the policy is off', async () => {
      await within({ OVERWRITE_SETTING_Accounts_Password_Policy_Enabled: 'false' }, async (desk) => {
        for (const blank of ['', '   ', digest('')]) {
          const { error, reason, details } = await change(desk, password, blank);
          assert.deepEqual([error, reason, details], [notMet, sentence, undefined]);
        }
      });
    });

    it('refuses a common one and an own name, in clear and as a digest, also while the policy is off', async () => {
      await within({ OVERWRITE_SETTING_Accounts_Password_Policy_Enabled: 'false' }, async (desk) => {
        for (const [fresh, suffix] of [
          ['iloveyou', 'commonPassword'],
          [digest('iloveyou'), 'commonPassword'],
          ['alice@example.com', 'ownName'],
          [digest('Alice'), 'ownName'],
        ] as const) {
          const { error, details } = await change(desk, password, fresh);
          assert.equal(error, notMet);
          assert.ok((details as { error: string }[]).some((one) => one.error === `${notMet}-${suffix}`));
        }
      });
    });

    it('refuses the one that it is, in clear and as a digest', async () => {
      await within({}, async (desk) => {
        for (const fresh of [password, digest(password)]) {
          const { error, reason } = await change(desk, password, fresh);
          assert.deepEqual(
            [error, reason],
            ['error-password-same-as-current', 'Entered password same as current password'],
          );
        }
      });
    });

    it('refuses former ones while the history is on, as many as are kept', async () => {
      const env = {
        OVERWRITE_SETTING_Accounts_Password_History_Enabled: 'true',
        OVERWRITE_SETTING_Accounts_Password_History_Amount: '2',
        OVERWRITE_SETTING_Accounts_Password_Policy_Enabled: 'false',
      };
      await within(env, async (desk) => {
        const passwords = [password, 'second of them', 'third of them', 'fourth of them'];
        for (const [index, fresh] of passwords.entries()) {
          if (index > 0) assert.deepEqual(await change(desk, passwords[index - 1] ?? '', fresh), {});
        }
        for (const fresh of ['second of them', digest('third of them')]) {
          const { error, reason } = await change(desk, 'fourth of them', fresh);
          assert.deepEqual([error, reason], ['error-password-in-history', 'Entered password has been previously used']);
        }
        assert.deepEqual(await change(desk, 'fourth of them', password), {});
      });
    });

    it('keeps former ones while the history is off, and compares none', async () => {
      await within({ OVERWRITE_SETTING_Accounts_Password_Policy_Enabled: 'false' }, async (desk) => {
        assert.deepEqual(await change(desk, password, 'second of them'), {});
        const checks = desk.world.hasher.checks();
        assert.deepEqual(await change(desk, 'second of them', password), {});
        // The sign-in, the old one, and the one that it is.
        assert.equal(desk.world.hasher.checks() - checks, 3);
        const { account } = await desk.world.signIn('alice');
        assert.equal((await desk.world.store.passwords.kept(account.id, 9)).former.length, 2);
      });
    });

    it('counts no failure for a new one that is refused, and one for an old one that is wrong', async () => {
      await within({}, async (desk) => {
        const failures = (): number => desk.world.failures.filter(({ guess }) => guess).length;
        for (const fresh of ['short', password, 'iloveyou']) await change(desk, password, fresh);
        assert.equal(failures(), 0);
        const { text, account } = await desk.world.signIn('alice');
        const signed = await desk.world.app.session.authenticate(account.id, text);
        const wrong = { plain: 'wrong' };
        const tried = desk.world.app.account.changeOwnPassword(signed, wrong, { plain: good }, caller());
        await assert.rejects(tried, { code: 'wrong-credentials' });
        assert.equal(failures(), 1);
      });
    });

    it('is refused where people may not, unless they must', async () => {
      await within({ OVERWRITE_SETTING_Accounts_AllowPasswordChange: 'false' }, async (desk) => {
        const { error, reason } = await change(desk, password, good);
        assert.deepEqual([error, reason], ['error-action-not-allowed', 'Edit user password is not allowed']);
        const { store, clock } = desk.world;
        const { account } = await desk.world.signIn('alice');
        const about = { at: clock.now(), caller: caller(), actorId: undefined, accountId: account.id };
        const due = { passwordChange: { reason: undefined } };
        await store.accounts.edit(account.id, due, clock.now(), recordOf('account.edit', about));
        assert.deepEqual(await change(desk, password, good), {});
      });
    });

    it('tells the owner, at every address', async () => {
      await within({}, async (desk) => {
        assert.deepEqual(await change(desk, password, digest('whatever it is')), {});
        const told = desk.world.mails.map(({ kind, to }) => [kind, to]);
        assert.deepEqual(told, [['password-changed', ['alice@example.com']]]);
      });
      await within({ OVERWRITE_SETTING_Countersign_Password_Mails_Per_Hour: '2' }, async (desk) => {
        const passwords = [password, ...['one', 'two', 'three'].map((word) => `Another-Horse-7-${word}`)];
        for (const [index, fresh] of passwords.slice(1).entries()) {
          assert.deepEqual(await change(desk, passwords[index] ?? '', fresh), {});
        }
        assert.equal(desk.world.mails.length, 2);
        desk.world.clock.move(3_600_000);
        assert.deepEqual(await change(desk, passwords.at(-1) ?? '', good), {});
        assert.equal(desk.world.mails.length, 3);
      });
    });
  });
}

describe('a password in clear', () => {
  const composed = 'Caf\u00e9-Horse-Battery-7';
  const decomposed = composed.normalize('NFD');

  it('is the same composed and decomposed, whichever of them was chosen', async () => {
    for (const [chosen, other] of [
      [composed, decomposed],
      [decomposed, composed],
    ] as const) {
      await within({}, async ({ world }) => {
        await world.add('grace', { password: chosen });
        await world.signIn('grace', chosen);
        await world.signIn('grace', other);
        await assert.rejects(world.signIn('grace', 'Cafe-Horse-Battery-7'), { code: 'wrong-credentials' });
        const claim = { by: 'username', value: 'grace' } as const;
        await world.app.session.logIn(claim, { digest: sha256Hex(chosen) }, caller());
        await assert.rejects(world.app.session.logIn(claim, { digest: sha256Hex(other) }, caller()), {
          code: 'wrong-credentials',
        });
      });
    }
  });

  it('costs as many hashes for an account that is not there, and one where both forms are the same', async () => {
    await within({}, async ({ world }) => {
      const costOf = async (username: string, given: string): Promise<number> => {
        const before = world.hasher.checks();
        await assert.rejects(world.signIn(username, given), { code: 'wrong-credentials' });
        return world.hasher.checks() - before;
      };
      assert.deepEqual([await costOf('alice', composed), await costOf('nobody', composed)], [2, 2]);
      assert.deepEqual([await costOf('alice', good), await costOf('nobody', good)], [1, 1]);
      const mixed = `${composed}${decomposed}`;
      assert.deepEqual([await costOf('alice', mixed), await costOf('nobody', mixed)], [3, 3]);
    });
  });

  it('stays what the owner typed when a stored form is replaced by a stronger one', async () => {
    await within({}, async ({ world }) => {
      const { id } = await world.add('grace', { password: composed });
      const stored = await world.store.passwords.hashOf(id);
      const change = { accountId: id, expected: undefined, formerKept: 0, exceptToken: undefined } as const;
      await world.store.passwords.setPassword(
        { ...change, hash: `old$${stored ?? ''}`, changeRequired: undefined, now: world.clock.now() },
        {
          at: world.clock.now(),
          what: 'password.change',
          outcome: 'done',
          accountId: id,
          actorId: undefined,
          door: 'server',
          address: '',
          userAgent: '',
          facts: {},
        },
      );
      await world.signIn('grace', decomposed);
      assert.equal(await world.store.passwords.hashOf(id), stored);
    });
  });
});
