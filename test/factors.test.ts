import assert from 'node:assert/strict';
import type { Signed } from '../src/core/session/token.ts';
import { fromBase32 } from '../src/lib/base32.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { codeOfStep, stepOf } from '../src/lib/totp.ts';
import { type FactorGround, factorSuite } from './factor.suite.ts';
import { caller, type World } from './world.ts';

/** What the test's authenticator apps know, by account. */
const apps = new WeakMap<World, Map<string, { secret: Buffer; codes: string[] }>>();

async function setUpApp(world: World, signed: Signed): Promise<void> {
  const { secret } = await world.app.factor.beginApp(signed, 'Rocket.Chat:somebody', caller());
  const bytes = fromBase32(secret);
  const codes = await world.app.factor.confirmApp(signed, codeOfStep(bytes, stepOf(world.clock.now())), caller());
  const known = apps.get(world) ?? new Map<string, { secret: Buffer; codes: string[] }>();
  known.set(signed.account.id, { secret: bytes, codes: [...codes] });
  apps.set(world, known);
}

function appOf(world: World, { account }: Signed): { secret: Buffer; codes: string[] } {
  const app = apps.get(world)?.get(account.id);
  assert.ok(app !== undefined);
  return app;
}

/** The code that the last mail to this account shows. */
function mailed(world: World, { account }: Signed): string {
  const to = account.emails[0]?.address ?? '';
  const mail = world.mails.findLast(({ kind, to: all }) => kind === 'authentication-code' && all.includes(to));
  return mail?.facts['code'] ?? '';
}

const app: FactorGround = {
  name: 'totp',
  once: true,
  atLogIn: true,
  wrong: ['12345', '1234567', '123 456'],
  enrol: setUpApp,
  code: async (world, signed) => {
    world.clock.move(30_000);
    return await Promise.resolve(codeOfStep(appOf(world, signed).secret, stepOf(world.clock.now())));
  },
};

const backupCode: FactorGround = {
  ...app,
  wrong: ['12345678', 'abcdefgh'],
  code: async (world, signed) => await Promise.resolve(appOf(world, signed).codes.pop() ?? ''),
};

const email: FactorGround = {
  name: 'email',
  once: true,
  atLogIn: true,
  wrong: ['123-456-7', '12345', 'abcdef'],
  enrol: async (world, signed) => {
    await world.app.factor.turnEmailOn(signed, caller());
  },
  code: async (world, signed) => {
    const { account } = await world.app.session.find(signed.token.hash).then((found) => found ?? signed);
    await world.app.factor.sendEmailCode(account, caller());
    return mailed(world, signed);
  },
};

const passwords: FactorGround = {
  name: 'password',
  once: false,
  atLogIn: false,
  wrong: ['correct horse battery staple', sha256Hex('another')],
  enrol: async () => {
    await Promise.resolve();
  },
  code: async (_world, signed) =>
    await Promise.resolve(
      sha256Hex(signed.account.username === 'bob' ? 'another good password' : 'correct horse battery staple'),
    ),
};

factorSuite('by an authenticator app', app);
factorSuite('by a backup code', backupCode);
factorSuite('by e-mail', email);
factorSuite('by password', passwords);
