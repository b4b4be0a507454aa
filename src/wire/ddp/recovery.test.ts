import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../../test/factor-owner.ts';
import { caller, password } from '../../../test/world.ts';
import type { Mail } from '../../core/mailer.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type Client, type DdpWorld, errorOf, within } from './ddp-world.suite.ts';

const fitting = 'Tr0ub4dor & three horses';
const digest = (text: string) => ({ digest: sha256Hex(text), algorithm: 'sha-256' });
const asked = { email: 'jane@example.com', pass: fitting, name: 'Jane', username: 'jane' };

async function withJane(act: (world: DdpWorld) => Promise<void>, env: Record<string, string> = {}): Promise<void> {
  await within(
    async (world) => {
      await world.add('jane');
      await act(world);
    },
    { env },
  );
}

/** Waits until so many mails of a kind have been posted: they are after the answer. */
async function mailed(world: DdpWorld, kind: Mail['kind'], count: number): Promise<readonly Mail[]> {
  const found = (): readonly Mail[] => world.mails.filter((mail) => mail.kind === kind);
  for (let tries = 0; tries < 500 && found().length < count; tries += 1) await pause(2);
  return found();
}

/** Asks for a link, and gives what stands in it. */
async function resetToken(world: DdpWorld, client: Client = world.client()): Promise<string> {
  const before = world.mails.filter(({ kind }) => kind === 'password-reset').length;
  assert.equal((await client.ask('sendForgotPasswordEmail', 'jane@example.com'))['result'], true);
  const link = (await mailed(world, 'password-reset', before + 1)).at(-1)?.facts['link'] ?? '';
  return link.split('/').at(-1) ?? '';
}

describe('registerUser', () => {
  it('makes an account, gives its id, and signs nobody in', async () => {
    await within(async (world) => {
      const client = world.client();
      const answer = await client.ask('registerUser', asked);
      const account = await world.app.account.find({ by: 'username', value: 'jane' });
      assert.equal(answer['result'], account?.id);
      assert.deepEqual(await world.app.host.tokens(String(answer['result'])), []);
      assert.equal(errorOf(await client.ask('getUsernameSuggestion'))['error'], 'error-invalid-user');
      assert.deepEqual(
        world.mails.map(({ kind }) => kind),
        ['email-verification'],
      );
    });
  });

  it('refuses in its own words', async () => {
    await withJane(async (world) => {
      const refused = async (params: unknown): Promise<readonly unknown[]> => {
        world.clock.move(61_000);
        const { error, reason } = errorOf(await world.client().ask('registerUser', params));
        return [error, reason];
      };
      assert.deepEqual(await refused(asked), [403, 'Username already exists.']);
      assert.deepEqual(await refused({ ...asked, username: 'x' }), [403, 'Email already exists.']);
      const fresh = { ...asked, username: 'x', email: 'x@example.com' };
      assert.equal((await refused({ ...fresh, pass: 'short' }))[0], 'error-password-policy-not-met');
      for (const odd of [
        { ...fresh, email: null },
        { ...fresh, email: { $gt: '' } },
        { ...fresh, secretURL: { $ne: '' } },
        { ...fresh, pass: digest(fitting) },
        'x',
        undefined,
      ]) {
        assert.deepEqual(await refused(odd), [400, 'Match failed']);
      }
      const made = await world.client().ask('registerUser', { ...fresh, roles: ['admin'], active: true, type: 'bot' });
      assert.equal(errorOf(made)['error'], 'too-many-requests', 'one in a minute for each address');
      world.clock.move(61_000);
      const { result } = await world.client().ask('registerUser', { ...fresh, roles: ['admin'], type: 'bot' });
      const account = await world.app.account.byId(String(result));
      assert.deepEqual([account?.roles, account?.kind], [['user'], 'user']);
    });
  });

  it('wants the secret where the form has one, and is closed where it is disabled', async () => {
    const id = 'OVERWRITE_SETTING_Accounts_RegistrationForm';
    await within(
      async (world) => {
        const client = world.client();
        assert.equal((await client.ask('checkRegistrationSecretURL', 'open sesame'))['result'], true);
        assert.equal((await client.ask('checkRegistrationSecretURL', 'x'))['result'], false);
        assert.equal(errorOf(await client.ask('checkRegistrationSecretURL', { $ne: '' }))['error'], 400);
        const wrong = await client.ask('registerUser', { ...asked, secretURL: 'x' });
        assert.equal(errorOf(wrong)['error'], 'error-user-registration-secret');
        world.clock.move(61_000);
        const right = await client.ask('registerUser', { ...asked, secretURL: 'open sesame' });
        assert.equal(typeof right['result'], 'string');
      },
      { env: { [id]: 'Secret URL', [`${id}_SecretURL`]: 'open sesame' } },
    );
    await within(
      async (world) => {
        const answer = await world.client().ask('registerUser', asked);
        assert.equal(errorOf(answer)['error'], 'error-user-registration-disabled');
        assert.equal(await world.app.host.countAccounts(), 0);
      },
      { env: { [id]: 'Disabled' } },
    );
  });

  it('lets a username be chosen later, once where renaming is off', async () => {
    await within(
      async (world) => {
        const { result } = await world.client().ask('registerUser', { ...asked, username: undefined });
        const byEmail = await world.app.session.logIn(
          { by: 'email', value: asked.email },
          { plain: fitting },
          caller({ door: 'ddp' }),
        );
        const client = world.client();
        await client.ask('login', { resume: byEmail.text });
        await world.add('taken');
        assert.equal((await client.ask('getUsernameSuggestion'))['result'], 'jane');
        assert.equal((await client.ask('checkUsernameAvailability', 'taken'))['result'], false);
        const inUse = errorOf(await client.ask('setUsername', 'taken'));
        assert.deepEqual([inUse['error'], inUse['reason']], ['error-field-unavailable', 'taken is already in use :(']);
        world.clock.move(2_000);
        assert.equal(errorOf(await client.ask('setUsername', 'all'))['error'], 'error-blocked-username');
        world.clock.move(2_000);
        assert.equal((await client.ask('setUsername', 'jane'))['result'], 'jane');
        assert.equal((await world.app.account.byId(String(result)))?.username, 'jane');
        world.clock.move(2_000);
        assert.equal(errorOf(await client.ask('setUsername', 'other'))['error'], 'error-not-allowed');
      },
      { env: { OVERWRITE_SETTING_Accounts_AllowUsernameChange: 'false' } },
    );
  });
});

describe('a rename beside a registration of the same name', () => {
  it('has one owner of the name', async () => {
    await within(
      async (world) => {
        for (let round = 0; round < 10; round += 1) {
          await world.add(`old${round}`);
          const client = await world.signedIn(`old${round}`);
          const username = `wanted${round}`;
          const email = `other${round}@example.com`;
          await Promise.all([
            client.ask('setUsername', username),
            world.client().ask('registerUser', { ...asked, username, email }),
          ]);
          const [old, other] = await Promise.all([
            world.app.account.find({ by: 'username', value: `old${round}` }),
            world.app.account.find({ by: 'email', value: email }),
          ]);
          assert.notEqual(old === undefined, other !== undefined, username);
        }
      },
      { env: { OVERWRITE_SETTING_Rate_Limiter_Limit_RegisterUser: '1000' } },
    );
  });
});

describe('resetPassword', () => {
  it('signs in by a mailed link, once, ends the other sessions, and verifies the address', async () => {
    await within(async (world) => {
      await world.add('jane', { email: { address: 'jane@example.com', verified: false } });
      const other = await world.signedIn('jane');
      world.clock.move(1);
      const token = await resetToken(world);
      const client = world.client();
      const { result } = await client.ask('resetPassword', token, digest(fitting));
      const account = await world.app.account.find({ by: 'username', value: 'jane' });
      const { id, token: text, type } = result as Record<string, string>;
      assert.deepEqual([id, type], [account?.id, 'password']);
      assert.deepEqual(account?.emails, [{ address: 'jane@example.com', verified: true }]);
      assert.equal(typeof (await client.ask('getNewToken'))['result'], 'object', 'the connection is theirs');
      await other.until(() => other.end !== undefined);
      assert.equal((await world.app.session.resume(String(text), caller())).account.id, id);
      const again = errorOf(await world.client().ask('resetPassword', token, digest(`${fitting} 2`)));
      assert.deepEqual([again['error'], again['reason']], [403, 'Token expired']);
      await world.signIn('jane', fitting);
    });
  });

  it('gives an account with a second factor the new password, and no session', async () => {
    await withJane(async (world) => {
      const { account, token } = await world.signIn('jane');
      const { secret } = await world.app.factor.beginApp({ account, token }, 'jane', caller());
      await world.app.factor.confirmApp({ account, token }, codeOf(secret, world.clock.now()), caller());
      const link = await resetToken(world);
      const client = world.client();
      const answer = await client.ask('resetPassword', link, digest(fitting));
      assert.deepEqual(answer['result'], { id: account.id });
      assert.notEqual(errorOf(await client.ask('getNewToken'))['error'], undefined, 'the connection is nobody’s');
      await assert.rejects(world.signIn('jane', fitting), { code: 'factor-required' });
      await assert.rejects(world.signIn('jane', password), { code: 'wrong-credentials' });
    });
  });

  it('lets in whom strangers have locked out', async () => {
    await withJane(async (world) => {
      for (let n = 0; n < 12; n += 1) await world.signIn('jane', 'wrong').catch(() => undefined);
      await assert.rejects(world.signIn('jane'), { code: 'account-blocked' });
      const { result } = await world.client().ask('resetPassword', await resetToken(world), fitting);
      assert.equal(typeof (result as Record<string, unknown>)['token'], 'string');
    });
  });

  it('refuses wrong tokens and parameters', async () => {
    await withJane(async (world) => {
      const token = await resetToken(world);
      const tries: readonly (readonly [readonly unknown[], number | string])[] = [
        [['nope', digest(fitting)], 403],
        [[{ $ne: '' }, digest(fitting)], 400],
        [[token], 400],
        [[], 400],
        [[token, { digest: 'x', algorithm: 'sha-256' }], 'error-password-policy-not-met'],
        [[token, 'short'], 'error-password-policy-not-met'],
      ];
      for (const [params, code] of tries) {
        assert.equal(
          errorOf(await world.client().ask('resetPassword', ...params))['error'],
          code,
          JSON.stringify(params),
        );
      }
      await world.client().ask('resetPassword', token, fitting);
      await world.signIn('jane', fitting);
    });
  });
});

describe('asking for mails', () => {
  it('is answered alike whoever exists', async () => {
    await withJane(async (world) => {
      await world.add('closed', { open: false });
      for (const email of ['jane@example.com', 'nobody@example.com', 'closed@example.com']) {
        const client = world.client();
        assert.deepEqual(await client.ask('sendForgotPasswordEmail', email), { msg: 'result', id: 'm1', result: true });
        assert.deepEqual(await client.ask('forgotPassword', { email }), { msg: 'result', id: 'm2' });
        assert.deepEqual(await client.ask('sendConfirmationEmail', email), { msg: 'result', id: 'm3', result: true });
      }
      assert.equal((await mailed(world, 'password-reset', 2)).length, 2);
      assert.deepEqual([...new Set(world.mails.flatMap(({ to }) => to))], ['jane@example.com']);
      const client = world.client();
      for (const [method, ...params] of [
        ['forgotPassword', {}],
        ['forgotPassword', { email: 5 }],
        ['forgotPassword', 'jane@example.com'],
        ['sendForgotPasswordEmail', { $gt: '' }],
        ['sendConfirmationEmail', ['jane@example.com']],
        ['verifyEmail', { $ne: '' }],
      ] as const) {
        assert.equal(errorOf(await client.ask(method, ...params))['error'], 400, method);
      }
    });
  });
});

describe('verifyEmail', () => {
  it('verifies, says so as an error that clients know, and signs nobody in', async () => {
    await within(async (world) => {
      await world.add('john', { email: { address: 'john@example.com', verified: false }, roles: ['anonymous'] });
      const client = await world.signedIn('john');
      await client.ask('sendConfirmationEmail', 'john@example.com');
      const [mail] = await mailed(world, 'email-verification', 1);
      const token = (mail?.facts['link'] ?? '').split('/').at(-1);
      const stranger = world.client();
      const told = errorOf(await stranger.ask('verifyEmail', token));
      assert.deepEqual([told['error'], told['reason']], ['verify-email', 'E-mail verified']);
      assert.notEqual(errorOf(await stranger.ask('getNewToken'))['error'], undefined);
      const account = await world.app.account.find({ by: 'username', value: 'john' });
      assert.deepEqual([account?.emails[0]?.verified, account?.roles], [true, ['user']]);
      assert.equal((await world.app.host.tokens(account?.id ?? '')).length, 1);
      const again = errorOf(await stranger.ask('verifyEmail', token));
      assert.deepEqual([again['error'], again['reason']], [403, 'Verify email link expired']);
      assert.deepEqual(Object.keys(await client.ask('afterVerifyEmail')), ['msg', 'id']);
    });
  });
});
