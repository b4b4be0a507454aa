import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../src/core/account/account.ts';
import type { Identity } from '../src/core/external-login/identity.ts';
import { sampleAudit } from '../src/core/samples.suite.ts';
import { appOwner, outcomeOf } from './factor-owner.ts';
import { caller, openWorld, password, type World } from './world.ts';

/** Somebody of a provider that asserts addresses. */
function person(subject: string, more: Partial<Identity> = {}): Identity {
  return {
    provider: 'sample',
    subject,
    username: undefined,
    name: 'Ada Lovelace',
    emails: [{ address: 'ada@example.com', asserted: true }],
    facts: { email: more.emails?.[0]?.address ?? 'ada@example.com' },
    session: undefined,
    roles: undefined,
    joins: { byEmail: true, byUsername: false },
    overwrites: { username: false, name: false, emails: false },
    ...more,
  };
}

const unasserted = [{ address: 'ada@example.com', asserted: false }];

async function withWorld(
  act: (world: World) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const env = Object.fromEntries(Object.entries(settings).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));
  const world = await openWorld({ env });
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

async function come(world: World, identity: Identity): Promise<Account> {
  const made = await world.app.external.logInAs(
    identity.provider,
    async () => await Promise.resolve(identity),
    caller({ door: 'ddp' }),
  );
  return made.account;
}

async function refusal(world: World, identity: Identity): Promise<string> {
  return await outcomeOf(come(world, identity));
}

async function reread(world: World, { id }: Pick<Account, 'id'>): Promise<Account> {
  const account = await world.store.accounts.byId(id);
  assert.ok(account !== undefined);
  return account;
}

async function count(world: World): Promise<number> {
  return await world.store.accounts.count();
}

describe('somebody whom a provider names for the first time', () => {
  it('gets an account without a username and a password, and the same one ever after', async () => {
    await withWorld(async (world) => {
      const first = await come(world, person('1'));
      assert.equal(first.username, undefined);
      assert.equal(first.name, 'Ada Lovelace');
      assert.equal(first.hasPassword, false);
      assert.deepEqual(first.emails, [{ address: 'ada@example.com', verified: true }]);
      assert.deepEqual(first.roles, ['user']);
      assert.equal((await come(world, person('1'))).id, first.id);
      assert.equal(await count(world), 1);
      const audited = (await world.store.audit.newest(20, first.id)).map(({ what }) => what);
      assert.deepEqual(audited, ['log-in', 'log-in', 'identity.link', 'account.register']);
    });
  });

  it('has an address that nobody has verified where the provider does not say so, or a setting forbids it', async () => {
    await withWorld(async (world) => {
      const account = await come(world, person('1', { emails: unasserted }));
      assert.deepEqual(account.emails, [{ address: 'ada@example.com', verified: false }]);
    });
    await withWorld(
      async (world) => {
        assert.deepEqual((await come(world, person('1'))).emails, [{ address: 'ada@example.com', verified: false }]);
      },
      { Accounts_Verify_Email_For_External_Accounts: 'false' },
    );
  });

  it('needs neither an address nor a name', async () => {
    await withWorld(async (world) => {
      const account = await come(world, person('1', { emails: [], name: undefined }));
      assert.deepEqual(account.emails, []);
      const odd = [{ address: 'no address', asserted: true }];
      const other = await come(world, person('2', { emails: odd, name: '<b>\u0000Bob</b>' }));
      assert.deepEqual(other.emails, []);
      assert.equal(other.name, 'b Bob b');
    });
  });

  it('gets one account where they come eight times at once, and one by two providers of one address', async () => {
    await withWorld(async (world) => {
      const all = await Promise.all(Array.from({ length: 8 }, async () => await come(world, person('1'))));
      assert.equal(new Set(all.map(({ id }) => id)).size, 1);
      const emails = [{ address: 'bob@example.com', asserted: true }];
      const both = await Promise.all(
        ['one', 'other'].map(async (provider) => await come(world, person('9', { provider, emails }))),
      );
      assert.equal(new Set(both.map(({ id }) => id)).size, 1);
      assert.equal((await world.store.identities.ofAccount(both[0]?.id ?? '')).length, 2);
      assert.equal(await count(world), 2);
    });
  });

  it('gets the roles of a setting, and never the administrator’s by it', async () => {
    await withWorld(
      async (world) => {
        assert.deepEqual((await come(world, person('1'))).roles, ['bot', 'user']);
      },
      { Accounts_Registration_AuthenticationServices_Default_Roles: 'bot, admin, nothing' },
    );
  });

  it('gets the role of everybody where the settings name none, unless the provider decides', async () => {
    await withWorld(
      async (world) => {
        assert.deepEqual((await come(world, person('1'))).roles, ['user']);
        const roles = { held: [], decided: ['bot'] };
        const bob = person('2', { roles, emails: [], username: 'bob' });
        assert.equal(await refusal(world, bob), 'account-without-roles');
      },
      {
        Accounts_Registration_AuthenticationServices_Default_Roles: 'admin',
        Accounts_Registration_Users_Default_Roles: '',
      },
    );
  });

  it('gets none where nobody may come', async () => {
    await withWorld(
      async (world) => {
        assert.equal(await refusal(world, person('1')), 'external-registration-closed');
        assert.equal(await count(world), 0);
        const known = await world.add('ada');
        assert.equal((await come(world, person('1'))).id, known.id, 'who is joined by the address is no newcomer');
      },
      { Accounts_Registration_AuthenticationServices_Enabled: 'false' },
    );
  });

  it('gets none from domains that may not come', async () => {
    await withWorld(
      async (world) => {
        assert.equal(await refusal(world, person('1')), 'email-domain-not-allowed');
        const emails = [{ address: 'ada@example.net', asserted: true }];
        assert.equal(await refusal(world, person('1', { emails })), 'passed');
      },
      { Accounts_AllowedDomainsList: 'example.net' },
    );
    await withWorld(
      async (world) => {
        assert.equal(await refusal(world, person('1')), 'email-domain-blocked');
      },
      { Accounts_BlockedDomainsList: 'example.com' },
    );
  });

  it('waits where somebody has to approve, and is told so at each sign-in', async () => {
    await withWorld(
      async (world) => {
        await world.add('root', { roles: ['admin'] });
        for (let times = 0; times < 2; times++) assert.equal(await refusal(world, person('1')), 'account-closed');
        const account = await world.app.account.find({ by: 'email', value: 'ada@example.com' });
        assert.equal(account?.open, false);
        assert.equal(account?.closedBecause, 'waits-for-approval');
        assert.deepEqual(await world.store.tokens.list(account?.id ?? '', ['interactive'], world.clock.now()), []);
        assert.equal(world.mails.filter(({ to }) => to.includes('root@example.com')).length, 1);
        assert.equal(await count(world), 2);
      },
      { Accounts_ManuallyApproveNewUsers: 'true' },
    );
  });
});

describe('somebody who has an account already', () => {
  it('is joined with it by an address that is verified on both sides', async () => {
    await withWorld(async (world) => {
      const account = await world.add('ada');
      assert.equal(
        (await come(world, person('1', { emails: [{ address: 'ADA@example.com', asserted: true }] }))).id,
        account.id,
      );
      assert.equal((await world.signIn('ada')).account.id, account.id, 'the password stays');
      const linked = (await world.store.audit.newest(20, account.id)).find(({ what }) => what === 'identity.link');
      assert.deepEqual(linked?.facts, { provider: 'sample', by: 'email' });
    });
  });

  it('K10: is never joined where the account has not verified it: who squats keeps nothing of the other', async () => {
    await withWorld(async (world) => {
      const squatter = await world.add('eve', { email: { address: 'ada@example.com', verified: false } });
      assert.equal(await refusal(world, person('1')), 'identity-address-taken');
      assert.deepEqual(await world.store.identities.ofAccount(squatter.id), []);
      assert.deepEqual((await reread(world, squatter)).emails, [{ address: 'ada@example.com', verified: false }]);
      assert.equal(await count(world), 1);
    });
  });

  it('is never joined where the provider does not assert the address, or joining is not allowed', async () => {
    await withWorld(async (world) => {
      await world.add('ada');
      assert.equal(await refusal(world, person('1', { emails: unasserted })), 'identity-address-taken');
      const joins = { byEmail: false, byUsername: false };
      assert.equal(await refusal(world, person('1', { joins })), 'identity-address-taken');
      assert.equal(await count(world), 1);
    });
  });

  it('is never joined with an account that is no person’s', async () => {
    await withWorld(async (world) => {
      await world.add('robot', { kind: 'bot', email: { address: 'ada@example.com', verified: true } });
      assert.equal(await refusal(world, person('1')), 'identity-address-taken');
    });
  });

  it('K11: stays themselves when the address at the provider becomes somebody else’s', async () => {
    await withWorld(async (world) => {
      const administrator = await world.add('root', { roles: ['admin'] });
      const account = await come(world, person('1'));
      const emails = [{ address: 'root@example.com', asserted: true }];
      for (const overwrites of [
        { username: false, name: false, emails: false },
        { username: true, name: true, emails: true },
      ]) {
        const again = await come(world, person('1', { emails, overwrites, username: 'root' }));
        assert.equal(again.id, account.id);
        assert.deepEqual((await reread(world, account)).emails, [{ address: 'ada@example.com', verified: true }]);
        assert.equal((await reread(world, account)).username, undefined);
      }
      assert.deepEqual(await world.store.identities.ofAccount(administrator.id), []);
    });
  });

  it('K12: is somebody else at another provider with the same subject', async () => {
    await withWorld(async (world) => {
      const one = await come(world, person('1'));
      const emails = [{ address: 'bob@example.com', asserted: true }];
      const other = await come(world, person('1', { provider: 'another', emails }));
      assert.notEqual(one.id, other.id);
    });
  });

  it('K14: is refused while the account is closed', async () => {
    await withWorld(async (world) => {
      const account = await world.add('ada');
      await come(world, person('1'));
      const before = await world.store.tokens.list(account.id, ['interactive'], world.clock.now());
      assert.equal(before.length, 1);
      await world.store.accounts.setOpen(account.id, false, world.clock.now(), {
        at: world.clock.now(),
        what: 'account.close',
        outcome: 'done',
        accountId: account.id,
        actorId: undefined,
        door: 'cli',
        address: '',
        userAgent: '',
        facts: {},
      });
      assert.equal(await refusal(world, person('1')), 'account-closed');
      const another = person('2', { provider: 'another' });
      assert.equal(await refusal(world, another), 'account-closed', 'also where the address would join');
      assert.deepEqual(await world.store.tokens.list(account.id, ['interactive'], world.clock.now()), []);
    });
  });

  it('is joined by the username only where that is allowed, and only by exactly this one', async () => {
    const byUsername = { byEmail: false, byUsername: true };
    const none = { emails: [] };
    await withWorld(async (world) => {
      const account = await world.add('ada');
      const other = await world.add('adaking');
      assert.equal(await refusal(world, person('1', { ...none, username: 'ada' })), 'identity-username-taken');
      const slugged = person('1', { ...none, username: 'ada king', joins: byUsername });
      assert.equal(
        await refusal(world, slugged),
        'identity-username-taken',
        'a name that had to be changed is not theirs',
      );
      assert.equal((await come(world, person('1', { ...none, username: 'ADA', joins: byUsername }))).id, account.id);
      assert.deepEqual(await world.store.identities.ofAccount(other.id), []);
      await world.add('robot', { kind: 'bot' });
      const robot = person('2', { ...none, username: 'robot', joins: byUsername });
      assert.equal(await refusal(world, robot), 'identity-username-taken');
    });
  });
});

describe('somebody who has the name or the address of another person of the same provider', () => {
  const byName = { username: 'ada', emails: [], joins: { byEmail: false, byUsername: true } };

  it('never gets the account of that person, but does at another provider', async () => {
    await withWorld(async (world) => {
      const ada = await come(world, person('1'));
      assert.equal(await refusal(world, person('2')), 'identity-address-taken');
      assert.equal((await come(world, person('2', { provider: 'another' }))).id, ada.id);
      assert.deepEqual(
        (await world.store.identities.ofAccount(ada.id))
          .map(({ provider, subject }) => `${provider} ${subject}`)
          .toSorted(),
        ['another 2', 'sample 1'],
      );
    });
    await withWorld(async (world) => {
      const ada = await come(world, person('1', byName));
      assert.equal(await refusal(world, person('2', byName)), 'identity-username-taken');
      const [former] = await world.store.identities.ofAccount(ada.id);
      await world.app.host.setPassword(ada.id, { plain: password }, caller());
      assert.equal(former?.subject, '1');
      await world.store.identities.unlink(ada.id, { provider: 'sample', subject: '1' }, sampleAudit(ada.id));
      assert.equal((await come(world, person('2', byName))).id, ada.id, 'the operator has parted the former');
    });
  });

  it('is asked for no factor of theirs first', async () => {
    await withWorld(async (world) => {
      const owner = await appOwner(world, 'ada');
      await world.store.identities.link(person('1'), owner.account.id, {}, 0, sampleAudit(owner.account.id));
      assert.equal(await refusal(world, person('2', byName)), 'identity-username-taken');
    });
  });

  it('is no other where an import brought a name of SAML with which nobody came, of a session as it seems', async () => {
    await withWorld(async (world) => {
      const saml = (subject: string) => person(subject, { provider: 'saml', passesUnused: true });
      const ada = await world.add('ada');
      const brought = { ...person('of one session', { provider: 'saml' }), unused: true } as const;
      await world.store.identities.link(brought, ada.id, {}, 0, sampleAudit(ada.id));
      assert.equal((await come(world, saml('1'))).id, ada.id);
      assert.equal(await refusal(world, saml('2')), 'identity-address-taken');
    });
  });
});

describe('what a provider decides', () => {
  it('is given and taken at each sign-in, and nothing else is touched', async () => {
    await withWorld(async (world) => {
      await world.add('root', { roles: ['admin'] });
      const decided = ['bot', 'moderator-of-nothing'];
      const roles = (...held: readonly string[]) => ({ roles: { held, decided } });
      const first = await come(world, person('1', roles('bot', 'moderator-of-nothing')));
      assert.deepEqual(first.roles, ['user', 'bot']);
      assert.deepEqual((await come(world, person('1', roles()))).roles, ['user']);
      assert.deepEqual((await come(world, person('1', roles('bot')))).roles, ['user', 'bot']);
      assert.deepEqual((await come(world, person('1'))).roles, ['user', 'bot'], 'who decides nothing takes nothing');
    });
  });

  it('never takes the last administrator’s role', async () => {
    await withWorld(async (world) => {
      const administrator = await world.add('ada', { roles: ['admin'] });
      await come(world, person('1', { roles: { held: [], decided: ['admin'] } }));
      assert.deepEqual((await reread(world, administrator)).roles, ['admin']);
    });
  });

  it('is called nothing that nobody may be called, and gets no address of a domain that may not come', async () => {
    await withWorld(
      async (world) => {
        const overwrites = { username: true, name: true, emails: true };
        const account = await come(world, person('1', { username: 'ada', overwrites }));
        for (const username of ['all', 'here', '', '***']) {
          const emails = [{ address: 'ada@evil.example', asserted: true }];
          await come(world, person('1', { username, emails, overwrites }));
          const after = await reread(world, account);
          assert.equal(after.username, 'ada', username);
          assert.deepEqual(
            after.emails.map(({ address }) => address),
            ['ada@example.com'],
          );
        }
      },
      { Accounts_BlockedDomainsList: 'evil.example' },
    );
  });

  it('overwrites what it may, keeps other addresses, and lets the former one go', async () => {
    await withWorld(async (world) => {
      const overwrites = { username: true, name: true, emails: true };
      const account = await come(world, person('1', { username: 'ada', overwrites }));
      const emails = [{ address: 'augusta@example.com', asserted: true }];
      const more = { username: 'augusta', name: 'Augusta King', emails, overwrites };
      await come(world, person('1', { ...more, facts: { email: 'augusta@example.com' } }));
      const now = await reread(world, account);
      assert.deepEqual([now.username, now.name], ['augusta', 'Augusta King']);
      assert.deepEqual(now.emails, [{ address: 'augusta@example.com', verified: true }]);
      await world.add('bob');
      await come(world, person('1', { ...more, username: 'bob', emails: [], name: '' }));
      assert.equal((await reread(world, account)).username, 'augusta', 'a name that is taken stays with its owner');
    });
  });
});

it('the password of an account says nothing of its identities', async () => {
  await withWorld(async (world) => {
    const account = await come(world, person('1'));
    await assert.rejects(
      world.app.session.logIn({ by: 'email', value: account.emails[0]?.address ?? '' }, { plain: password }, caller()),
    );
  });
});
