import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { Fault } from '../src/core/fault.ts';
import type { SuppliedFactor } from '../src/core/second-factor/gate.ts';
import type { Signed } from '../src/core/session/token.ts';
import { factorSuite } from './factor.suite.ts';
import { cbor, type PasskeyDevice, passkeyDevice, type Said } from './passkey-device.ts';
import { caller, openWorld, password, type World } from './world.ts';

const none: SuppliedFactor = { code: undefined, method: undefined };

async function enrol(world: World, signed: Signed, device: PasskeyDevice): Promise<readonly string[]> {
  const options = await world.app.passkey.begin(signed);
  const { codes } = await world.app.passkey.add(signed, { name: 'Phone', credential: device.make(options) }, caller());
  return codes ?? [];
}

/** What the gate offers to an account that has a passkey. */
async function offered(world: World, signed: Signed): Promise<unknown> {
  const asked = world.app.factor.mustHold(signed, caller(), none, { remember: false, always: false });
  return (await refusedWith(asked)).facts['options'];
}

async function refusedWith(asked: Promise<unknown>): Promise<Fault> {
  const cause: unknown = await asked.then(
    () => assert.fail('it was let through'),
    (refusal: unknown) => refusal,
  );
  assert.ok(cause instanceof Fault, String(cause));
  return cause;
}

const devices = new WeakMap<World, Map<string, PasskeyDevice>>();

factorSuite('by passkey', {
  name: 'passkey',
  once: true,
  atLogIn: true,
  wrong: ['{}', '[]', 'null', '"x"', '{"id":"x"}', `{"id":${'['.repeat(4_000)}`],
  enrol: async (world, signed) => {
    const device = passkeyDevice();
    const all = devices.get(world) ?? new Map<string, PasskeyDevice>();
    devices.set(world, all.set(signed.account.id, device));
    await enrol(world, signed, device);
  },
  code: async (world, signed) => {
    const fresh = await world.app.account.byId(signed.account.id);
    assert.ok(fresh);
    const options = await offered(world, { ...signed, account: fresh });
    // A device that does not count: only the challenge says that an answer came before.
    return JSON.stringify(devices.get(world)?.get(signed.account.id)?.show(options, { counter: 0 }));
  },
});

/** A signed-in account with a passkey that may come in alone. */
async function withAlone(
  act: (set: {
    world: World;
    device: PasskeyDevice;
    signed: () => Promise<Signed>;
    signIn: (said?: Partial<Said>) => Promise<string>;
    shown: (said?: Partial<Said>) => Promise<Record<string, unknown>>;
    send: (credential: unknown, from?: string) => Promise<string>;
  }) => Promise<void>,
): Promise<void> {
  const world = await openWorld();
  try {
    const account = await world.add('alice');
    const { text } = await world.signIn('alice');
    const signed = async (): Promise<Signed> => await world.app.session.authenticate(account.id, text);
    const device = passkeyDevice();
    await enrol(world, await signed(), device);
    await world.app.passkey.setAlone(await signed(), true, caller());
    const send = async (credential: unknown, address = '203.0.113.9'): Promise<string> => {
      try {
        const opened = await world.app.passkey.signIn(credential, caller({ address }));
        assert.equal(opened.account.id, account.id);
        await world.app.session.authenticate(account.id, opened.text);
        return 'in';
      } catch (cause) {
        assert.ok(cause instanceof Fault, String(cause));
        return cause.code;
      }
    };
    const shown = async (said?: Partial<Said>): Promise<Record<string, unknown>> =>
      device.show(await world.app.passkey.signInOptions(), said);
    await act({ world, device, signed, send, shown, signIn: async (said) => await send(await shown(said)) });
  } finally {
    await world.close();
  }
}

const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** What is wrong with a response, each on its own (attacks P02, P03). */
const forged: Readonly<Record<string, Partial<Said>>> = {
  'another origin': { origin: 'http://localhost:3001' },
  'the origin with a path': { origin: 'http://localhost:3000/' },
  'an origin that begins alike': { origin: 'http://localhost:3000.evil.example' },
  'another host': { host: 'evil.example' },
  'the wrong type': { type: 'webauthn.payment' },
  'a frame at another site': { client: { crossOrigin: true } },
  'a frame whose parent is named': { client: { crossOrigin: true, topOrigin: 'http://localhost:3000' } },
  'a cross-origin flag that is no boolean': { client: { crossOrigin: 'true' } },
  'a parent without a frame': { client: { topOrigin: 'https://evil.example' } },
  'a challenge that nobody made': { challenge: 'A'.repeat(43) },
  'an empty challenge': { challenge: '' },
  'a challenge that is no text': { client: { challenge: { $ne: '' } } },
  'nobody present': { present: false },
};

describe('a passkey alone', () => {
  it('lets its account in, each answer once', async () => {
    await withAlone(async ({ send, shown }) => {
      // A device that does not count, and one that does.
      for (const said of [{ counter: 0 }, {}]) {
        const credential = await shown(said);
        assert.equal(await send(credential), 'in');
        assert.equal(await send(credential), 'passkey-refused');
        assert.equal(await send(await shown(said)), 'in');
      }
    });
  });

  it('is refused when forged', async () => {
    await withAlone(async ({ world, signIn }) => {
      const wrong: Readonly<Record<string, Partial<Said>>> = {
        ...forged,
        'the type of making one': { type: 'webauthn.create' },
        'nobody asked who it was': { verified: false },
        'the signature of another key': { signWith: stranger },
        "another account's handle": { userHandle: Buffer.from('somebody-else').toString('base64url') },
        'no handle': { userHandle: undefined },
      };
      for (const [what, said] of Object.entries(wrong)) {
        assert.equal(await signIn(said), 'passkey-refused', what);
        world.clock.move(3_600_000);
      }
      assert.equal(await signIn(), 'in');
    });
  });

  it('is refused when malformed or over-large, before anything is decoded', async () => {
    await withAlone(async ({ world, send, shown, signIn }) => {
      type Part = Record<string, unknown>;
      const inside = (member: string, value: unknown) => (good: Part) => ({
        ...good,
        response: { ...(good['response'] as Part), [member]: value },
      });
      const cases: ((good: Part) => unknown)[] = [undefined, null, '', 7, [], {}].map((value) => () => value);
      cases.push((good) => ({ ...good, rawId: 'x' }));
      cases.push((good) => ({ ...good, type: 'password' }));
      for (const value of [{ $ne: '' }, '', 'A'.repeat(1_000_000), 'ä', 'AA==', 7, null]) {
        cases.push((good) => ({ ...good, id: value, rawId: value }));
        for (const member of ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle']) {
          cases.push(inside(member, value));
        }
      }
      // Truncated, followed by more, and with the flags of parts that are not there.
      for (const change of [
        (data: Buffer) => data.subarray(0, 36),
        (data: Buffer) => Buffer.concat([data, data]),
        (data: Buffer) => Buffer.concat([data.subarray(0, 32), Buffer.from([0xc5]), data.subarray(33)]),
      ]) {
        cases.push((good) => {
          const data = Buffer.from(String((good['response'] as Part)['authenticatorData']), 'base64url');
          return inside('authenticatorData', change(data).toString('base64url'))(good);
        });
      }
      for (const change of cases) {
        const credential = change(await shown());
        assert.equal(await send(credential), 'passkey-refused', JSON.stringify(credential)?.slice(0, 200));
        world.clock.move(3_600_000);
      }
      assert.equal(await signIn(), 'in');
    });
  });

  it('is refused after five minutes, and once its account is closed, forbids it, or has lost it', async () => {
    await withAlone(async ({ world, device, signed, send, shown, signIn }) => {
      const late = await shown();
      world.clock.move(300_000);
      assert.equal(await send(late), 'passkey-refused');
      await world.app.passkey.setAlone(await signed(), false, caller());
      assert.equal(await signIn(), 'passkey-refused');
      await world.app.passkey.setAlone(await signed(), true, caller());
      const { account } = await signed();
      await world.app.host.setOpen(account.id, false, caller());
      assert.equal(await signIn(), 'account-closed');
      await world.app.host.setOpen(account.id, true, caller());
      assert.equal(await signIn(), 'in');
      const again = await world.signIn('alice').catch((cause: unknown) => cause);
      assert.ok(again instanceof Fault && again.code === 'factor-required');
      const code = JSON.stringify(device.show(again.facts['options']));
      const opened = await world.app.session.logIn({ by: 'username', value: 'alice' }, { plain: password }, caller(), {
        code,
        method: undefined,
      });
      const fresh = await world.app.session.authenticate(account.id, opened.text);
      await world.app.passkey.remove(fresh, device.id, caller());
      assert.equal(await signIn(), 'passkey-refused');
    });
  });

  it('is refused with a counter that goes back, and the audit trail says so', async () => {
    await withAlone(async ({ world, signed, signIn }) => {
      assert.equal(await signIn({ counter: 9 }), 'in');
      for (const counter of [9, 8, 0]) assert.equal(await signIn({ counter }), 'passkey-refused', String(counter));
      // Whoever cannot sign raises no alarm.
      assert.equal(await signIn({ counter: 1, signWith: stranger }), 'passkey-refused');
      assert.equal(await signIn({ counter: 10 }), 'in');
      const { account } = await signed();
      const entries = await world.store.audit.newest(50, account.id);
      const alarms = entries.filter(({ what }) => what === 'passkey.counter');
      assert.deepEqual(
        alarms.map(({ outcome }) => outcome),
        ['refused', 'refused', 'refused'],
      );
    });
  });

  it('is no challenge of another kind: neither one to add, nor one of a second factor', async () => {
    await withAlone(async ({ world, device, signed, send }) => {
      assert.equal(await send(device.show(await offered(world, await signed()))), 'passkey-refused');
      assert.equal(await send(device.show(await world.app.passkey.begin(await signed()))), 'passkey-refused');
      const code = JSON.stringify(device.show(await world.app.passkey.signInOptions()));
      const asked = world.app.factor.mustHold(
        await signed(),
        caller(),
        { code, method: 'passkey' },
        { remember: false, always: false },
      );
      assert.equal((await refusedWith(asked)).code, 'factor-wrong');
    });
  });

  it('counts its failures under the address, which is blocked then, and under no account', async () => {
    await withAlone(async ({ world, send, shown }) => {
      let last = '';
      for (let round = 0; round < 60 && last !== 'address-blocked'; round += 1) {
        last = await send(await shown({ signWith: stranger }), '198.51.100.7');
      }
      assert.equal(last, 'address-blocked');
      assert.equal(await send(await shown(), '198.51.100.7'), 'address-blocked');
      assert.equal(await send(await shown(), '198.51.100.8'), 'in');
      assert.equal((await refusedWith(world.signIn('alice'))).code, 'factor-required');
    });
  });

  it('is not locked out by guesses at the password from elsewhere', async () => {
    await withAlone(async ({ world, signIn }) => {
      const claim = { by: 'username', value: 'alice' } as const;
      const from = caller({ address: '198.51.100.7' });
      for (let round = 0; round < 10; round += 1) {
        await assert.rejects(world.app.session.logIn(claim, { plain: 'wrong' }, from));
      }
      const guess = world.app.session.logIn(claim, { plain: 'wrong' }, caller({ address: '198.51.100.8' }));
      assert.equal((await refusedWith(guess)).code, 'account-blocked');
      assert.equal(await signIn(), 'in');
    });
  });

  it('lets one of eight in that bring the same answer at once', async () => {
    await withAlone(async ({ send, shown }) => {
      const credential = await shown({ counter: 0 });
      const outcomes = await Promise.all(Array.from({ length: 8 }, async () => await send(credential)));
      assert.equal(outcomes.filter((one) => one === 'in').length, 1);
    });
  });

  it('is asked for in the same words whoever there is', async () => {
    await withAlone(async ({ world }) => {
      const options = await world.app.passkey.signInOptions();
      assert.deepEqual(
        { ...options, challenge: '' },
        { challenge: '', timeout: 300_000, rpId: 'localhost', allowCredentials: [], userVerification: 'required' },
      );
    });
  });
});

describe('adding a passkey', () => {
  async function adding(
    act: (set: {
      world: World;
      signed: Signed;
      add: (credential: unknown, name?: string) => Promise<string>;
      begin: () => Promise<unknown>;
    }) => Promise<void>,
    env: Record<string, string> = {},
  ): Promise<void> {
    const world = await openWorld({ env });
    try {
      const account = await world.add('alice');
      const { text } = await world.signIn('alice');
      const signed = await world.app.session.authenticate(account.id, text);
      await act({
        world,
        signed,
        begin: async () => await world.app.passkey.begin(signed),
        add: async (credential, name = 'Phone') => {
          try {
            await world.app.passkey.add(signed, { name, credential }, caller());
            return 'added';
          } catch (cause) {
            assert.ok(cause instanceof Fault, String(cause));
            return cause.code;
          }
        },
      });
    } finally {
      await world.close();
    }
  }

  it('asks for the algorithms that are taken, with the account as the handle', async () => {
    await adding(async ({ begin, signed }) => {
      const options = (await begin()) as Record<string, unknown>;
      assert.match(String(options['challenge']), /^[\w-]{43}$/u);
      assert.deepEqual(
        { ...options, challenge: '' },
        {
          rp: { id: 'localhost', name: 'Rocket.Chat' },
          user: {
            id: Buffer.from(signed.account.id).toString('base64url'),
            name: 'alice',
            displayName: 'alice',
          },
          challenge: '',
          pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
          timeout: 300_000,
          excludeCredentials: [],
          authenticatorSelection: {
            residentKey: 'preferred',
            requireResidentKey: false,
            userVerification: 'preferred',
          },
          attestation: 'none',
        },
      );
    });
  });

  it('ends the other sessions, tells the owner, gives backup codes once, and takes each answer once', async () => {
    await adding(async ({ world, signed, begin, add }) => {
      const other = await world.signIn('alice');
      const device = passkeyDevice();
      const credential = device.make(await begin());
      assert.equal(await add(credential), 'added');
      assert.equal(await add(credential), 'passkey-refused');
      await assert.rejects(world.app.session.authenticate(other.account.id, other.text), { code: 'not-signed-in' });
      assert.deepEqual(
        world.mails.map(({ kind, facts }) => [kind, facts['factor']]),
        [['factor-added', 'passkey']],
      );
      const [kept] = await world.app.passkey.list(signed);
      assert.deepEqual([kept?.id, kept?.name, kept?.transports], [device.id, 'Phone', ['hybrid', 'internal']]);
      assert.deepEqual(await enrol(world, signed, passkeyDevice()), []);
    });
  });

  it('brings backup codes that are counted and made anew with one of them, though there is no app', async () => {
    await adding(async ({ world, signed }) => {
      const codes = await enrol(world, signed, passkeyDevice());
      const now = { ...signed, account: (await world.app.account.byId(signed.account.id)) ?? assert.fail() };
      assert.equal(await world.app.factor.backupCodesLeft(now), 12);
      const fresh = await world.app.factor.renewBackupCodes(now, codes[0] ?? '', caller());
      assert.equal(new Set([...codes, ...fresh]).size, 24);
      const old = world.app.factor.renewBackupCodes(now, codes[1] ?? '', caller());
      assert.equal((await refusedWith(old)).code, 'factor-code-wrong');
    });
  });

  it('is refused when forged, malformed, or made with a key that others could sign with', async () => {
    const point = (x: Buffer, y: Buffer) =>
      new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, x],
        [-3, y],
      ]);
    const rsa = (n: Buffer, e: Buffer) =>
      new Map<number, unknown>([
        [1, 3],
        [3, -257],
        [-1, n],
        [-2, e],
      ]);
    const modulus = Buffer.alloc(256, 0xab);
    const wrong: Readonly<Record<string, Partial<Said>>> = {
      ...forged,
      'the type of showing one': { type: 'webauthn.get' },
      'an unknown algorithm': { alg: -47 },
      'an algorithm that does not fit the key': { alg: -257 },
      'an algorithm of no number': {
        key: new Map<number, unknown>([
          [1, 2],
          [3, 'ES256'],
        ]),
      },
      'an empty key': { key: new Map() },
      'a point that is not on the curve': { key: point(Buffer.alloc(32, 1), Buffer.alloc(32, 1)) },
      'the point at zero': { key: point(Buffer.alloc(32), Buffer.alloc(32)) },
      'RSA with the exponent 1': { key: rsa(modulus, Buffer.from([1])) },
      'RSA with the exponent 3': { key: rsa(modulus, Buffer.from([3])) },
      'RSA of 512 bits': { key: rsa(modulus.subarray(0, 64), Buffer.from([1, 0, 1])) },
      'an unknown attestation': { format: 'evil' },
      'an attestation with a certificate': {
        format: 'packed',
        statement: new Map<string, unknown>([
          ['alg', -7],
          ['sig', Buffer.alloc(70)],
          ['x5c', [Buffer.alloc(300)]],
        ]),
      },
      'an attestation with a signature of nobody': {
        format: 'packed',
        statement: new Map<string, unknown>([
          ['alg', -7],
          ['sig', Buffer.alloc(70)],
        ]),
      },
      'no attestation that says something': { statement: new Map<string, unknown>([['x', 1]]) },
    };
    await adding(async ({ begin, add }) => {
      for (const [what, said] of Object.entries(wrong)) {
        assert.equal(await add(passkeyDevice().make(await begin(), said)), 'passkey-refused', what);
      }
      const objects: Buffer[] = [
        Buffer.from([0xff]),
        Buffer.from([0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        Buffer.alloc(10_000, 0x81),
        cbor([]),
        cbor(
          new Map<string, unknown>([
            ['fmt', 'none'],
            ['attStmt', new Map()],
            ['authData', Buffer.alloc(36)],
          ]),
        ),
        Buffer.alloc(100_000, 0xa1),
      ];
      for (const attestation of objects) {
        const made = passkeyDevice().make(await begin());
        const response = { ...(made['response'] as object), attestationObject: attestation.toString('base64url') };
        assert.equal(await add({ ...made, response }), 'passkey-refused', attestation.subarray(0, 8).toString('hex'));
      }
      const named = passkeyDevice().make(await begin());
      assert.equal(await add({ ...named, id: 'AAAA', rawId: 'AAAA' }), 'passkey-refused');
      for (const credential of [undefined, null, 'x', [], {}, { ...named, response: null }]) {
        assert.equal(await add(credential), 'passkey-refused');
      }
    });
  });

  it('takes each kind of key that was asked for, and a passkey that signs its own making', async () => {
    await adding(async ({ world, signed, begin, add }) => {
      const all = [undefined, undefined, undefined, true].map((selfSigned, index) => ({
        device: passkeyDevice(undefined, (['ES256', 'EdDSA', 'RS256', 'ES256'] as const)[index]),
        said: selfSigned === undefined ? {} : { selfSigned },
      }));
      for (const { device, said } of all) assert.equal(await add(device.make(await begin(), said)), 'added');
      await world.app.passkey.setAlone(signed, true, caller());
      for (const { device } of all) {
        const opened = await world.app.passkey.signIn(device.show(await world.app.passkey.signInOptions()), caller());
        assert.equal(opened.account.id, signed.account.id);
      }
    });
  });

  it('is for the session that began, for five minutes', async () => {
    await adding(async ({ world, begin, add }) => {
      await world.add('bob');
      const bob = await world.signIn('bob');
      const theirs = await world.app.session.authenticate(bob.account.id, bob.text);
      assert.equal(await add(passkeyDevice().make(await world.app.passkey.begin(theirs))), 'passkey-refused');
      const other = await world.signIn('alice');
      const own = await world.app.session.authenticate(other.account.id, other.text);
      assert.equal(await add(passkeyDevice().make(await world.app.passkey.begin(own))), 'passkey-refused');
      const late = passkeyDevice().make(await begin());
      world.clock.move(300_000);
      assert.equal(await add(late), 'passkey-refused');
    });
  });

  it('does not take a passkey that another account has', async () => {
    await adding(async ({ world, add, begin }) => {
      const device = passkeyDevice();
      await world.add('bob');
      const bob = await world.signIn('bob');
      await enrol(world, await world.app.session.authenticate(bob.account.id, bob.text), device);
      assert.equal(await add(device.make(await begin())), 'passkey-refused');
    });
  });

  it('takes names as they are meant, and no others', async () => {
    await adding(async ({ world, signed, begin, add }) => {
      for (const name of ['', '   ', 'x'.repeat(65), 'a\nb', 'a\0', '\ud800']) {
        assert.equal(await add(passkeyDevice().make(await begin()), name), 'malformed', JSON.stringify(name));
      }
      assert.equal(await add(passkeyDevice().make(await begin()), ' Schlüssel 🔑 '), 'added');
      assert.equal((await world.app.passkey.list(signed))[0]?.name, 'Schlüssel 🔑');
    });
  });

  it('ends at twenty', async () => {
    await adding(async ({ world, signed, begin, add }) => {
      for (let made = 0; made < 19; made += 1) await enrol(world, signed, passkeyDevice());
      const [one, other] = [passkeyDevice().make(await begin()), passkeyDevice().make(await begin())];
      assert.equal(await add(one), 'added');
      assert.equal(await add(other), 'passkey-refused');
      assert.equal((await refusedWith(begin())).code, 'passkey-refused');
    });
  });

  it('is refused where second factors are off, or browsers make none at this address', async () => {
    for (const env of [
      { OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enabled: 'false' },
      { OVERWRITE_SETTING_Site_Url: 'http://chat.example.org' },
      { OVERWRITE_SETTING_Site_Url: 'https://192.0.2.1' },
    ]) {
      await adding(async ({ begin }) => {
        assert.equal((await refusedWith(begin())).code, 'factors-switched-off', JSON.stringify(env));
      }, env);
    }
    for (const address of ['https://chat.example.org/base', 'http://localhost:4000']) {
      await adding(
        async ({ begin, add }) => {
          const device = passkeyDevice(new URL(address).origin);
          assert.equal(await add(device.make(await begin())), 'added', address);
        },
        { OVERWRITE_SETTING_Site_Url: address },
      );
    }
  });
});

describe('keeping passkeys', () => {
  it('is for their owner alone', async () => {
    await withAlone(async ({ world, device, signed }) => {
      await world.add('mallory');
      const opened = await world.signIn('mallory');
      const mallory = await world.app.session.authenticate(opened.account.id, opened.text);
      const { id } = device;
      const { passkey } = world.app;
      assert.equal((await refusedWith(passkey.rename(mallory, { id, name: 'x' }, caller()))).code, 'passkey-unknown');
      assert.equal((await refusedWith(passkey.remove(mallory, id, caller()))).code, 'passkey-unknown');
      assert.equal((await refusedWith(passkey.setAlone(mallory, true, caller()))).code, 'passkey-unknown');
      assert.deepEqual(await passkey.list(mallory), []);
      await passkey.rename(await signed(), { id, name: ' Key ' }, caller());
      assert.equal((await passkey.list(await signed()))[0]?.name, 'Key');
    });
  });

  it('does not leave e-mail as the only factor where no mail arrives', async () => {
    const mails: { kind: string }[] = [];
    let delivers = true;
    const mailer = {
      post: async (mail: { kind: string }) => {
        mails.push(mail);
        await Promise.resolve();
      },
      deliver: async () => await Promise.resolve({ held: delivers }),
      serverSet: () => ({ held: delivers }),
    };
    const world = await openWorld({ parts: { mailer } });
    try {
      const account = await world.add('alice');
      const { text } = await world.signIn('alice');
      const signed = async (): Promise<Signed> => await world.app.session.authenticate(account.id, text);
      const [one, other] = [passkeyDevice(), passkeyDevice()];
      await enrol(world, await signed(), one);
      await enrol(world, await signed(), other);
      await world.app.factor.turnEmailOn(await signed(), caller());
      delivers = false;
      await world.app.passkey.remove(await signed(), one.id, caller());
      const last = async (): Promise<void> => {
        await world.app.passkey.remove(await signed(), other.id, caller());
      };
      assert.equal((await refusedWith(last())).code, 'factor-mail-undelivered');
      delivers = true;
      await last();
      assert.deepEqual((await signed()).account.secondFactors, {
        app: false,
        email: true,
        passkey: false,
        passkeyAlone: false,
      });
      assert.equal(mails.at(-1)?.kind, 'factor-removed');
    } finally {
      await world.close();
    }
  });
});
