import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { withRest } from './rest-world.suite.ts';

/** Past the time in which a fresh account is not asked again. */
const pastGraceMs = 301_000;

describe('the gate', () => {
  const gated = [
    ['users.generatePersonalAccessToken', { tokenName: 'x' }],
    ['users.regeneratePersonalAccessToken', { tokenName: 'x' }],
    ['users.removePersonalAccessToken', { tokenName: 'x' }],
    ['settings/Site_Name', { value: 'x' }],
    ['settings', { settings: [{ _id: 'Site_Name', value: 'x' }] }],
  ] as const;

  it('asks for the password, and remembers only where it may', async () => {
    await withRest(async (world) => {
      const admin = await world.asAdmin();
      world.clock.move(pastGraceMs);
      const code = { 'x-2fa-code': sha256Hex(password), 'x-2fa-method': 'password' };
      for (const [url, body] of gated) {
        const request = { url: `/api/v1/${url}`, headers: admin, body };
        const required = await world.call(request);
        assert.equal(
          required.text,
          '{"success":false,"error":"TOTP Required [totp-required]","errorType":"totp-required","details":{"method":"password","codeGenerated":false,"availableMethods":[]}}',
        );
        assert.equal(required.status, 400);
      }
      const bulk = { url: '/api/v1/settings', headers: admin, body: gated[4][1] };
      const wrong = await world.call({ ...bulk, headers: { ...admin, 'x-2fa-code': sha256Hex('wrong') } });
      assert.equal(wrong.json['errorType'], 'totp-invalid');
      assert.equal((await world.call({ ...bulk, headers: { ...admin, ...code } })).status, 200);
      assert.equal((await world.call(bulk)).json['errorType'], 'totp-required');
      const one = { url: '/api/v1/settings/Site_Name', headers: admin, body: gated[3][1] };
      assert.equal((await world.call({ ...one, headers: { ...admin, ...code } })).status, 200);
      assert.equal((await world.call(one)).status, 200);
    });
  });
});

describe('making tokens', () => {
  it('is refused to everybody until the operator opens it', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      for (const body of [{}, { username: 'root' }, { username: 'nobody' }]) {
        const reply = await world.call({ url: '/api/v1/users.createToken', headers, body });
        assert.equal(
          reply.text,
          '{"success":false,"error":"Not authorized [error-not-authorized]","errorType":"error-not-authorized","details":{"method":"createToken"}}',
        );
      }
    });
  });

  it('wants the secret where there is one', async () => {
    const parts = { tokenMaking: { on: true, secret: 'open sesame' } };
    await withRest(
      async (world) => {
        const headers = await world.asAdmin();
        const url = '/api/v1/users.createToken';
        const missing = await world.call({ url, headers, body: { username: 'root' } });
        assert.equal(
          missing.text,
          '{"success":false,"errorType":"invalid-params","error":"must have required property \'secret\'"}',
        );
        for (const secret of ['wrong', 'open sesame ', { $ne: '' }, true]) {
          const reply = await world.call({ url, headers, body: { username: 'root', secret } });
          assert.equal(reply.status, 400);
          assert.equal(reply.json['data'], undefined);
        }
        const made = await world.call({ url, headers, body: { username: 'root', secret: 'open sesame' } });
        assert.equal(made.status, 200);
      },
      { parts, tokenSecretRequired: true },
    );
  });
});
