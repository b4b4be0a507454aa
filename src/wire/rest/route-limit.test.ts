import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { password } from '../../../test/world.ts';
import { endpoints } from './endpoints/index.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';
import { restServer } from './server.ts';

const logIn = { url: '/api/v1/login', body: { user: 'alice', password } };

/** Another node on the same store: its own limiter, and the same app. */
async function otherNode(world: RestWorld, development = false) {
  return await restServer({
    app: world.app,
    callMethod: async () => await Promise.resolve({ result: null }),
    callerOf: () => ({ address: '203.0.113.9', userAgent: '' }),
    config: {
      rootUrl: 'http://localhost:3000',
      tokenSecretRequired: false,
      version: '0.0.0',
      metricsToken: undefined,
      development,
    },
    log: () => undefined,
  });
}

describe('limits of calls', () => {
  it('hold over two nodes together where somebody signs in, and cost the store nothing beyond them', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const node = await otherNode(world);
      try {
        const there = async () => await node.inject({ method: 'POST', url: logIn.url, payload: logIn.body });
        const statuses: number[] = [];
        for (let round = 0; round < 8; round += 1) {
          statuses.push((await world.call(logIn)).status, (await there()).statusCode);
        }
        assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 200), ...Array.from({ length: 6 }, () => 429)]);
        const { counts } = world.store;
        const before = await counts.count({
          key: '203.0.113.9 post /api/v1/login',
          windowMs: 60_000,
          now: world.clock.now(),
        });
        for (let round = 0; round < 50; round += 1) {
          assert.equal((await world.call(logIn)).status, 429);
          assert.equal((await there()).statusCode, 429);
        }
        const after = await counts.count({
          key: '203.0.113.9 post /api/v1/login',
          windowMs: 60_000,
          now: world.clock.now(),
        });
        assert.equal(after.calls, before.calls + 1, 'refused calls are counted in memory alone');
        world.clock.move(60_000);
        const reply = await there();
        assert.equal(reply.statusCode, 200);
        assert.equal(reply.headers['x-ratelimit-remaining'], '9');
        assert.equal((await world.call(logIn)).headers['x-ratelimit-remaining'], '8');
      } finally {
        await node.close();
      }
    });
  });

  it('of ordinary calls never reach the store', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const headers = await world.headersOf('alice');
      assert.equal((await world.call({ url: '/api/v1/me', headers })).status, 200);
      const key = '203.0.113.9 get /api/v1/me';
      const { calls } = await world.store.counts.count({ key, windowMs: 60_000, now: world.clock.now() });
      assert.equal(calls, 1, 'this count is the first one');
    });
  });

  it('are settings, and may be switched off for development', async () => {
    const env = {
      OVERWRITE_SETTING_API_Enable_Rate_Limiter_Limit_Calls_Default: '2',
      OVERWRITE_SETTING_API_Enable_Rate_Limiter_Limit_Time_Default: '5000',
      OVERWRITE_SETTING_Countersign_Rate_Limit_Set_Status: '3',
    };
    await withRest(
      async (world) => {
        await world.add('alice');
        const headers = await world.headersOf('alice');
        const often = async (url: string, body?: unknown): Promise<readonly RestReply[]> => {
          const replies: RestReply[] = [];
          for (let n = 0; n < 5; n += 1) replies.push(await world.call({ url, headers, body }));
          return replies;
        };
        const passed = (replies: readonly RestReply[]): number => replies.filter(({ status }) => status === 200).length;
        assert.equal(passed(await often('/api/v1/me')), 2);
        assert.equal(passed(await often('/api/v1/users.setStatus', { status: 'online' })), 3);
        world.clock.move(5_000);
        assert.equal(passed(await often('/api/v1/me')), 2);
        assert.equal(passed(await often('/api/v1/users.setStatus', { status: 'online' })), 0);
        world.clock.move(55_000);
        assert.equal(passed(await often('/api/v1/users.setStatus', { status: 'online' })), 3);
      },
      { env },
    );
  });

  it('hold in development, unless a setting says otherwise', async () => {
    for (const inDevelopment of [true, false]) {
      const env = { OVERWRITE_SETTING_API_Enable_Rate_Limiter_Dev: String(inDevelopment) };
      await withRest(
        async (world) => {
          const statuses = async (development: boolean): Promise<ReadonlySet<number>> => {
            const node = await otherNode(world, development);
            const seen = new Set<number>();
            for (let n = 0; n < 12; n += 1) {
              seen.add((await node.inject({ url: '/api/v1/settings.public' })).statusCode);
            }
            await node.close();
            return seen;
          };
          assert.equal((await statuses(true)).has(429), inDevelopment);
          assert.equal((await statuses(false)).has(429), true);
        },
        { env },
      );
    }
  });

  it('spare holders of api-bypass-rate-limit, whose wrong second factors are counted all the same', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      for (let n = 0; n < 30; n += 1) assert.equal((await world.call({ url: '/api/v1/me', headers })).status, 200);
      world.clock.move(3_600_000);
      const url = '/api/v1/users.generatePersonalAccessToken';
      const withCode = { ...headers, 'x-2fa-code': 'wrong', 'x-2fa-method': 'password' };
      const body = { tokenName: 'x' };
      const replies: RestReply[] = [];
      for (let n = 0; n < 12; n += 1) replies.push(await world.call({ url, headers: withCode, body }));
      assert.deepEqual(
        replies.map(({ json }) => json['errorType']),
        [...Array.from({ length: 10 }, () => 'totp-invalid'), 'totp-max-attempts', 'totp-max-attempts'],
      );
    });
  });

  it('are settings at every endpoint that has one of its own', () => {
    const own = endpoints.filter(({ rateLimit }) => rateLimit !== undefined && rateLimit !== 'none');
    const names = new Map(own.map(({ path, rateLimit }) => [path.replace('/api/v1/', ''), rateLimit]));
    for (const path of ['enableTotp', 'disableTotp', 'validateTotp', 'regenerateTotpCodes', 'totpCodesRemaining']) {
      assert.equal(names.get(`users.${path}`), 'Countersign_Rate_Limit_Authenticator_App', path);
    }
    assert.equal(names.get('users.setStatus'), 'Countersign_Rate_Limit_Set_Status');
    assert.equal(names.get('loginCode.redeem'), 'Countersign_Rate_Limit_Login_Code');
    assert.equal(names.get('users.updateOwnBasicInfo'), 'Countersign_Rate_Limit_Own_Basic_Info');
    assert.equal(names.get('users.register'), 'Rate_Limiter_Limit_RegisterUser');
    assert.equal(names.get('users.sendConfirmationEmail'), 'Countersign_Rate_Limit_Confirmation_Email');
    assert.ok([...names.values()].every((id) => typeof id === 'string'));
  });

  it('hold over all nodes wherever somebody signs in, registers or causes a mail without being signed in', () => {
    const across = endpoints.filter(({ limitedAcrossNodes }) => limitedAcrossNodes !== undefined);
    assert.deepEqual(across.map(({ path }) => path.replace('/api/v1/', '')).toSorted(), [
      'identities.link',
      'login',
      'loginCode.redeem',
      'mailedLinks.setPassword',
      'passkeys.signIn',
      'twoFactorChallenges.offer',
      'twoFactorChallenges.sendEmailCode',
      'twoFactorChallenges.verifyChallenge',
      'users.2fa.sendEmailCode',
      'users.forgotPassword',
      'users.register',
      'users.sendConfirmationEmail',
      'users.verifyEmail',
    ]);
  });
});
