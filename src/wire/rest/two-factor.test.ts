import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf } from '../../../test/factor-owner.ts';
import { mailerInto, password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { endpoints } from './endpoints/index.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

const hourMs = 3_600_000;
const ok = '{"success":true}';

type Headers = Readonly<Record<string, string>>;
type Body = Readonly<Record<string, unknown>>;

function refusal(code: string, reason?: string, details?: unknown): string {
  return JSON.stringify({
    success: false,
    error: reason === undefined ? `[${code}]` : `${reason} [${code}]`,
    errorType: code,
    ...(details === undefined ? {} : { details }),
  });
}

const invalidTotp = refusal('invalid-totp');
const onPassword = { method: 'password', codeGenerated: false, availableMethods: [] };
const onTotp = { method: 'totp', codeGenerated: false, availableMethods: ['totp'] };
const byPassword: Headers = { 'x-2fa-code': sha256Hex(password), 'x-2fa-method': 'password' };

const required = (details: unknown): string => refusal('totp-required', 'TOTP Required', details);
const invalid = (details: unknown): string => refusal('totp-invalid', 'TOTP Invalid', details);

/** Somebody whose account is old enough to be asked, signed in. */
interface Person {
  readonly world: RestWorld;
  readonly headers: Headers;
  /** Calls an endpoint: with a body when there is one, or when it is no reading. */
  ask(name: string, body?: Body | 'get', more?: Headers): Promise<RestReply>;
  /** Sets an app up. @returns its secret and its backup codes */
  enrol(): Promise<{ readonly secret: string; readonly codes: readonly string[] }>;
  /** The code in the newest mail. */
  mailed(): string;
}

async function withPerson(
  act: (person: Person) => Promise<void>,
  options: Parameters<typeof withRest>[1] & { readonly verified?: boolean } = {},
): Promise<void> {
  await withRest(async (world) => {
    await world.add('jane', { email: { address: 'jane@example.com', verified: options.verified ?? true } });
    world.clock.move(hourMs);
    const headers = await world.headersOf('jane');
    const ask: Person['ask'] = async (name, body = {}, more = {}) =>
      await world.call({
        url: `/api/v1/${name}`,
        headers: { ...headers, ...more },
        ...(body === 'get' ? {} : { body }),
      });
    await act({
      world,
      headers,
      ask,
      mailed: () => world.mails.findLast(({ kind }) => kind === 'authentication-code')?.facts['code'] ?? '',
      async enrol() {
        const secret = String((await ask('users.enableTotp', {}, byPassword)).json['secret']);
        const code = codeOf(secret, world.clock.now());
        const { codes } = (await ask('users.validateTotp', { code }, byPassword)).json as { codes: readonly string[] };
        world.clock.move(hourMs);
        return { secret, codes };
      },
    });
  }, options);
}

/** The limit of calls out of the way of tests that are about another. */
const manyCalls = { env: { OVERWRITE_SETTING_Countersign_Rate_Limit_Authenticator_App: '100' } };

/** Sends a log-in as it is. */
async function logIn({ world }: Person, body: Body, more: Headers = {}): Promise<RestReply> {
  return await world.call({ url: '/api/v1/login', headers: more, body });
}

/** Waits for what is done after an answer. */
async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !holds(); tries += 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
  assert.ok(holds(), what);
}

describe('an authenticator app over REST', () => {
  it('is set up behind the gate, which is asked each time', async () => {
    await withPerson(async ({ world, ask }) => {
      assert.equal((await ask('users.enableTotp')).text, required(onPassword));
      assert.equal((await ask('users.enableTotp', {}, { 'x-2fa-code': 'wrong' })).text, invalid(onPassword));
      const begun = await ask('users.enableTotp', {}, byPassword);
      const { secret, url, ...rest } = begun.json;
      assert.deepEqual(rest, { success: true });
      assert.match(String(secret), /^[A-Z2-7]{52}$/u);
      assert.equal(url, `otpauth://totp/Rocket.Chat%3Ajane?secret=${String(secret)}&issuer=Rocket.Chat`);
      const code = codeOf(String(secret), world.clock.now());
      assert.equal((await ask('users.validateTotp', { code })).text, required(onPassword));
      assert.equal((await ask('users.validateTotp', { code: '000000' }, byPassword)).text, invalidTotp);
      const on = await ask('users.validateTotp', { code }, byPassword);
      assert.deepEqual(Object.keys(on.json), ['codes', 'success']);
      const codes = on.json['codes'] as readonly string[];
      const { services } = (await ask('me', 'get')).json;
      assert.deepEqual(services, { totp: { enabled: true }, password: { exists: true } });
      assert.deepEqual([codes.length, new Set(codes).size, codes.every((one) => one.length === 8)], [12, 12, true]);
      world.clock.move(30_000);
      const again = { 'x-2fa-code': codeOf(String(secret), world.clock.now()) };
      assert.equal((await ask('users.enableTotp', {}, again)).text, refusal('error-2fa-already-enabled'));
    });
  });

  it('ends the other sessions with its first code, and keeps personal tokens', async () => {
    await withPerson(async (person) => {
      const { world, headers, ask } = person;
      const { token } = (await ask('users.generatePersonalAccessToken', { tokenName: 'mine' }, byPassword)).json;
      const personal = { ...headers, 'x-auth-token': String(token) };
      const other = await world.headersOf('jane');
      await person.enrol();
      const statuses = [];
      for (const one of [headers, personal, other]) {
        statuses.push((await world.call({ url: '/api/v1/me', headers: one })).status);
      }
      assert.deepEqual(statuses, [200, 200, 401]);
    });
  });

  it('is not set up while an address is unverified, nor where that is switched off', async () => {
    const reason = 'You need to verify your emails before setting up 2FA';
    await withPerson(
      async ({ ask }) => {
        for (const name of ['users.enableTotp', 'users.2fa.enableEmail']) {
          assert.equal((await ask(name, {}, byPassword)).text, refusal('error-invalid-user', reason), name);
        }
      },
      { verified: false },
    );
    await withPerson(
      async ({ ask }) => {
        const { text } = await ask('users.enableTotp', {}, byPassword);
        assert.equal(text, refusal('error-two-factor-not-enabled', 'Two factor authentication is not enabled'));
      },
      { env: { OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_By_TOTP_Enabled: 'false' } },
    );
  });

  it('is drawn for the session that began, while it waits', async () => {
    await withPerson(async ({ world, headers, ask }) => {
      assert.equal((await ask('users.totpQrCode', 'get')).text, invalidTotp);
      const { secret } = (await ask('users.enableTotp', {}, byPassword)).json;
      const drawn = await ask('users.totpQrCode', 'get');
      assert.deepEqual(Object.keys(drawn.json), ['svg', 'success']);
      assert.match(String(drawn.json['svg']), /^<svg [^>]+>.+<\/svg>$/su);
      const other = await world.headersOf('jane');
      assert.equal((await world.call({ url: '/api/v1/users.totpQrCode', headers: other })).text, invalidTotp);
      const code = codeOf(String(secret), world.clock.now());
      assert.equal(
        (await world.call({ url: '/api/v1/users.validateTotp', headers: { ...other, ...byPassword }, body: { code } }))
          .text,
        invalidTotp,
      );
      assert.equal((await ask('users.validateTotp', { code }, byPassword)).status, 200);
      assert.equal((await world.call({ url: '/api/v1/users.totpQrCode', headers })).text, invalidTotp);
    });
  });

  it('counts its backup codes, renews them against a code, and is taken away against one', async () => {
    await withPerson(async (person) => {
      const { world, ask } = person;
      for (const name of ['users.regenerateTotpCodes', 'users.disableTotp']) {
        assert.equal((await ask(name, { code: '123456' })).text, invalidTotp, name);
      }
      assert.equal((await ask('users.totpCodesRemaining', 'get')).text, invalidTotp);
      const { secret, codes } = await person.enrol();
      assert.equal((await ask('users.totpCodesRemaining', 'get')).text, '{"remaining":12,"success":true}');
      assert.equal((await ask('users.regenerateTotpCodes', { code: '000000' })).text, invalidTotp);
      const renewed = await ask('users.regenerateTotpCodes', { code: codes[0] });
      const fresh = renewed.json['codes'] as readonly string[];
      assert.equal(fresh.length, 12);
      assert.equal(fresh.includes(codes[1] ?? ''), false);
      assert.equal((await ask('users.disableTotp', { code: codes[1] })).text, invalidTotp);
      const code = codeOf(secret, world.clock.now());
      assert.equal((await ask('users.regenerateTotpCodes', { code })).status, 200);
      assert.equal((await ask('users.disableTotp', { code })).text, invalidTotp);
      world.clock.move(30_000);
      const last = codeOf(secret, world.clock.now());
      assert.equal((await ask('users.disableTotp', { code: last })).text, '{"disabled":true,"success":true}');
      assert.equal((await logIn(person, { user: 'jane', password })).status, 200);
    });
  });

  it('is guessed at under one count, whatever the endpoint, and the log-in is blocked by it', async () => {
    await withPerson(async (person) => {
      const { ask, world } = person;
      const { secret } = await person.enrol();
      for (let round = 0; round < 5; round += 1) {
        assert.equal((await ask('users.disableTotp', { code: `00000${round}` })).text, invalidTotp);
        assert.equal((await ask('users.regenerateTotpCodes', { code: `wrong${round}00` })).text, invalidTotp);
      }
      const code = codeOf(secret, world.clock.now());
      const spent = await ask('users.disableTotp', { code });
      assert.deepEqual([spent.status, spent.json['errorType']], [400, 'totp-max-attempts']);
      assert.ok(Number(spent.headers['retry-after']) > 0);
      assert.equal(spent.json['error'], 'TOTP Maximun Failed Attempts Reached [totp-max-attempts]');
      const gated = await ask('users.2fa.disableEmail', {}, { 'x-2fa-code': code });
      assert.equal(gated.json['errorType'], 'totp-max-attempts');
      assert.equal(
        (await logIn(person, { user: 'jane', password, code })).json['error'],
        'error-login-blocked-for-user',
      );
    }, manyCalls);
  });

  it('takes no code that is a number, a list or an object', async () => {
    await withPerson(
      async (person) => {
        const { ask, world } = person;
        const { secret } = await person.enrol();
        const right = codeOf(secret, world.clock.now());
        for (const code of [Number(right), [right], { $gt: '' }, true, null]) {
          for (const name of ['users.validateTotp', 'users.disableTotp', 'users.regenerateTotpCodes']) {
            const gate = name === 'users.validateTotp' ? { 'x-2fa-code': right } : {};
            const { status } = await ask(name, { code }, gate);
            assert.equal(status, 400, `${name} ${JSON.stringify(code)}`);
          }
          const login = await logIn(person, { user: 'jane', password, code });
          assert.equal(login.status, 401, JSON.stringify(code));
          const wrapped = { totp: { code, login: { user: { username: 'jane' }, password } } };
          assert.equal((await logIn(person, wrapped)).status, 401, JSON.stringify(code));
        }
        assert.equal((await ask('users.totpCodesRemaining', 'get')).json['remaining'], 12);
      },
      { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } },
    );
  });
});

describe('a log-in with an app over REST', () => {
  it('asks after the password, and takes the code from the body, the header or the wrapper', async () => {
    await withPerson(async (person) => {
      const { world } = person;
      const { secret, codes } = await person.enrol();
      const told = (error: string, message: string): string =>
        JSON.stringify({ success: false, status: 'error', error, details: onTotp, message });
      const user = { user: 'jane', password };
      const asked = await logIn(person, user);
      assert.deepEqual([asked.status, asked.text], [401, told('totp-required', 'TOTP Required')]);
      const wrong = await logIn(person, { ...user, code: '000000' });
      assert.deepEqual([wrong.status, wrong.text], [401, told('totp-invalid', 'TOTP Invalid')]);
      const noBackup = await logIn(person, { ...user, code: 'notACode' });
      assert.deepEqual([noBackup.status, noBackup.text], [401, told('totp-invalid', 'TOTP Invalid')]);
      const badPassword = await logIn(person, { user: 'jane', password: 'wrong', code: codes[0] });
      assert.equal(badPassword.json['error'], 'Unauthorized');
      const forms: readonly ((code: string) => Promise<RestReply>)[] = [
        async (code) => await logIn(person, { ...user, code }),
        async (code) => await logIn(person, user, { 'x-2fa-code': code }),
        async (code) => await logIn(person, user, { 'x-2fa-code': code, 'x-2fa-method': 'totp' }),
        async (code) => await logIn(person, { ...user, code }, { 'x-2fa-code': '000000' }),
        async (code) => await logIn(person, { totp: { code, login: { user: { username: 'jane' }, password } } }),
        async (code) => await logIn(person, { email: 'jane@example.com', password, code }),
      ];
      for (const form of forms) {
        world.clock.move(60_000);
        const code = codeOf(secret, world.clock.now());
        assert.equal((await form(code)).status, 200);
        assert.equal((await form(code)).json['error'], 'totp-invalid');
      }
      assert.equal((await logIn(person, { ...user, code: codes[0] })).status, 200);
      assert.equal((await logIn(person, { ...user, code: codes[0] })).json['error'], 'totp-invalid');
    });
  });

  it('takes no code beside the wrapper object, and none of another account', async () => {
    await withPerson(async (person) => {
      const { world } = person;
      const { secret } = await person.enrol();
      await world.add('bob');
      const code = codeOf(secret, world.clock.now());
      const beside = await logIn(person, { user: { username: 'jane' }, password }, { 'x-2fa-code': code });
      assert.equal(beside.json['error'], 'totp-required');
      assert.equal((await logIn(person, { user: 'bob', password: 'wrong', code })).json['error'], 'Unauthorized');
      assert.equal((await logIn(person, { user: 'jane', password, code: '' })).json['error'], 'totp-required');
      assert.equal(
        (await logIn(person, { totp: { login: { user: { username: 'jane' }, password }, code: '' } })).status,
        401,
      );
      assert.equal((await logIn(person, { user: 'jane', password, code })).status, 200);
    });
  });

  it('is not asked of whoever resumes, and is asked of a trusted client', async () => {
    await withPerson(async (person) => {
      const { ask, world, headers } = person;
      const { secret } = await person.enrol();
      assert.equal((await logIn(person, { resume: headers['x-auth-token'] })).status, 200);
      const body = { tokenName: 'trusting' };
      const code = { 'x-2fa-code': codeOf(secret, world.clock.now()) };
      assert.equal((await ask('users.generatePersonalAccessToken', body, code)).status, 200);
      assert.equal((await ask('users.regeneratePersonalAccessToken', body)).status, 200);
      assert.equal((await logIn(person, { user: 'jane', password })).json['error'], 'totp-required');
    });
  });
});

describe('codes by e-mail over REST', () => {
  const on = (more: Body): Body => ({ method: 'email', ...more, availableMethods: ['email'] });

  it('are turned on once a mail went through, end the other sessions, and are asked for with all details', async () => {
    await withPerson(async (person) => {
      const { ask, world, headers } = person;
      const other = await world.headersOf('jane');
      assert.equal((await ask('users.2fa.enableEmail')).text, ok);
      assert.equal((await ask('users.2fa.enableEmail')).text, ok);
      assert.equal((await world.call({ url: '/api/v1/me', headers: other })).status, 401);
      assert.equal((await world.call({ url: '/api/v1/me', headers })).status, 200);
      const first = await ask('users.2fa.disableEmail');
      assert.deepEqual(
        [first.status, first.json['details']],
        [400, on({ codeGenerated: true, emailOrUsername: 'jane@example.com' })],
      );
      const codeExpires = new Date(world.clock.now() + hourMs).toISOString();
      const sent = on({ codeGenerated: false, codeExpires, emailOrUsername: 'jane@example.com' });
      assert.deepEqual((await ask('users.2fa.disableEmail')).json['details'], sent);
      const login = await logIn(person, { user: 'jane', password });
      assert.equal(login.status, 401);
      assert.deepEqual(login.json, {
        success: false,
        status: 'error',
        error: 'totp-required',
        details: { ...sent, emailOrUsername: 'jane' },
        message: 'TOTP Required',
      });
      assert.equal(world.mails.filter(({ kind }) => kind === 'authentication-code').length, 1);
      assert.match(person.mailed(), /^\d{3}-\d{3}$/u);
      const wrong = await ask('users.2fa.disableEmail', {}, { 'x-2fa-code': '000-000' });
      assert.equal(wrong.json['errorType'], 'totp-invalid');
      assert.deepEqual(wrong.json['details'], sent);
      const right = { 'x-2fa-code': person.mailed(), 'x-2fa-method': 'email' };
      assert.equal((await ask('users.2fa.disableEmail', {}, right)).text, ok);
      assert.equal((await logIn(person, { user: 'jane', password })).status, 200);
    });
  });

  it('are void after five wrong ones, which is said, and a fresh one is mailed', async () => {
    await withPerson(async (person) => {
      const { ask } = person;
      await ask('users.2fa.enableEmail');
      await ask('users.2fa.disableEmail');
      const first = person.mailed();
      const told = [];
      for (let round = 0; round < 5; round += 1) {
        const { json } = await ask(
          'users.2fa.disableEmail',
          {},
          { 'x-2fa-code': `${first}0`, 'x-2fa-method': 'email' },
        );
        told.push(json['errorType']);
      }
      assert.deepEqual(told, [...Array.from({ length: 4 }, () => 'totp-invalid'), 'totp-max-attempts']);
      const late = await ask('users.2fa.disableEmail', {}, { 'x-2fa-code': first });
      assert.equal(late.json['errorType'], 'totp-invalid');
      assert.notEqual(person.mailed(), first);
      assert.equal((await ask('users.2fa.disableEmail', {}, { 'x-2fa-code': person.mailed() })).text, ok);
    });
  });

  it('are not turned on where no mail arrives', async () => {
    await withPerson(
      async ({ ask }) => {
        const { status, json } = await ask('users.2fa.enableEmail');
        assert.deepEqual([status, json['errorType']], [400, 'error-mail-not-delivered']);
      },
      { parts: { mailer: mailerInto([], false) } },
    );
  });
});

describe('users.2fa.sendEmailCode', () => {
  const url = '/api/v1/users.2fa.sendEmailCode';
  const codes = (world: RestWorld): number => world.mails.filter(({ kind }) => kind === 'authentication-code').length;

  it('says the same to everybody, and mails those who are asked for such codes', async () => {
    await withPerson(async (person) => {
      const { world, ask } = person;
      await world.add('bob');
      await ask('users.2fa.enableEmail');
      for (const emailOrUsername of ['nobody', 'nobody@example.com', 'bob', '', '@', 'a\0b']) {
        const reply = await world.call({ url, body: { emailOrUsername } });
        assert.deepEqual([reply.status, reply.text], [200, ok], emailOrUsername);
      }
      for (const [count, emailOrUsername] of ['jane', 'JANE', 'jane@example.com'].entries()) {
        assert.equal((await world.call({ url, body: { emailOrUsername } })).text, ok);
        // The answer is out before anybody was looked for.
        assert.equal(codes(world), count);
        await until('the mail', () => codes(world) === count + 1);
      }
      assert.deepEqual(world.mails.at(-1)?.to, ['jane@example.com']);
      assert.equal((await logIn(person, { user: 'jane', password, code: person.mailed() })).status, 200);
      assert.deepEqual(world.logged, []);
    });
  });

  it('mails whoever is signed in a code of their own, whatever name they send', async () => {
    await withPerson(async ({ world, ask }) => {
      await world.add('bob');
      await ask('users.2fa.enableEmail');
      assert.equal((await ask('users.2fa.sendEmailCode', { emailOrUsername: 'bob' })).text, ok);
      await until('the mail', () => codes(world) === 1);
      assert.deepEqual(world.mails.at(-1)?.to, ['jane@example.com']);
    });
  });

  it('mails nobody whose account is closed, and no more than ten within an hour', async () => {
    await withPerson(
      async ({ world, ask, headers }) => {
        await ask('users.2fa.enableEmail');
        for (let round = 0; round < 14; round += 1) await world.call({ url, body: { emailOrUsername: 'jane' } });
        await until('the mails', () => codes(world) === 10);
        world.clock.move(2 * hourMs);
        await world.app.host.setOpen(headers['x-user-id'] ?? '', false, { ...world.app.clock, ...from });
        await world.call({ url, body: { emailOrUsername: 'jane' } });
        await world.rest.close();
        assert.equal(codes(world), 10);
      },
      { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } },
    );
  });

  it('refuses a body without the name, or with an object in its place', async () => {
    await withRest(async (world) => {
      for (const body of [
        {},
        { emailOrUsername: { $ne: '' } },
        { emailOrUsername: 5 },
        { emailOrUsername: 'x', more: 1 },
      ]) {
        const { status, json } = await world.call({ url, body });
        assert.deepEqual([status, json['errorType']], [400, 'invalid-params']);
      }
    });
  });

  it('tells the log what went wrong afterwards, and the client nothing', async () => {
    await withRest(async (world) => {
      world.app.account.find = async () => await Promise.reject(new Error('a secret of the inside'));
      const reply = await world.call({ url, body: { emailOrUsername: 'jane' } });
      assert.equal(reply.text, ok);
      await until('the log', () => world.logged.length === 1);
      assert.equal(world.logged[0]?.sentence, 'What was left to do after an answer failed.');
    });
  });
});

const from = { door: 'cli', address: '', userAgent: '', requestId: 'test' } as const;

describe('users.resetTOTP', () => {
  it('takes every factor of the caller away against a code, and ends all tokens', async () => {
    await withPerson(async (person) => {
      const { ask, world, headers } = person;
      const { secret } = await person.enrol();
      assert.equal((await ask('users.resetTOTP')).text, required(onTotp));
      const code = { 'x-2fa-code': codeOf(secret, world.clock.now()) };
      assert.equal((await ask('users.resetTOTP', {}, code)).text, ok);
      assert.equal((await world.call({ url: '/api/v1/me', headers })).status, 401);
      assert.equal((await logIn(person, { user: 'jane', password })).status, 200);
    });
  });

  it('does it for others with the permission, and tells them by mail', async () => {
    await withPerson(async (person) => {
      const { world, headers } = person;
      await person.enrol();
      await world.asAdmin();
      world.clock.move(hourMs);
      const admin = await world.asAdmin();
      const url = '/api/v1/users.resetTOTP';
      const unknown = await world.call({ url, headers: { ...admin, ...byPassword }, body: { username: 'nobody' } });
      assert.equal(unknown.json['errorType'], 'error-invalid-user');
      assert.equal((await world.call({ url, headers: admin, body: { username: 'jane' } })).text, required(onPassword));
      const done = await world.call({ url, headers: { ...admin, ...byPassword }, body: { username: 'jane' } });
      assert.equal(done.text, ok);
      assert.deepEqual([world.mails.at(-1)?.kind, world.mails.at(-1)?.to], ['factors-reset', ['jane@example.com']]);
      assert.equal((await world.call({ url: '/api/v1/me', headers })).status, 401);
      assert.equal((await world.call({ url: '/api/v1/me', headers: admin })).status, 200);
    });
  });

  it('is refused to everybody else, whether or not the other exists', async () => {
    await withPerson(async ({ ask, world }) => {
      await world.add('bob');
      for (const body of [{ username: 'bob' }, { user: 'bob' }, { userId: 'nobody' }, { username: 'nobody' }]) {
        assert.equal(
          (await ask('users.resetTOTP', body, byPassword)).text,
          refusal('error-not-allowed', 'Not allowed'),
        );
      }
      assert.equal((await ask('users.resetTOTP', { username: 'Jane' }, byPassword)).text, ok);
    });
  });

  it('says so where second factors are switched off', async () => {
    await withPerson(
      async ({ ask }) => {
        const { text } = await ask('users.resetTOTP');
        assert.equal(text, refusal('error-two-factor-not-enabled', 'Two factor authentication is not enabled'));
      },
      { env: { OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enabled: 'false' } },
    );
  });
});

describe('trusted clients', () => {
  it('are listed while they are trusted, and forgotten one by one or all', async () => {
    await withPerson(async (person) => {
      const { ask, world } = person;
      const other = await world.headersOf('jane');
      const listed = async (): Promise<readonly Body[]> =>
        (await ask('users.trustedClients', 'get')).json['clients'] as readonly Body[];
      const gated = async (headers: Headers, more: Headers = {}): Promise<number> =>
        (
          await world.call({
            url: '/api/v1/users.removePersonalAccessToken',
            headers: { ...headers, ...more },
            body: { tokenName: 'x' },
          })
        ).json['errorType'] === 'totp-required'
          ? 0
          : 1;
      assert.deepEqual(await listed(), []);
      assert.deepEqual(
        [await gated(person.headers, byPassword), await gated(other, byPassword), await gated(other)],
        [1, 1, 1],
      );
      const both = await listed();
      assert.equal(both.length, 2);
      for (const { id, ...rest } of both) {
        assert.match(String(id), /^\w{17}$/u);
        assert.deepEqual(rest, {
          userAgent: 'test/1',
          device: { type: 'other', name: 'test', longVersion: '1', os: { name: '', version: '' }, version: '1' },
          address: '203.0.113.9',
          until: new Date(world.clock.now() + 300_000).toISOString(),
        });
      }
      const forget = async (body: Body): Promise<string> => (await ask('users.forgetTrustedClients', body)).text;
      assert.equal(await forget({ id: 'nobody' }), '{"forgotten":0,"success":true}');
      assert.equal(await forget({ id: both[0]?.['id'] }), '{"forgotten":1,"success":true}');
      assert.deepEqual((await gated(person.headers)) + (await gated(other)), 1);
      assert.equal(await forget({}), '{"forgotten":1,"success":true}');
      assert.deepEqual([await gated(person.headers), await gated(other), (await listed()).length], [0, 0, 0]);
      assert.equal(await gated(other, byPassword), 1);
      world.clock.move(300_000);
      assert.deepEqual(await listed(), []);
      for (const id of [5, { $ne: '' }, '', 'a\0', "' or 1=1"]) {
        assert.equal((await ask('users.forgetTrustedClients', { id })).status, 400);
      }
    });
  });

  it('are nobody else’s to see or forget', async () => {
    await withPerson(async ({ ask, world }) => {
      await ask('users.removePersonalAccessToken', { tokenName: 'x' }, byPassword);
      const [own] = (await ask('users.trustedClients', 'get')).json['clients'] as readonly Body[];
      await world.add('bob');
      const headers = await world.headersOf('bob');
      assert.deepEqual((await world.call({ url: '/api/v1/users.trustedClients', headers })).json['clients'], []);
      const body = { id: own?.['id'] };
      const { json } = await world.call({ url: '/api/v1/users.forgetTrustedClients', headers, body });
      assert.equal(json['forgotten'], 0);
    });
  });
});

/** Every gated endpoint here, with a body that it takes (rest.md §6.4). */
const gatedBodies: Readonly<Record<string, Body | undefined>> = {
  'blocks.clear': { address: '192.0.2.1' },
  'imports.start': { importId: 'x', dryRun: true },
  'ldap.syncNow': {},
  'mails.remove': { id: 'x' },
  'mails.retry': { id: 'x' },
  'mails.test': {},
  'personalTokens.list.all': undefined,
  'personalTokens.revoke': { tokenId: 'x' },
  'sessions/info.admin': undefined,
  'sessions/list.all': undefined,
  'sessions/logout': { sessionId: 'x' },
  'settings/:_id': { value: 'x' },
  'settings.addCustomOAuth': { name: 'made' },
  'settings.refreshOAuthServices': {},
  'settings.removeCustomOAuth': { name: 'made' },
  'settings': { settings: [{ _id: 'Site_Name', value: 'x' }] },
  'users.2fa.disableEmail': {},
  'users.enableTotp': {},
  'users.generatePersonalAccessToken': { tokenName: 'made' },
  'users.regeneratePersonalAccessToken': { tokenName: 'bound' },
  'users.removePersonalAccessToken': { tokenName: 'made' },
  'users.resetTOTP': {},
  'users.update': { userId: 'x', data: { name: 'x' } },
  'users.validateTotp': { code: '000000' },
};

/** Those that ask each time, however lately the client held a factor. */
const eachTime: ReadonlySet<string> = new Set([
  'settings',
  'users.2fa.disableEmail',
  'users.enableTotp',
  'users.resetTOTP',
  'users.validateTotp',
]);

const gatedNames = endpoints
  .filter(({ twoFactor }) => twoFactor !== undefined)
  .map(({ path }) => path.replace('/api/v1/', ''));

describe('each gated endpoint', () => {
  it('is one of rest.md §6.4', () => {
    const own = gatedNames.filter((name) => !/passkey/iu.test(name));
    assert.deepEqual(own.toSorted(), Object.keys(gatedBodies).toSorted());
  });

  for (const [name, body] of Object.entries(gatedBodies)) {
    const url = `/api/v1/${name.replace(':_id', 'Site_Name').replace('info.admin', 'info.admin?sessionId=x')}`;

    it(`${name} lets a personal token through that skips second factors, and asks one that does not`, async () => {
      await withRest(async (world) => {
        await world.asAdmin();
        world.clock.move(hourMs);
        const admin = await world.asAdmin();
        const make = async (tokenName: string, bypassTwoFactor: boolean): Promise<Headers> => {
          const made = await world.call({
            url: '/api/v1/users.generatePersonalAccessToken',
            headers: { ...admin, ...byPassword },
            body: { tokenName, bypassTwoFactor },
          });
          return { 'x-user-id': admin['x-user-id'] ?? '', 'x-auth-token': String(made.json['token']) };
        };
        const [skips, bound] = [await make('skips', true), await make('bound', false)];
        const asked = await world.call({ url, headers: bound, body });
        assert.deepEqual([asked.status, asked.text], [400, required(onPassword)]);
        const wrong = await world.call({ url, headers: { ...bound, 'x-2fa-code': '123456' }, body });
        assert.deepEqual([wrong.status, wrong.text], [400, invalid(onPassword)]);
        const passed = await world.call({ url, headers: skips, body });
        assert.notEqual(passed.json['errorType'], 'totp-required', passed.text);
      });
    });

    it(`${name} ${eachTime.has(name) ? 'asks a client again that was just let through' : 'remembers a client'}`, async () => {
      await withRest(async (world) => {
        await world.asAdmin();
        world.clock.move(hourMs);
        const admin = await world.asAdmin();
        const remove = { url: '/api/v1/users.removePersonalAccessToken', body: { tokenName: 'none' } };
        await world.call({ ...remove, headers: { ...admin, ...byPassword } });
        const { json } = await world.call({ url, headers: admin, body });
        assert.equal(json['errorType'] === 'totp-required', eachTime.has(name));
        if (!eachTime.has(name)) return;
        const right = await world.call({ url, headers: { ...admin, ...byPassword }, body });
        assert.equal(/^totp-(?:required|invalid)$/u.test(String(right.json['errorType'])), false, right.text);
      });
    });
  }
});
