// What a provider's word does before, and after, the second factor of the account.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../src/core/account/account.ts';
import type { Directory, Entry } from '../src/core/directory/directory.ts';
import type { Identity } from '../src/core/external-login/identity.ts';
import type { Caller } from '../src/core/ports.ts';
import { appOwner, bring, outcomeOf } from './factor-owner.ts';
import { type FakeProviders, fakeProviders, identityOf } from './fake-providers.ts';
import { caller, openWorld, type World } from './world.ts';

const byEmail = { byEmail: true, byUsername: false };
const byUsername = { byEmail: false, byUsername: true };
const everything = { username: true, name: true, emails: true };

async function within(act: (world: World, fake: FakeProviders) => Promise<void>, mailsCodes = false): Promise<void> {
  const fake = fakeProviders('sample');
  const env = {
    OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_By_Email_Auto_Opt_In: String(mailsCodes),
    OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Enabled: 'true',
  };
  const world = await openWorld({ parts: { providers: fake.providers }, env });
  try {
    await act(world, fake);
  } finally {
    await world.close();
  }
}

function ada(more: Partial<Identity> = {}): Identity {
  const emails = [{ address: 'ada@example.com', asserted: true }];
  return { ...identityOf('sample', '1', { emails, joins: byEmail }), ...more };
}

async function come(world: World, identity: Identity, code?: string, from?: Partial<Caller>): Promise<string> {
  const word = async (): Promise<Identity> => await Promise.resolve(identity);
  return await outcomeOf(world.app.external.logInAs('sample', word, caller({ door: 'ddp', ...from }), bring(code)));
}

/** A browser that goes to the provider and comes back as somebody. */
async function flow(world: World, fake: FakeProviders, identity: Identity) {
  fake.people.set('code', identity);
  const errand = { client: undefined, returnTo: undefined };
  const { address, browser } = await world.app.browserFlow.leave('sample', errand);
  const params = { state: new URL(address).searchParams.get('state') ?? '', code: 'code' };
  return await world.app.browserFlow.comeBack('sample', params, browser, caller({ door: 'page' }));
}

async function challengeOf(world: World, fake: FakeProviders, identity: Identity): Promise<string> {
  const back = await flow(world, fake, identity);
  assert.ok('challengeId' in back);
  return back.challengeId;
}

async function codeOf(world: World, fake: FakeProviders, identity: Identity): Promise<string> {
  const back = await flow(world, fake, identity);
  assert.ok('code' in back);
  return back.code;
}

async function verify(world: World, challengeId: string, code: string): Promise<string> {
  return await outcomeOf(world.app.session.verifyPending(challengeId, bring(code), caller()));
}

async function reread(world: World, { id }: Pick<Account, 'id'>): Promise<Account> {
  const account = await world.store.accounts.byId(id);
  assert.ok(account !== undefined);
  return account;
}

const identitiesOf = async (world: World, { id }: Pick<Account, 'id'>) => await world.store.identities.ofAccount(id);

describe('wrong codes after a provider’s word', () => {
  it('count under the account, from wherever they come, one after the other or at once', async () => {
    for (const atOnce of [false, true]) {
      await within(async (world) => {
        const owner = await appOwner(world, 'ada');
        const guess = async (at: number) =>
          await come(world, ada(), owner.code() === '000000' ? '111111' : '000000', { address: `198.51.100.${at}` });
        const told: string[] = [];
        if (atOnce) told.push(...(await Promise.all(Array.from({ length: 30 }, async (_, at) => await guess(at)))));
        else for (let at = 0; at < 30; at += 1) told.push(await guess(at));
        assert.equal(told.filter((code) => code === 'factor-wrong').length, 10);
        assert.equal(told.filter((code) => code === 'account-blocked').length, 20);
        assert.equal((await world.store.tokens.accountFailures(owner.account.id, 0)).length, 10);
        assert.equal(await come(world, ada(), owner.code(), { address: '198.51.100.250' }), 'account-blocked');
        const refused = (await world.store.audit.newest(60, owner.account.id)).filter(
          ({ what, facts }) => what === 'log-in' && facts['code'] === 'factor-wrong',
        );
        assert.equal(refused.length, 10);
        assert.deepEqual(await identitiesOf(world, owner.account), [], 'and nothing was joined');
      });
    }
  });

  it('are forgiven by a right one', async () => {
    await within(async (world) => {
      const owner = await appOwner(world, 'ada');
      await come(world, ada(), '000000', { address: '198.51.100.1' });
      assert.equal(await come(world, ada(), owner.code()), 'passed');
      assert.deepEqual(await world.store.tokens.accountFailures(owner.account.id, 0), []);
    });
  });

  it('D06: of strangers do not keep a device out that signed in before', async () => {
    await within(async (world, fake) => {
      const account = await world.add('ada', { email: { address: 'ada@example.com', verified: false } });
      await world.store.identities.link(ada(), account.id, {}, world.clock.now(), {
        at: world.clock.now(),
        what: 'identity.link',
        outcome: 'done',
        accountId: account.id,
        actorId: undefined,
        door: 'cli',
        address: '',
        userAgent: '',
        facts: {},
      });
      assert.equal(await come(world, ada()), 'passed');
      for (let at = 0; at < 10; at += 1) {
        const from = caller({ address: `198.51.100.${at}` });
        const claim = { by: 'username', value: 'ada' } as const;
        await outcomeOf(world.app.session.logIn(claim, { plain: 'wrong' }, from));
      }
      assert.equal(await come(world, ada(), undefined, { address: '198.51.100.99' }), 'account-blocked');
      const code = await codeOf(world, fake, ada());
      assert.equal(await outcomeOf(world.app.session.redeemCode(code, caller())), 'passed');
    });
  });
});

describe('what a provider decides', () => {
  const evil = ada({
    name: 'Eve',
    emails: [{ address: 'eve@evil.example', asserted: true }],
    roles: { held: ['bot'], decided: ['bot'] },
    overwrites: everything,
  });

  it('is written when the factor has held, and no code goes to an address that it tells', async () => {
    await within(async (world, fake) => {
      const owner = await world.add('ada');
      assert.equal(await come(world, ada()), 'factor-required');
      assert.deepEqual(await identitiesOf(world, owner), [], 'joining waits as well');
      assert.equal(await come(world, ada(), world.mails.at(-1)?.facts['code']), 'passed');
      world.clock.move(3_600_000);
      const before = await reread(world, owner);
      assert.equal(await come(world, evil), 'factor-required');
      assert.deepEqual(world.mails.at(-1)?.to, ['ada@example.com']);
      assert.equal(await come(world, evil, '000000'), 'factor-wrong');
      await challengeOf(world, fake, evil);
      assert.deepEqual(world.mails.at(-1)?.to, ['ada@example.com']);
      const { name, emails, roles } = await reread(world, owner);
      assert.deepEqual([name, emails, roles], [before.name, before.emails, before.roles]);
    }, true);
  });

  it('is written by the sign-in that waited for its factor, and the session has the new roles', async () => {
    await within(async (world, fake) => {
      const owner = await appOwner(world, 'ada');
      const challengeId = await challengeOf(world, fake, ada({ ...evil, emails: ada().emails }));
      assert.deepEqual(await identitiesOf(world, owner.account), []);
      const opened = await world.app.session.verifyPending(challengeId, bring(owner.code()), caller());
      assert.deepEqual([opened.account.name, opened.account.roles], ['Eve', ['user', 'bot']]);
      assert.equal((await identitiesOf(world, owner.account)).length, 1);
      assert.ok(world.mails.some(({ kind, to }) => kind === 'identity-linked' && to.includes('ada@example.com')));
      world.clock.move(3_600_000);
      assert.equal(await come(world, evil, owner.code()), 'passed');
      const told = world.mails.find(({ kind }) => kind === 'email-changed');
      assert.deepEqual(told?.to, ['ada@example.com']);
      assert.equal((await reread(world, owner.account)).emails[0]?.address, 'eve@evil.example');
    });
  });
});

describe('a sign-in whose first half is done', () => {
  async function joined(world: World): Promise<Awaited<ReturnType<typeof appOwner>>> {
    const owner = await appOwner(world, 'ada');
    assert.equal(await come(world, ada({ session: 'sid' }), owner.code()), 'passed');
    world.clock.move(60_000);
    return owner;
  }

  it('is over when the identity is parted, the password set, the provider’s session ended or the provider off', async () => {
    const ends: readonly [string, (world: World, fake: FakeProviders, id: string) => Promise<unknown>][] = [
      [
        'challenge-unknown',
        async ({ app }, _fake, id) => {
          const account = await app.account.byId(id);
          assert.ok(account !== undefined);
          await app.host.unlinkIdentity(account, { provider: 'sample', subject: '1' }, caller({ door: 'cli' }));
        },
      ],
      [
        'challenge-unknown',
        async ({ app, clock }, fake) => {
          fake.logoutTokens.set('t', { id: '1', subject: undefined, session: 'sid', endsAt: clock.now() + 60_000 });
          await app.external.logOutByProvider('sample', 't', caller());
        },
      ],
      [
        'challenge-unknown',
        async ({ store, clock }, _fake, accountId) => {
          const change = {
            accountId,
            hash: 'test$other',
            expected: undefined,
            formerKept: 0,
            exceptToken: undefined,
            changeRequired: undefined,
            now: clock.now(),
          };
          await store.passwords.setPassword(change, {
            at: clock.now(),
            what: 'password.set',
            outcome: 'done',
            accountId,
            actorId: undefined,
            door: 'cli',
            address: '',
            userAgent: '',
            facts: {},
          });
        },
      ],
      [
        'provider-off',
        async (_world, fake) => {
          fake.remove('sample');
          await Promise.resolve();
        },
      ],
    ];
    for (const [outcome, end] of ends) {
      await within(async (world, fake) => {
        const owner = await joined(world);
        const challengeId = await challengeOf(world, fake, ada({ session: 'sid' }));
        await end(world, fake, owner.account.id);
        assert.equal(await verify(world, challengeId, owner.code()), outcome);
      });
    }
  });

  it('goes on where nothing of that happened', async () => {
    await within(async (world, fake) => {
      const owner = await joined(world);
      assert.equal(await verify(world, await challengeOf(world, fake, ada()), owner.code()), 'passed');
    });
  });

  it('is no code any more when the provider’s session has ended or the provider is off', async () => {
    await within(async (world, fake) => {
      const somebody = ada({ session: 'sid', emails: [] });
      const code = await codeOf(world, fake, somebody);
      fake.logoutTokens.set('t', { id: '1', subject: '1', session: 'sid', endsAt: world.clock.now() + 60_000 });
      await world.app.external.logOutByProvider('sample', 't', caller());
      assert.equal(await outcomeOf(world.app.session.redeemCode(code, caller())), 'log-in-code-unknown');
      const other = await codeOf(world, fake, somebody);
      fake.remove('sample');
      assert.equal(await outcomeOf(world.app.session.redeemCode(other, caller())), 'provider-off');
    });
  });
});

describe('an account that is joined by its username', () => {
  const named = (address: string): Identity =>
    ada({ username: 'ada', emails: [{ address, asserted: true }], joins: byUsername });

  it('is nobody’s who had the name before, unless they have verified the same address', async () => {
    for (const isSame of [false, true]) {
      await within(async (world) => {
        const account = await world.add('ada', { email: { address: 'ada@example.com', verified: isSame } });
        const { text } = await world.signIn('ada');
        assert.equal(await come(world, named(isSame ? 'ada@example.com' : 'lovelace@example.com')), 'passed');
        const outcome = await outcomeOf(world.app.session.resume(text, caller()));
        assert.equal(outcome, isSame ? 'passed' : 'token-unknown');
        const after = await reread(world, account);
        assert.equal(after.hasPassword, isSame);
        assert.deepEqual(after.emails.length, isSame ? 1 : 0);
      });
    }
  });
});

describe('an account that is joined by its username with its own second factor', () => {
  it('is its owner’s: they keep what they have', async () => {
    await within(async (world) => {
      const owner = await appOwner(world, 'ada');
      const told = [{ address: 'lovelace@example.com', asserted: true }];
      const identity = ada({ username: 'ada', emails: told, joins: byUsername });
      assert.equal(await come(world, identity), 'factor-required');
      assert.equal(await outcomeOf(world.app.session.resume(owner.text, caller())), 'passed');
      assert.equal(await come(world, identity, owner.code()), 'passed');
      assert.equal(await outcomeOf(world.app.session.resume(owner.text, caller())), 'passed');
      assert.equal((await reread(world, owner.account)).hasPassword, true);
    });
  });
});

describe('somebody of a directory', () => {
  it('is held to their count under every name that it has for them, and mailed where they were before', async () => {
    let mail = ['kay@example.com', 'kay0@example.com', 'kay1@example.com'];
    const entry = (): Entry => {
      const told = { uid: ['kay'], mail, cn: ['Kay'], entryuuid: ['11111111-1111-1111-1111-111111111111'] };
      const values = Object.entries(told).map(([key, some]) => [key, some.map((text) => Buffer.from(text))] as const);
      return { dn: 'uid=kay,dc=x', attributes: new Map(values) };
    };
    const directory = {
      async *search() {
        yield await Promise.resolve(entry());
      },
      bind: async (_dn: string, given: string) => await Promise.resolve({ held: given === 'right' }),
      close: async () => await Promise.resolve(),
    } as unknown as Directory;
    const settings = {
      LDAP_Enable: 'true',
      LDAP_Server_Type: '',
      LDAP_Host: 'directory.example',
      LDAP_BaseDN: 'dc=x',
      LDAP_Unique_Identifier_Field: 'entryUUID',
      LDAP_Username_Field: 'uid',
      LDAP_User_Search_Field: 'uid,mail',
      Accounts_TwoFactorAuthentication_By_Email_Auto_Opt_In: 'true',
      Block_Multiple_Failed_Logins_Enabled: 'true',
    };
    const env = Object.fromEntries(Object.entries(settings).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));
    const world = await openWorld({ env, parts: { directory: () => directory } });
    try {
      const logIn = async (value: string, code: string | undefined, address: string, given = 'right') => {
        const claim = { by: value.includes('@') ? 'email' : 'username', value } as const;
        return await outcomeOf(world.app.directory.logIn(claim, given, caller({ address }), bring(code)));
      };
      assert.equal(await logIn('kay', undefined, '198.51.100.1'), 'factor-required', 'made, and mailed to at once');
      assert.equal(await logIn('kay', world.mails.at(-1)?.facts['code'], '198.51.100.1'), 'passed');
      world.clock.move(3_600_000);
      const former = mail;
      mail = ['attacker@evil.example'];
      assert.equal(await logIn('kay', undefined, '198.51.100.2'), 'factor-required');
      assert.deepEqual(world.mails.at(-1)?.to, ['kay@example.com']);
      mail = former;
      const told = await Promise.all(
        Array.from({ length: 30 }, async (_, at) => {
          const given = at % 3 === 0 ? 'wrong' : 'right';
          return await logIn(`kay${at % 2}@example.com`, 'wrong', `192.0.2.${at}`, given);
        }),
      );
      assert.equal(told.filter((code) => code === 'account-blocked').length, 20);
      assert.equal(told.filter((code) => code === 'factor-wrong' || code === 'wrong-credentials').length, 10);
    } finally {
      await world.close();
    }
  });
});
