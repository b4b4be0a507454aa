import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { password } from '../../../test/world.ts';
import { Fault } from '../../core/fault.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

const url = '/api/v1/login';
const unlimited = { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } };

describe('POST login, again and again', () => {
  it('blocks an account by all of its names together, even for the right password', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const fail = async (body: unknown): Promise<RestReply> => await world.call({ url, body });
      for (let round = 0; round < 5; round += 1) await fail({ user: 'alice', password: 'wrong' });
      const byEmail = { email: 'ALICE@example.com', password: 'wrong', code: '1' };
      for (let round = 0; round < 5; round += 1) await fail(byEmail);
      const reply = await fail({ user: 'alice', password });
      assert.equal(reply.status, 401);
      assert.equal(
        reply.text,
        '{"success":false,"status":"error","error":"error-login-blocked-for-user","details":{"function":"Accounts.validateLoginAttempt"},"message":"Login has been temporarily blocked For User"}',
      );
      assert.equal(reply.headers['retry-after'], '300');
    }, unlimited);
  });

  it('is limited to ten calls in a minute from one address', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const body = { user: 'alice', password };
      await limited(world, async () => await world.call({ url, body }));
      world.from('203.0.113.10');
      assert.equal((await world.call({ url, body })).status, 200);
      for (let host = 1; host <= 11; host += 1) {
        world.from(`2001:db8::${host.toString(16)}`);
        const reply = await world.call({ url, body, headers: { 'user-agent': `agent ${host}` } });
        assert.equal(reply.status, host <= 10 ? 200 : 429);
      }
    });
  });

  it('is refused, and not for long, while the server cannot do its work', async () => {
    for (const [code, seconds] of [
      ['busy', '3'],
      ['unavailable', '3'],
    ] as const) {
      const fail = async (): Promise<never> => await Promise.reject(new Fault(code, { retryAfterMs: 2_500 }));
      const load = () => ({ waiting: 0, running: 0, most: 1 });
      const hasher = { make: fail, check: fail, isCurrent: () => ({ held: true }), load };
      await withRest(
        async (world) => {
          const reply = await world.call({ url, body: { user: 'alice', password } });
          assert.equal(reply.status, 503);
          assert.equal(reply.text, '{"success":false,"error":"Service Unavailable"}');
          assert.equal(reply.headers['retry-after'], seconds);
        },
        { parts: { hasher } },
      );
    }
  });
});

async function limited(world: RestWorld, call: () => Promise<RestReply>): Promise<void> {
  const endsAt = String(world.clock.now() + 60_000);
  for (let left = 9; left >= 0; left -= 1) {
    const reply = await call();
    assert.equal(reply.status, 200);
    assert.equal(reply.headers['x-ratelimit-limit'], '10');
    assert.equal(reply.headers['x-ratelimit-remaining'], String(left));
    assert.equal(reply.headers['x-ratelimit-reset'], endsAt);
  }
  world.clock.move(18_500);
  const refused = await call();
  assert.equal(refused.status, 429);
  assert.equal(
    refused.text,
    '{"success":false,"error":"Error, too many requests. Please slow down. You must wait 42 seconds before trying this endpoint again. [error-too-many-requests]"}',
  );
  assert.equal(refused.headers['retry-after'], '42');
  assert.equal(refused.headers['x-ratelimit-remaining'], '0');
  world.clock.move(41_500);
  assert.equal((await call()).status, 200);
}
