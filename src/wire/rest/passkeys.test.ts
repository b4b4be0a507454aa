import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PasskeyDevice, passkeyDevice } from '../../../test/passkey-device.ts';
import { password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

type Headers = Record<string, string>;

/** Past the time in which a fresh account is not asked again. */
const pastGraceMs = 3_600_000;

const byPassword = { 'x-2fa-code': sha256Hex(password), 'x-2fa-method': 'password' };

async function ask(world: RestWorld, name: string, headers: Headers, body: unknown = {}): Promise<RestReply> {
  return await world.call({ url: `/api/v1/passkeys.${name}`, headers, body });
}

async function enrol(world: RestWorld, headers: Headers): Promise<PasskeyDevice> {
  const device = passkeyDevice();
  const begun = await ask(world, 'begin', { ...headers, ...byPassword });
  const added = await ask(world, 'add', headers, { name: 'x', credential: device.make(begun.json['options']) });
  assert.equal(added.status, 200, added.text);
  return device;
}

describe('the endpoints of passkeys', () => {
  it('want a session, but for signing in', async () => {
    await withRest(async (world) => {
      for (const name of ['begin', 'add', 'rename', 'remove', 'setAlone']) {
        assert.equal((await ask(world, name, {})).status, 401, name);
      }
      assert.equal((await world.call({ url: '/api/v1/passkeys.list' })).status, 401);
      assert.equal((await ask(world, 'signInOptions', {})).status, 200);
    });
  });

  it('ask for a second factor before anything changes, each time, and let a token through that skips it', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      world.clock.move(pastGraceMs);
      const headers = await world.headersOf('alice');
      const isAsked = async (name: string, body: unknown, method: string, more: Headers = {}): Promise<void> => {
        const reply = await ask(world, name, { ...headers, ...more }, body);
        assert.deepEqual([reply.status, reply.json['errorType']], [400, 'totp-required'], reply.text);
        assert.equal((reply.json['details'] as { method: string }).method, method);
      };
      await isAsked('begin', {}, 'password');
      const device = await enrol(world, headers);
      const gated: readonly (readonly [string, unknown])[] = [
        ['begin', {}],
        ['setAlone', { alone: true }],
        ['remove', { id: device.id }],
      ];
      for (const [name, body] of gated) {
        await isAsked(name, body, 'passkey');
        // The password is no second factor beside a passkey.
        const wrong = await ask(world, name, { ...headers, ...byPassword }, body);
        assert.equal(wrong.json['errorType'], 'totp-invalid', wrong.text);
      }
      const { options } = (await ask(world, 'begin', headers)).json['details'] as { options: unknown };
      const code = { 'x-2fa-code': JSON.stringify(device.show(options)), 'x-2fa-method': 'passkey' };
      assert.equal((await ask(world, 'begin', { ...headers, ...code })).status, 200);
      await isAsked('begin', {}, 'passkey');
      assert.equal((await ask(world, 'begin', { ...headers, ...code })).json['errorType'], 'totp-invalid');

      const signed = await world.app.session.authenticate(headers['x-user-id'] ?? '', headers['x-auth-token'] ?? '');
      for (const skipsSecondFactor of [true, false]) {
        const text = await world.app.personalToken.make(
          signed,
          { name: `t${skipsSecondFactor}`, skipsSecondFactor },
          { door: 'rest', address: '203.0.113.9', userAgent: '', requestId: '' },
        );
        const reply = await ask(world, 'setAlone', { ...headers, 'x-auth-token': text }, { alone: true });
        assert.equal(reply.status, skipsSecondFactor ? 200 : 400, reply.text);
      }
    });
  });

  it('refuse what has another shape, and say nothing of whose it is', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const headers = await world.headersOf('alice');
      for (const [name, body] of [
        ['add', {}],
        ['add', { name: 'x' }],
        ['add', { name: 'x', credential: 'text' }],
        ['add', { name: { $ne: '' }, credential: {} }],
        ['rename', { id: { $ne: '' }, name: 'x' }],
        ['remove', { id: ['x'] }],
        ['setAlone', { alone: 'true' }],
        ['signIn', {}],
        ['signIn', { credential: [] }],
      ] as const) {
        const reply = await ask(world, name, headers, body);
        assert.deepEqual([reply.status, reply.json['errorType']], [400, 'invalid-params'], `${name} ${reply.text}`);
      }
      const refused = await ask(world, 'add', headers, { name: 'x', credential: {} });
      assert.equal(
        refused.text,
        '{"success":false,"error":"The passkey was not accepted [error-invalid-passkey]","errorType":"error-invalid-passkey"}',
      );
      const device = await enrol(world, headers);
      const { options } = (await ask(world, 'signInOptions', {})).json;
      // Of an account that does not allow it, of nobody, and of no shape at all.
      for (const credential of [device.show(options), passkeyDevice().show(options), {}]) {
        const reply = await ask(world, 'signIn', {}, { credential });
        assert.deepEqual(
          [reply.status, reply.text],
          [
            401,
            '{"success":false,"status":"error","error":"error-invalid-passkey","message":"The passkey was not accepted"}',
          ],
        );
      }
    });
  });

  it("do not reach another's passkeys", async () => {
    await withRest(async (world) => {
      await world.add('alice');
      await world.add('mallory');
      const device = await enrol(world, await world.headersOf('alice'));
      const headers = await world.headersOf('mallory');
      for (const [name, body] of [
        ['rename', { id: device.id, name: 'mine' }],
        ['remove', { id: device.id }],
      ] as const) {
        const reply = await ask(world, name, headers, body);
        assert.deepEqual([reply.status, reply.json['errorType']], [400, 'error-passkey-not-found']);
      }
      const { passkeys } = (await world.call({ url: '/api/v1/passkeys.list', headers })).json;
      assert.deepEqual(passkeys, []);
    });
  });

  it('give a token that works at every door, and the log-in asks for a passkey with what a browser needs', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const device = await enrol(world, await world.headersOf('alice'));
      const login = { user: 'alice', password };
      const asked = await world.call({ url: '/api/v1/login', body: login });
      assert.deepEqual([asked.status, asked.json['error']], [401, 'totp-required']);
      const details = asked.json['details'] as Record<string, unknown>;
      assert.deepEqual([details['method'], details['availableMethods']], ['passkey', ['passkey']]);
      const options = details['options'] as Record<string, unknown>;
      assert.deepEqual(
        { ...options, challenge: '' },
        {
          challenge: '',
          timeout: 300_000,
          rpId: 'localhost',
          allowCredentials: [{ type: 'public-key', id: device.id, transports: ['hybrid', 'internal'] }],
          userVerification: 'preferred',
        },
      );
      // Somebody present is enough here: the password was the first proof.
      const code = JSON.stringify(device.show(options, { verified: false }));
      const done = await world.call({ url: '/api/v1/login', body: { ...login, code } });
      assert.equal(done.json['status'], 'success', done.text);
      const nobody = await world.call({ url: '/api/v1/login', body: { user: 'alice', password: 'wrong' } });
      assert.equal(nobody.json['details'], undefined);
    });
  });
});
