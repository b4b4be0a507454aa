import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller, openWorld, password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { systemRandom } from '../../lib/system-random.ts';
import { Afterwards } from '../shapes/afterwards.ts';
import { type Dispatch, dispatch } from './dispatch.ts';
import type { Hub } from './hub.ts';
import { limits } from './limits.ts';
import { type AnyMethod, openMethod, userMethod } from './method.ts';
import { methods } from './methods/index.ts';
import { People } from './people.ts';
import { Rates } from './rates.ts';
import { Revocation } from './revocation.ts';
import { hostTimers } from './timers.ts';
import { Topics } from './topics.ts';
import { Wheel } from './wheel.ts';

const echo = openMethod({
  name: 'echo',
  params: (given) => given,
  run: async (_app, _call, given) => await Promise.resolve(given),
});
const gated = userMethod({
  name: 'gated',
  twoFactor: { remember: false, always: false },
  params: (given) => given,
  run: async (_app, _call, given) => await Promise.resolve(given),
});

/** Calls one of these methods as an account that is old enough to be asked for its password. */
async function called(method: AnyMethod, ...params: unknown[]): Promise<Dispatch> {
  const world = await openWorld();
  const { app } = world;
  const log = (): void => undefined;
  const people = new People();
  const wheel = new Wheel(app.clock, hostTimers, () => undefined);
  const hub: Hub = {
    afterwards: new Afterwards(() => undefined),
    app,
    random: systemRandom,
    log,
    timers: hostTimers,
    limits,
    rates: new Rates(app.clock, app.settings),
    people,
    topics: new Topics(),
    wheel,
    revocation: new Revocation({ app, people, timers: hostTimers, log }),
    loginServices: { list: () => [], onChange: () => () => undefined },
    methods: new Map([[method.name, method]]),
    publications: new Map(),
  };
  try {
    await world.add('alice');
    world.clock.move(3_600_000);
    const signed = await world.signIn('alice');
    const done = async (): Promise<void> => await Promise.resolve();
    return await dispatch(hub, {
      name: method.name,
      params,
      call: { caller: caller({ door: 'ddp' }), signIn: done, signOut: done },
      accountId: signed.account.id,
      connection: 'c',
      signed: async () => await Promise.resolve(signed),
      supplied: { code: undefined, method: undefined },
    });
  } finally {
    wheel.stop();
    await world.close();
  }
}

describe('a method', () => {
  it('gets decoded values and gives encoded ones, the same as came in', async () => {
    const params = [1, 'a', null, true, { a: [1] }, { $date: 1 }, { $binary: 'AQI=' }, { $InfNaN: 0 }];
    const unknown = { $type: 'oid', $value: '507f1f77bcf86cd799439011' };
    assert.deepEqual(await called(echo, ...params, unknown), {
      known: true,
      answer: { result: [...params, unknown] },
    });
  });

  it('with a second factor never sees what brought the factor, nor an empty parameter in its place', async () => {
    const code = { twoFactorCode: sha256Hex(password), twoFactorMethod: 'password' };
    assert.deepEqual((await called(gated, 'x', code)).answer, { result: ['x'] });
    assert.deepEqual((await called(gated, code)).answer, { result: [] });
    const { answer } = await called(gated, 'x', '');
    assert.equal('error' in answer && answer.error.error, 'totp-required');
  });

  it('that exists is declared once, and none that writes for others lacks its factor', () => {
    const names = methods.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    const withFactor = methods.filter(({ twoFactor }) => twoFactor !== undefined).map(({ name }) => name);
    assert.deepEqual(withFactor.toSorted(), [
      '2fa:enable',
      'addOAuthService',
      'personalAccessTokens:generateToken',
      'personalAccessTokens:regenerateToken',
      'personalAccessTokens:removeToken',
      'refreshOAuthService',
      'removeOAuthService',
      'saveSetting',
      'saveSettings',
    ]);
    assert.ok(methods.every(({ needsUser, twoFactor }) => twoFactor === undefined || needsUser));
  });
});
