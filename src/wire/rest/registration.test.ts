import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller, password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

const unlimited = { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' };
const fitting = 'Tr0ub4dor & three horses';

type Body = Readonly<Record<string, unknown>>;

async function register(world: RestWorld, body: Body = {}, headers: Record<string, string> = {}): Promise<RestReply> {
  return await world.call({
    url: '/api/v1/users.register',
    headers,
    body: { username: 'jane', email: 'jane@example.com', pass: fitting, name: 'Jane', ...body },
  });
}

async function withWorld(act: (world: RestWorld) => Promise<void>, env: Record<string, string> = {}): Promise<void> {
  const settings: Record<string, string> = {};
  for (const [id, value] of Object.entries(env)) settings[`OVERWRITE_SETTING_${id}`] = value;
  await withRest(act, { env: { ...unlimited, ...settings } });
}

function refused(reply: RestReply, body: Body): void {
  assert.equal(reply.text, JSON.stringify({ success: false, ...body }));
  assert.equal(reply.status, 400);
}

describe('users.register', () => {
  it('makes an account that is signed in nowhere, mails a link, and tells what strangers may read', async () => {
    await withWorld(async (world) => {
      const reply = await register(world);
      assert.equal(reply.status, 200, reply.text);
      const user = reply.json['user'] as Body;
      assert.deepEqual(Object.keys(user), ['_id', 'username', 'type', 'status', 'active', 'name']);
      assert.deepEqual(
        { ...user, _id: '' },
        {
          _id: '',
          username: 'jane',
          type: 'user',
          status: 'offline',
          active: true,
          name: 'Jane',
        },
      );
      const account = await world.app.account.byId(String(user['_id']));
      assert.deepEqual(account?.emails, [{ address: 'jane@example.com', verified: false }]);
      assert.deepEqual(account.roles, ['user']);
      assert.deepEqual(await world.app.host.tokens(account.id), []);
      const [mail] = world.mails;
      assert.equal(mail?.kind, 'email-verification');
      assert.match(mail.facts['link'] ?? '', /^http:\/\/localhost:3000\/verify-email\/[\w-]{43}$/u);
      assert.equal((await world.signIn('jane', fitting)).account.id, account.id);
      const [, entry] = await world.store.audit.newest(2, account.id);
      assert.notEqual(entry, undefined);
    });
  });

  it('refuses in the words and the order of the contract', async () => {
    await withWorld(
      async (world) => {
        await world.add('taken', { customFields: { team: 'blue' } });
        const taken = { username: 'taken', email: 'taken@example.com', name: 'Jane' };
        const wrong = { ...taken, secret: 'x', pass: 'short' };
        const headers = await world.headersOf('taken');
        refused(await register(world, { ...wrong, name: '<' }, headers), {
          error: 'Logged in users can not register again.',
        });
        refused(await register(world, { ...wrong, name: '<', username: 'a b' }), {
          error: 'Name contains invalid characters',
        });
        // Whoever may not register learns nothing of who is here.
        for (const secret of [undefined, '', 'x']) {
          refused(await register(world, { ...wrong, secret }), {
            error: 'User registration is only allowed via Secret URL [error-user-registration-secret]',
            errorType: 'error-user-registration-secret',
            details: { method: 'registerUser' },
          });
        }
        wrong.secret = 'open sesame';
        refused(await register(world, { ...wrong, username: 'a b' }), { error: 'The username provided is not valid' });
        refused(await register(world, { ...wrong, username: 'Admin' }), {
          error: "Admin is blocked and can't be used! [error-blocked-username]",
          errorType: 'error-blocked-username',
          details: { method: 'checkUsernameAvailability', field: 'Admin' },
        });
        refused(await register(world, wrong), { error: 'Username is already in use' });
        refused(await register(world, { ...wrong, username: 'jane' }), { error: 'Email already exists' });
        const fresh = { secret: 'open sesame', pass: 'short', email: 'jane@blocked.org' };
        const custom = await register(world, fresh);
        assert.equal(
          custom.text,
          '{"isClientSafe":true,"error":"error-user-registration-custom-field","reason":"Field team is required",' +
            '"details":{"method":"registerUser"},"message":"Field team is required [error-user-registration-custom-field]",' +
            '"errorType":"Meteor.Error","success":false}',
        );
        const customFields = { team: 'red' };
        const policy = await register(world, { ...fresh, customFields });
        assert.equal(policy.json['errorType'], 'error-password-policy-not-met');
        refused(await register(world, { ...fresh, customFields, pass: fitting }), {
          error: 'The email domain is blacklisted [error-email-domain-blacklisted]',
          errorType: 'error-email-domain-blacklisted',
          details: { function: 'RocketChat.validateEmailDomain' },
        });
        const done = await register(world, {
          ...fresh,
          customFields,
          pass: fitting,
          email: 'j@x.org',
        });
        assert.equal(done.status, 200, done.text);
        assert.equal(await world.app.host.countAccounts(), 2);
      },
      {
        Accounts_RegistrationForm: 'Secret URL',
        Accounts_RegistrationForm_SecretURL: 'open sesame',
        Accounts_BlockedDomainsList: 'blocked.org',
        Accounts_CustomFields: JSON.stringify({ team: { type: 'text', required: true } }),
      },
    );
  });

  it('lets nobody in where it is disabled, nor by an empty secret', async () => {
    await withWorld(
      async (world) => {
        await world.add('taken', {});
        for (const known of [{}, { username: 'taken' }, { email: 'taken@example.com' }]) {
          refused(await register(world, { secret: '', ...known }), {
            error: 'User registration is disabled [error-user-registration-disabled]',
            errorType: 'error-user-registration-disabled',
            details: { method: 'registerUser' },
          });
        }
      },
      { Accounts_RegistrationForm: 'Disabled' },
    );
    await withWorld(
      async (world) => {
        assert.match((await register(world, { secret: '' })).text, /error-user-registration-secret/u);
      },
      { Accounts_RegistrationForm: 'Secret URL', Accounts_RegistrationForm_SecretURL: '' },
    );
  });

  it('asks the DNS where the setting wants it', async () => {
    await withWorld(
      async (world) => {
        refused(await register(world, { email: 'jane@nowhere.invalid' }), {
          error: 'Invalid domain [error-invalid-domain]',
          errorType: 'error-invalid-domain',
          details: { function: 'RocketChat.validateEmailDomain' },
        });
        assert.equal((await register(world)).status, 200);
        await world.add('john');
        const headers = {
          ...(await world.headersOf('john')),
          'x-2fa-code': sha256Hex(password),
          'x-2fa-method': 'password',
        };
        const change = async (email: string): Promise<RestReply> =>
          await world.call({ url: '/api/v1/users.updateOwnBasicInfo', headers, body: { data: { email } } });
        assert.match((await change('john@nowhere.invalid')).text, /Invalid domain \[error-invalid-domain\]/u);
        world.clock.move(3_600_000);
        assert.equal((await change('john@elsewhere.org')).status, 200);
      },
      { Accounts_UseDNSDomainCheck: 'true' },
    );
    await withWorld(async (world) => {
      assert.equal((await register(world, { email: 'jane@nowhere.invalid' })).status, 200);
    });
  });

  it('takes nothing but what the contract names, and objects for no text', async () => {
    await withWorld(async (world) => {
      for (const more of [{ roles: ['admin'] }, { active: true }, { type: 'bot' }, { joinDefaultChannels: true }]) {
        refused(await register(world, more), {
          errorType: 'invalid-params',
          error: 'must NOT have additional properties',
        });
      }
      for (const more of [
        { secret: { $ne: '' } },
        { email: { $gt: '' } },
        { pass: { $ne: 1 } },
        { username: ['jane'] },
      ]) {
        assert.equal((await register(world, more)).json['errorType'], 'invalid-params');
      }
      assert.equal(await world.app.host.countAccounts(), 0);
    });
  });

  it('tells of custom fields what everybody may read', async () => {
    await withWorld(
      async (world) => {
        const customFields = { team: 'red', floor: 'third' };
        const made = await register(world, { pass: fitting, email: 'jane@example.org', customFields });
        assert.equal(made.status, 200, made.text);
        const told = made.json['user'] as Readonly<Record<string, unknown>>;
        assert.deepEqual(told['customFields'], { team: 'red' });
        assert.equal(told['emails'], undefined);
      },
      { Accounts_CustomFields: JSON.stringify({ team: { type: 'text', public: true }, floor: { type: 'text' } }) },
    );
  });

  it('never makes an administrator, whatever the default roles say', async () => {
    await withWorld(
      async (world) => {
        assert.equal((await register(world)).status, 200);
        const account = await world.app.account.find({ by: 'username', value: 'jane' });
        assert.deepEqual(account?.roles, ['guest']);
      },
      { Accounts_Registration_Users_Default_Roles: 'admin, guest, no-such-role' },
    );
  });

  it('makes nobody who could not sign in for want of a role', async () => {
    for (const named of ['', 'admin', 'no-such-role']) {
      await withWorld(
        async (world) => {
          assert.equal((await register(world)).status, 200);
          assert.deepEqual((await world.signIn('jane', fitting)).account.roles, ['user'], named);
          const body = { username: 'ann', name: 'Ann', email: 'ann@example.com', password };
          const made = await world.call({ url: '/api/v1/users.create', headers: await world.asAdmin(), body });
          assert.equal(made.status, 200, made.text);
          // An administrator may make others.
          const expected = named === 'admin' ? ['admin'] : ['user'];
          assert.deepEqual((made.json['user'] as Body)['roles'], expected);
        },
        { Accounts_Registration_Users_Default_Roles: named },
      );
    }
  });

  it('keeps no reason where nobody reads one', async () => {
    await withWorld(async (world) => {
      await register(world, { reason: 'Because' });
      const account = await world.app.account.find({ by: 'username', value: 'jane' });
      assert.deepEqual([account?.open, account?.signUpReason], [true, undefined]);
    });
  });

  it('lets whoever registers wait for approval where the setting wants it', async () => {
    await withWorld(
      async (world) => {
        const admin = await world.asAdmin();
        const reply = await register(world, { reason: 'See https://evil.example', name: 'Jane evil.example' });
        assert.equal((reply.json['user'] as Body)['active'], false);
        const account = await world.app.account.find({ by: 'username', value: 'jane' });
        assert.equal(account?.closedBecause, 'waits-for-approval');
        assert.equal(account.signUpReason, 'See https://evil.example');
        await assert.rejects(world.signIn('jane', fitting), { code: 'account-closed' });
        const waits = world.mails.filter(({ kind }) => kind === 'account-waits');
        assert.deepEqual(
          waits.map(({ to }) => to),
          [['root@example.com']],
        );
        assert.equal(waits[0]?.facts['reason'], 'See https://evil.example');
        await world.call({
          url: '/api/v1/users.setActiveStatus',
          headers: admin,
          body: { userId: account.id, activeStatus: true },
        });
        assert.equal((await world.signIn('jane', fitting)).account.closedBecause, undefined);
        const told = world.mails.filter(({ to }) => to.includes('jane@example.com')).map(({ kind }) => kind);
        assert.deepEqual(told, ['email-verification', 'account-approved']);
      },
      { Accounts_ManuallyApproveNewUsers: 'true' },
    );
  });

  it('keeps to itself that an address is known where the setting says so, and tells its owner', async () => {
    await withWorld(
      async (world) => {
        await world.add('owner');
        const shape = ({ status, json }: RestReply): unknown => {
          const user = json['user'] as Body;
          return [status, { ...user, _id: typeof user['_id'] }];
        };
        const email = 'Owner@Example.com';
        const known = await register(world, { email });
        const fresh = await register(world);
        assert.deepEqual(shape(known), shape(fresh));
        assert.equal(await world.app.account.byId(String((known.json['user'] as Body)['_id'])), undefined);
        assert.equal(await world.app.host.countAccounts(), 2);
        assert.deepEqual(
          world.mails.map(({ kind, to }) => [kind, to]),
          [
            ['address-known', ['owner@example.com']],
            ['email-verification', ['jane@example.com']],
          ],
        );
        for (let n = 0; n < 5; n += 1) await register(world, { email, username: `other${n}` });
        assert.equal(world.mails.filter(({ kind }) => kind === 'address-known').length, 5, 'mails are capped');
        refused(await register(world, { email, username: 'owner' }), { error: 'Username is already in use' });
        assert.equal((await register(world, { email, username: 'x', pass: 'short' })).status, 400);
      },
      { Countersign_Registration_Hides_Addresses: 'true' },
    );
  });

  it('is limited to one in a minute for each address', async () => {
    await withRest(async (world) => {
      assert.equal((await register(world)).status, 200);
      const second = await register(world, { username: 'john', email: 'john@example.com' });
      assert.equal(second.status, 429);
      world.from('203.0.113.77');
      assert.equal((await register(world, { username: 'john', email: 'john@example.com' })).status, 200);
    });
  });

  it('gives a name or an address to one of eight that want it at once', async () => {
    await withWorld(async (world) => {
      const eight = async (bodies: readonly Body[]) =>
        (await Promise.all(bodies.map(async (body) => await register(world, body)))).filter(
          ({ status }) => status === 200,
        );
      const indexes = Array.from({ length: 8 }, (_, index) => index);
      assert.equal((await eight(indexes.map((n) => ({ email: `jane${n}@example.com` })))).length, 1);
      assert.equal((await eight(indexes.map((n) => ({ username: `john${n}`, email: 'john@example.com' })))).length, 1);
    });
  });
});

describe('usernames', () => {
  it('are suggested from the name, and from what is free', async () => {
    await withWorld(async (world) => {
      await world.add('x1', { name: 'Jäne van Doe' });
      const headers = await world.headersOf('x1');
      const suggested = async () =>
        (await world.call({ url: '/api/v1/users.getUsernameSuggestion', headers })).json['result'];
      assert.equal(await suggested(), 'jane.van.doe');
      await world.add('jane.van.doe');
      assert.equal(await suggested(), 'jdoe');
      await world.add('jdoe');
      await world.add('janed');
      await world.add('plain');
      assert.match(String(await suggested()), /^user-\d+$/u);
    });
  });

  it('are told free or not to those who are signed in', async () => {
    await withWorld(async (world) => {
      await world.add('jane');
      await world.add('john');
      const url = '/api/v1/users.checkUsernameAvailability';
      assert.equal((await world.call({ url: `${url}?username=x` })).status, 401);
      const headers = await world.headersOf('jane');
      const free = async (name: string) =>
        (await world.call({ url: `${url}?username=${name}`, headers })).json['result'];
      assert.equal(await free('JANE'), true);
      assert.equal(await free('john'), false);
      assert.equal(await free('nobody'), true);
      assert.equal(await free('a%20b'), false);
      assert.equal((await world.call({ url, headers })).json['errorType'], 'error-invalid-params');
      const blocked = await world.call({ url: `${url}?username=all`, headers });
      assert.equal(blocked.json['error'], "all is blocked and can't be used! [error-blocked-username]");
    });
    await withWorld(
      async (world) => {
        await world.add('jane');
        const headers = await world.headersOf('jane');
        const reply = await world.call({ url: '/api/v1/users.checkUsernameAvailability?username=x', headers });
        assert.equal(reply.json['error'], 'Not allowed [error-not-allowed]');
      },
      { Accounts_AllowUsernameChange: 'false' },
    );
  });
});

describe('welcome mails', () => {
  const made = { username: 'jane', name: 'Jane', email: 'jane@example.com', password };

  it('carry a link for the owner’s own password in place of a random one', async () => {
    await withWorld(async (world) => {
      const headers = await world.asAdmin();
      const body = { ...made, setRandomPassword: true, sendWelcomeEmail: true };
      assert.equal((await world.call({ url: '/api/v1/users.create', headers, body })).status, 200);
      assert.deepEqual(
        world.mails.map(({ kind }) => kind),
        ['enrolment'],
      );
      const link = world.mails[0]?.facts['link'] ?? '';
      assert.match(link, /^http:\/\/localhost:3000\/enroll-account\/[\w-]{43}$/u);
      assert.equal(world.mails[0]?.facts['days'], '30');
      const { pathname: url } = new URL(link);
      world.clock.move(29 * 86_400_000);
      const form = { password: fitting, again: fitting };
      const reply = await world.call({
        url,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      });
      assert.equal(reply.status, 200, reply.text);
      const { account } = await world.signIn('jane', fitting);
      assert.equal(account.passwordChange, undefined);
      assert.deepEqual(account.emails, [{ address: 'jane@example.com', verified: true }]);
    });
  });

  it('carry a link that verifies the address where nobody signs in without', async () => {
    const create = async (world: RestWorld, more: Body) => {
      const before = world.mails.length;
      const headers = await world.asAdmin();
      const reply = await world.call({ url: '/api/v1/users.create', headers, body: { ...made, ...more } });
      assert.equal(reply.status, 200, reply.text);
      return world.mails.slice(before).map(({ kind, to }) => `${kind} ${to.join(' ')}`);
    };
    const other = (name: string): Body => ({ username: name, email: `${name}@example.com` });
    await withWorld(
      async (world) => {
        assert.deepEqual(await create(world, {}), ['email-verification jane@example.com']);
        await assert.rejects(world.signIn('jane'), { code: 'email-not-verified' });
        const link = world.mails.find(({ kind }) => kind === 'email-verification')?.facts['link'] ?? '';
        await world.app.recovery.verifyEmail(link.split('/').at(-1) ?? '', caller());
        assert.equal((await world.signIn('jane')).account.username, 'jane');
        assert.deepEqual(await create(world, { ...other('ann'), sendWelcomeEmail: true }), [
          'welcome ann@example.com',
          'email-verification ann@example.com',
        ]);
        assert.deepEqual(await create(world, { ...other('bea'), setRandomPassword: true }), [
          'enrolment bea@example.com',
        ]);
        assert.deepEqual(await create(world, { ...other('cleo'), verified: true }), []);
        assert.deepEqual(await create(world, { ...other('dora'), active: false }), []);
      },
      { Accounts_EmailVerification: 'true' },
    );
    await withWorld(async (world) => {
      assert.deepEqual(await create(world, {}), []);
    });
  });

  it('tell that there is an account', async () => {
    await withWorld(async (world) => {
      const headers = await world.asAdmin();
      await world.call({ url: '/api/v1/users.create', headers, body: { ...made, sendWelcomeEmail: true } });
      assert.deepEqual(
        world.mails.map(({ kind, to, facts }) => [kind, to, facts]),
        [['welcome', ['jane@example.com'], { username: 'jane' }]],
      );
      const url = '/api/v1/users.sendWelcomeEmail';
      assert.equal((await world.call({ url, headers, body: { email: 'Jane@Example.com' } })).text, '{"success":true}');
      assert.deepEqual(world.mails[1]?.to, ['jane@example.com']);
      refused(await world.call({ url, headers, body: { email: 'nobody@example.com' } }), {
        error: 'Invalid user [error-invalid-user]',
        errorType: 'error-invalid-user',
      });
      const jane = await world.headersOf('jane');
      assert.equal((await world.call({ url, headers: jane, body: { email: 'jane@example.com' } })).status, 403);
    });
  });
});

describe('registration.offerUsername', () => {
  const url = '/api/v1/registration.offerUsername';

  it('tells strangers who may register whether a username is free, and offers one', async () => {
    await withWorld(async (world) => {
      await world.add('jane');
      const offered = async (body: Body): Promise<Body> => (await world.call({ url, body })).json;
      const taken = await offered({ username: 'Jane', name: 'Jane', email: 'jane.d@example.com' });
      assert.deepEqual(taken, { free: false, suggestion: 'jane.d', success: true });
      assert.deepEqual(await offered({ name: 'Jane Doe' }), { suggestion: 'jane.doe', success: true });
      for (const [username, free] of [
        ['june', true],
        ['no spaces', false],
        ['admin', false],
        ['\0', false],
      ] as const) {
        assert.equal((await offered({ username }))['free'], free, username);
      }
      for (const username of [{ $ne: '' }, 7, 'x'.repeat(257)]) {
        assert.equal((await world.call({ url, body: { username } })).status, 400);
      }
    });
  });

  it('tells nothing to whoever may not register', async () => {
    await withWorld(
      async (world) => {
        const closed = await world.call({ url, body: { username: 'jane' } });
        assert.equal(closed.status, 400);
        assert.equal(closed.json['errorType'], 'error-user-registration-disabled');
      },
      { Accounts_RegistrationForm: 'Disabled' },
    );
    await withWorld(
      async (world) => {
        const body = { username: 'jane' };
        for (const more of [{}, { secret: '' }, { secret: 'wrong' }]) {
          const { json } = await world.call({ url, body: { ...body, ...more } });
          assert.equal(json['errorType'], 'error-user-registration-secret');
        }
        const { json } = await world.call({ url, body: { ...body, secret: 'open sesame' } });
        assert.equal(json['free'], true);
      },
      { Accounts_RegistrationForm: 'Secret URL', Accounts_RegistrationForm_SecretURL: 'open sesame' },
    );
  });

  it('is asked no more often from one address than any call', async () => {
    await withWorld(
      async (world) => {
        const statuses: number[] = [];
        for (let tries = 0; tries < 12; tries += 1) {
          statuses.push((await world.call({ url, body: { username: 'jane' } })).status);
        }
        assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 200), 429, 429]);
      },
      { API_Enable_Rate_Limiter: 'true' },
    );
  });
});
