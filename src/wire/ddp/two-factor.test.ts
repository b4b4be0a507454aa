import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf } from '../../../test/factor-owner.ts';
import { caller, password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type Client, type DdpWorld, errorOf, type Frame, within } from './ddp-world.suite.ts';
import { methods } from './methods/index.ts';

const hourMs = 3_600_000;
const asAlice = { user: { username: 'alice' }, password: { digest: sha256Hex(password), algorithm: 'sha-256' } };
const digest = sha256Hex(password);
const onTotp = { method: 'totp', codeGenerated: false, availableMethods: ['totp'] };
const onPassword = { method: 'password', codeGenerated: false, availableMethods: [] };

function meteorError(error: string | number, reason?: string, details?: unknown): Frame {
  return {
    isClientSafe: true,
    error,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    message: reason === undefined ? `[${error}]` : `${reason} [${error}]`,
    errorType: 'Meteor.Error',
  };
}

const matchFailed = meteorError(400, 'Match failed');
const invalidTotp = meteorError('invalid-totp');
const required = (details: unknown): Frame => meteorError('totp-required', 'TOTP Required', details);
const invalid = (details: unknown): Frame => meteorError('totp-invalid', 'TOTP Invalid', details);

interface Owner {
  readonly world: DdpWorld;
  /** Signed in with the session that set the app up. */
  readonly client: Client & { readonly token: string };
  readonly codes: readonly string[];
  /** The code of the step that lies so many from now. */
  code(away?: number): string;
}

/** Alice, whose app was set up over a socket an hour ago. */
async function withOwner(act: (owner: Owner) => Promise<void>, options?: Parameters<typeof within>[1]): Promise<void> {
  await within(async (world) => {
    await world.add('alice');
    world.clock.move(hourMs);
    const client = await world.signedIn('alice');
    const { secret } = (await client.ask('2fa:enable'))['result'] as { readonly secret: string };
    const code = (away = 0): string => codeOf(secret, world.clock.now(), away);
    const { codes } = (await client.ask('2fa:validateTempToken', code()))['result'] as { readonly codes: string[] };
    world.clock.move(hourMs);
    await act({ world, client, codes, code });
  }, options);
}

describe('the methods of an authenticator app', () => {
  it('begin with a secret, and turn it on with its first code', async () => {
    await within(async (world) => {
      await world.add('alice');
      world.clock.move(hourMs);
      const client = await world.signedIn('alice');
      const { result } = await client.ask('2fa:enable');
      const { secret, url } = result as { readonly secret: string; readonly url: string };
      assert.equal(url, `otpauth://totp/Rocket.Chat%3Aalice?secret=${secret}&issuer=Rocket.Chat`);
      assert.deepEqual(errorOf(await client.ask('2fa:checkCodesRemaining')), invalidTotp);
      assert.deepEqual(errorOf(await client.ask('2fa:validateTempToken', '000000')), invalidTotp);
      const on = await client.ask('2fa:validateTempToken', codeOf(secret, world.clock.now()));
      const { codes, ...rest } = on['result'] as { readonly codes: readonly string[] };
      assert.deepEqual([codes.length, codes.every((code) => code.length === 8), rest], [12, true, {}]);
      assert.deepEqual((await client.ask('2fa:checkCodesRemaining'))['result'], { remaining: 12 });
      assert.deepEqual(
        errorOf(await client.ask('2fa:validateTempToken', codeOf(secret, world.clock.now(), 1))),
        invalidTotp,
      );
    });
  });

  it('are seen in the own document while they are on, and clients are told of a change', async () => {
    await withOwner(async ({ world, client, code }) => {
      const again = world.client();
      const frames = await again.call('login', { totp: { login: asAlice, code: code() } });
      const own = frames.find(({ msg, collection }) => msg === 'added' && collection === 'users');
      assert.deepEqual((own?.['fields'] as Frame | undefined)?.['services'], { totp: { enabled: true } });
      const { id } = own ?? {};
      await again.sub('s', 'stream-notify-user', `${String(id)}/userData`, false);
      world.clock.move(hourMs);
      assert.equal((await client.ask('2fa:disable', code()))['result'], true);
      await again.until(() => again.frames.some((frame) => JSON.stringify(frame).includes('"unset":{"services":1}')));
    });
  });

  it('end the other sessions at this door as well, and leave the own socket and personal tokens', async () => {
    await within(async (world) => {
      await world.add('alice');
      const [client, other] = [await world.signedIn('alice'), await world.signedIn('alice')];
      const personal = (await client.ask('personalAccessTokens:generateToken', { tokenName: 'mine' }))['result'];
      const { secret } = (await client.ask('2fa:enable'))['result'] as { readonly secret: string };
      await client.ask('2fa:validateTempToken', codeOf(secret, world.clock.now()));
      await other.until(() => other.end !== undefined);
      assert.equal(client.end, undefined);
      assert.deepEqual((await client.ask('2fa:checkCodesRemaining'))['result'], { remaining: 12 });
      assert.equal(errorOf(await world.client().ask('login', { resume: other.token }))['error'], 403);
      assert.equal(errorOf(await world.client().ask('login', { resume: personal }))['error'], undefined);
    });
  });

  it('take it away: false for a wrong code and where there is none, true once', async () => {
    await withOwner(async ({ client, code, codes, world }) => {
      assert.equal((await client.ask('2fa:disable', '000000'))['result'], false);
      assert.equal((await client.ask('2fa:disable', code()))['result'], true);
      assert.equal((await client.ask('2fa:disable', codes[0]))['result'], false);
      assert.deepEqual(errorOf(await client.ask('2fa:regenerateCodes', code(1))), invalidTotp);
      assert.equal(errorOf(await world.client().ask('login', asAlice))['error'], undefined);
    });
  });

  it('take a backup code for it, once', async () => {
    await withOwner(async ({ client, codes }) => {
      assert.equal((await client.ask('2fa:regenerateCodes', 'notACode'))['result'], undefined);
      const renewed = (await client.ask('2fa:regenerateCodes', codes[0]))['result'] as { readonly codes: string[] };
      assert.equal(renewed.codes.length, 12);
      assert.equal((await client.ask('2fa:disable', codes[1]))['result'], false);
      assert.equal((await client.ask('2fa:disable', renewed.codes[3]))['result'], true);
    });
  });

  it('give nothing for a wrong code of which new ones are asked, and count it', async () => {
    await withOwner(async ({ client, code, world }) => {
      for (let round = 0; round < 5; round += 1) {
        const answer = await client.ask('2fa:regenerateCodes', '000000');
        assert.equal(Object.hasOwn(answer, 'result') || Object.hasOwn(answer, 'error'), false);
        assert.equal((await client.ask('2fa:disable', '000000'))['result'], false);
        world.clock.move(11_000);
      }
      assert.equal(errorOf(await client.ask('2fa:disable', code()))['error'], 'totp-max-attempts');
      assert.equal(errorOf(await world.client().ask('login', asAlice))['error'], 'error-login-blocked-for-user');
    });
  });

  it('begin only where no other factor is on, and every address is verified', async () => {
    await withOwner(async ({ client, code }) => {
      assert.deepEqual(errorOf(await client.ask('2fa:enable')), required(onTotp));
      const trailing = { twoFactorCode: code(), twoFactorMethod: 'totp' };
      assert.deepEqual(errorOf(await client.ask('2fa:enable', trailing)), meteorError('error-2fa-already-enabled'));
    });
    await within(async (world) => {
      await world.add('alice', { email: { address: 'alice@example.com', verified: false } });
      const client = await world.signedIn('alice');
      const reason = 'You need to verify your emails before setting up 2FA';
      const details = { method: '2fa:enable' };
      assert.deepEqual(errorOf(await client.ask('2fa:enable')), meteorError('error-invalid-user', reason, details));
    });
  });

  it('ask for the code of a mail before an app is set up beside it', async () => {
    await within(async (world) => {
      await world.add('alice');
      world.clock.move(hourMs);
      const client = await world.signedIn('alice');
      const { account, text } = await world.signIn('alice');
      const signed = await world.app.session.authenticate(account.id, client.token);
      assert.notEqual(text, client.token);
      await world.app.factor.turnEmailOn(signed, caller());
      assert.equal(errorOf(await client.ask('2fa:enable'))['error'], 'totp-required');
      const twoFactorCode = world.mails.at(-1)?.facts['code'] ?? '';
      const begun = await client.ask('2fa:enable', { twoFactorCode, twoFactorMethod: 'email' });
      assert.deepEqual(Object.keys(begun['result'] as Frame), ['secret', 'url']);
    });
  });

  it('are for somebody, and take texts only', async () => {
    await withOwner(async ({ client, code, world }) => {
      const nobody = world.client();
      for (const { name } of methods.filter((method) => method.name.startsWith('2fa:'))) {
        assert.deepEqual(errorOf(await nobody.ask(name, code())), meteorError('not-authorized'), name);
      }
      for (const odd of [Number(code()), [code()], { $gt: '' }, null, undefined, true, { $date: 0 }]) {
        world.clock.move(11_000);
        for (const name of ['2fa:validateTempToken', '2fa:disable', '2fa:regenerateCodes']) {
          assert.deepEqual(errorOf(await client.ask(name, odd)), matchFailed, `${name} ${JSON.stringify(odd)}`);
        }
      }
      assert.deepEqual((await client.ask('2fa:checkCodesRemaining'))['result'], { remaining: 12 });
    });
  });
});

describe('a log-in with a second factor over a socket', () => {
  const wrapped = (code: unknown, login: unknown = asAlice): Frame => ({ totp: { login, code } });

  it('asks for the code of the app, and takes it once', async () => {
    await withOwner(async ({ world, code, codes }) => {
      const client = world.client();
      assert.deepEqual(errorOf(await client.ask('login', asAlice)), required(onTotp));
      assert.deepEqual(errorOf(await client.ask('login', wrapped('000000'))), invalid(onTotp));
      assert.deepEqual(errorOf(await client.ask('login', wrapped('notACode'))), invalid(onTotp));
      const right = await client.ask('login', wrapped(code()));
      assert.equal((right['result'] as Frame)['type'], 'password');
      world.clock.move(11_000);
      const again = world.client();
      assert.deepEqual(errorOf(await again.ask('login', wrapped(code()))), invalid(onTotp));
      assert.equal(errorOf(await again.ask('login', wrapped(codes[4])))['error'], undefined);
    });
  });

  it('checks the password first, and says nothing of the factor before', async () => {
    await withOwner(async ({ world, code }) => {
      const login = { ...asAlice, password: 'wrong' };
      const answer = errorOf(await world.client().ask('login', wrapped(code(), login)));
      assert.deepEqual(answer, meteorError(403, 'Incorrect password'));
      assert.equal(errorOf(await world.client().ask('login', wrapped(code())))['error'], undefined);
    });
  });

  it('with an empty code is no form, and with another type is refused', async () => {
    await withOwner(async ({ world, code }) => {
      const unrecognised = meteorError(400, 'Unrecognized options for login request');
      for (const empty of ['', null, undefined, 0, false]) {
        world.clock.move(11_000);
        assert.deepEqual(errorOf(await world.client().ask('login', wrapped(empty))), unrecognised, String(empty));
      }
      for (const odd of [Number(`1${code()}`), [code()], { $gt: '' }, true]) {
        world.clock.move(11_000);
        assert.deepEqual(errorOf(await world.client().ask('login', wrapped(odd))), matchFailed, JSON.stringify(odd));
      }
    });
  });

  it('is asked of a socket whose token the client trusts, and never of one that resumes', async () => {
    await withOwner(async ({ world, client, code }) => {
      const twoFactor = { twoFactorCode: code(), twoFactorMethod: 'totp' };
      const asked = { tokenName: 'trusting' };
      const made = await client.ask('personalAccessTokens:generateToken', asked, twoFactor);
      assert.equal(errorOf(made)['error'], undefined);
      assert.equal(errorOf(await client.ask('personalAccessTokens:regenerateToken', asked))['error'], undefined);
      assert.equal(errorOf(await world.client().ask('login', asAlice))['error'], 'totp-required');
      assert.equal(errorOf(await world.client().ask('login', { resume: client.token }))['error'], undefined);
    });
  });

  it('mails a code, tells until when it is good, and takes it as the mail shows it', async () => {
    await within(async (world) => {
      await world.add('alice');
      const { account, text } = await world.signIn('alice');
      await world.app.factor.turnEmailOn(await world.app.session.authenticate(account.id, text), caller());
      const client = world.client();
      const details = { method: 'email', emailOrUsername: 'alice', availableMethods: ['email'] };
      assert.deepEqual(errorOf(await client.ask('login', asAlice)), required({ ...details, codeGenerated: true }));
      const codeExpires = new Date(world.clock.now() + hourMs).toISOString();
      const sent = { ...details, codeGenerated: false, codeExpires };
      assert.deepEqual(errorOf(await client.ask('login', asAlice)), required(sent));
      assert.deepEqual(errorOf(await client.ask('login', wrapped('000-000'))), invalid(sent));
      const code = world.mails.at(-1)?.facts['code'] ?? '';
      assert.match(code, /^\d{3}-\d{3}$/u);
      const right = await client.ask('login', wrapped(code));
      assert.equal((right['result'] as Frame)['type'], 'password');
    });
  });
});

describe('a log-in with a second factor over a method call', () => {
  const none = { code: undefined, method: undefined };
  const from = caller({ door: 'method-call' });

  it('is asked for as over a socket, with moments as EJSON', async () => {
    await within(async (world) => {
      await world.add('alice');
      const { account, text } = await world.signIn('alice');
      await world.app.factor.turnEmailOn(await world.app.session.authenticate(account.id, text), caller());
      const login = async (request: unknown): Promise<Frame> => ({
        ...(await world.server.callMethod('login', [request], from, undefined, none)),
      });
      await login(asAlice);
      const details = {
        method: 'email',
        codeGenerated: false,
        codeExpires: { $date: world.clock.now() + hourMs },
        emailOrUsername: 'alice',
        availableMethods: ['email'],
      };
      assert.deepEqual(errorOf(await login(asAlice)), required(details));
      const code = world.mails.at(-1)?.facts['code'] ?? '';
      const { result } = await login({ totp: { login: asAlice, code } });
      assert.equal((result as Frame)['type'], 'password');
    });
  });

  it('sets an app up for whoever shows a token, and ends the other sessions', async () => {
    await within(async (world) => {
      await world.add('alice');
      world.clock.move(hourMs);
      const [own, other] = [await world.signIn('alice'), await world.signIn('alice')];
      const call = async (name: string, ...params: readonly unknown[]): Promise<Frame> => {
        const signed = await world.app.session.authenticate(own.account.id, own.text);
        return { ...(await world.server.callMethod(name, params, from, signed, none)) };
      };
      const { secret } = (await call('2fa:enable'))['result'] as { readonly secret: string };
      const on = await call('2fa:validateTempToken', codeOf(secret, world.clock.now()));
      assert.equal((on['result'] as { readonly codes: readonly string[] }).codes.length, 12);
      await assert.rejects(world.app.session.authenticate(own.account.id, other.text), { code: 'not-signed-in' });
      assert.deepEqual((await call('2fa:checkCodesRemaining'))['result'], { remaining: 12 });
    });
  });
});

describe('a gated method', () => {
  const name = 'personalAccessTokens:generateToken';
  const trailing = (twoFactorCode: unknown, twoFactorMethod: unknown): Frame => ({ twoFactorCode, twoFactorMethod });

  it('takes the code as a parameter after its own, and asks in the form of the factor', async () => {
    await withOwner(async ({ client, code, world }) => {
      const asked = { tokenName: 'ci' };
      assert.deepEqual(errorOf(await client.ask(name, asked)), required(onTotp));
      assert.deepEqual(errorOf(await client.ask(name, asked, '')), required(onTotp));
      assert.deepEqual(errorOf(await client.ask(name, asked, trailing('000000', 'totp'))), invalid(onTotp));
      assert.deepEqual(errorOf(await client.ask(name, asked, trailing(digest, 'password'))), invalid(onTotp));
      for (const odd of [Number(code()), [code()], { $gt: '' }, null]) {
        world.clock.move(11_000);
        assert.deepEqual(errorOf(await client.ask(name, asked, trailing(odd, 'totp'))), matchFailed);
        assert.deepEqual(errorOf(await client.ask(name, asked, trailing(code(), odd))), matchFailed);
      }
      assert.match(String((await client.ask(name, asked, trailing(code(), 'totp')))['result']), /^[\w-]{43}$/u);
    });
  });

  /** Every gated method here (rest.md §6.4), with parameters that it takes. */
  const gated: Readonly<Record<string, readonly unknown[]>> = {
    'personalAccessTokens:generateToken': [{ tokenName: 'made' }],
    'personalAccessTokens:regenerateToken': [{ tokenName: 'bound' }],
    'personalAccessTokens:removeToken': [{ tokenName: 'made' }],
    'saveSetting': ['Site_Name', 'x'],
    'saveSettings': [[{ _id: 'Site_Name', value: 'x' }]],
    'addOAuthService': ['made'],
    'removeOAuthService': ['made'],
    'refreshOAuthService': [],
  };

  it('is one of rest.md §6.4, the one that sets an app up, or one about custom services', () => {
    const names = methods.filter(({ twoFactor }) => twoFactor !== undefined).map((method) => method.name);
    assert.deepEqual(names.toSorted(), [...Object.keys(gated), '2fa:enable'].toSorted());
  });

  for (const [method, params] of Object.entries(gated)) {
    it(`${method} lets a personal token through that skips second factors, and asks one that does not`, async () => {
      await within(async (world) => {
        await world.add('root', { roles: ['admin'] });
        world.clock.move(hourMs);
        const { account, text } = await world.signIn('root');
        const signed = await world.app.session.authenticate(account.id, text);
        const withToken = async (tokenName: string, skipsSecondFactor: boolean): Promise<Client> => {
          const asked = { name: tokenName, skipsSecondFactor };
          const client = world.client();
          await client.ask('login', { resume: await world.app.personalToken.make(signed, asked, caller()) });
          return client;
        };
        const [skips, bound] = [await withToken('skips', true), await withToken('bound', false)];
        assert.deepEqual(errorOf(await bound.ask(method, ...params)), required(onPassword));
        assert.deepEqual(errorOf(await bound.ask(method, ...params, trailing('x', 'password'))), invalid(onPassword));
        assert.notEqual(errorOf(await skips.ask(method, ...params))['error'], 'totp-required');
        const passed = errorOf(await bound.ask(method, ...params, trailing(digest, 'password')))['error'];
        assert.equal(String(passed).startsWith('totp'), false);
      });
    });
  }
});
