// Whose password counts when, and what becomes of people from a directory (providers.md §4.3; attacks L06-L14, L18).
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { sampleAudit } from '../src/core/samples.suite.ts';
import type { LoggedIn } from '../src/core/session/log-in.ts';
import { appOwner, bring, outcomeOf } from './factor-owner.ts';
import { openSlapd, type Slapd, slapdMissing } from './slapd.ts';
import { personLdif } from './slapd-ldif.ts';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { caller, openWorld, password, type World } from './world.ts';

const missing = slapdMissing();
const people = 'ou=people,dc=example,dc=test';

interface Ground {
  readonly world: World;
  readonly road: TcpProxy;
  readonly logged: unknown[];
  /** Signs in by the form for directories. @returns the kind, or the code of the refusal */
  logIn(name: string, given: string, from?: ReturnType<typeof caller>): Promise<string>;
  /** Signs in as older clients do, with the local password alone. */
  logInLocally(name: string, given: string): Promise<string>;
}

describe('the rules for people from a directory', { skip: missing ?? false }, () => {
  let slapd: Slapd;
  const open: Ground[] = [];
  before(async () => {
    slapd = await openSlapd();
  });
  afterEach(async () => {
    for (const { world, road } of open.splice(0)) {
      await world.close();
      await road.close();
    }
  });
  after(async () => {
    await slapd.stop();
  });

  async function ground(settings: Readonly<Record<string, string>> = {}): Promise<Ground> {
    const road = await openTcpProxy(slapd.port);
    const more = { LDAP_Port: String(road.port), LDAP_Timeout: '1500', LDAP_Connect_Timeout: '1500', ...settings };
    const env = Object.fromEntries(Object.entries(more).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));
    const logged: unknown[] = [];
    const log = (...told: readonly unknown[]): void => {
      logged.push(told);
    };
    const world = await openWorld({ env: { ...slapd.env, ...env }, parts: { log } });
    const claimOf = (name: string) => ({ by: name.includes('@') ? 'email' : 'username', value: name }) as const;
    const kindOf = async (act: Promise<LoggedIn>): Promise<string> => {
      let kind = '';
      const outcome = await outcomeOf(
        act.then((done) => {
          ({ kind } = done);
        }),
      );
      return outcome === 'passed' ? kind : outcome;
    };
    const one: Ground = {
      world,
      road,
      logged,
      logIn: async (name, given, from = caller()) =>
        await kindOf(world.app.directory.logIn(claimOf(name), given, from)),
      logInLocally: async (name, given) =>
        await kindOf(world.app.session.logIn(claimOf(name), { plain: given }, caller())),
    };
    open.push(one);
    return one;
  }

  async function setPassword(uid: string, given: string): Promise<void> {
    await slapd.apply(`dn: uid=${uid},${people}\nchangetype: modify\nreplace: userPassword\nuserPassword: ${given}\n`);
  }

  const find = async ({ world }: Ground, username: string) =>
    await world.app.account.find({ by: 'username', value: username });

  it('lets purely local accounts in with their own password, whatever the directory does', async () => {
    const here = await ground();
    await here.world.add('carol');
    assert.equal(await here.logIn('carol', password), 'password');
    assert.equal(await here.logIn('carol@example.com', password), 'password');
    assert.equal(await here.logInLocally('carol', password), 'password');
    assert.equal(await here.logIn('carol', 'wrong'), 'wrong-credentials');
    for (const mode of ['shut', 'silence'] as const) {
      here.road.mode = mode;
      here.road.cut();
      assert.equal(await here.logIn('carol', password), 'password', mode);
      assert.equal(await here.logIn('carol', 'wrong'), 'wrong-credentials', mode);
    }
  });

  it('does not tell the directory the right password of a local account', async () => {
    const here = await ground();
    await here.world.add('alice');
    assert.equal(await here.logIn('alice', password), 'password');
    assert.equal(here.road.total(), 0);
  });

  it('lets people of the directory in by nothing else, unless the settings want it', async () => {
    const here = await ground();
    assert.equal(await here.logIn('alice', 'alice-pw'), 'ldap');
    const alice = await find(here, 'alice');
    await here.world.app.host.setPassword(alice?.id ?? '', { plain: 'a local password of hers' }, caller());
    for (const mode of ['lead', 'shut'] as const) {
      here.road.mode = mode;
      here.road.cut();
      assert.equal(await here.logIn('alice', 'a local password of hers'), 'wrong-credentials', mode);
      assert.equal(await here.logInLocally('alice', 'a local password of hers'), 'wrong-credentials', mode);
    }
    here.road.mode = 'lead';
    assert.equal(await here.logIn('alice', 'alice-pw'), 'ldap');
  });

  it('falls back to the password that was proved last, only while the directory is silent', async () => {
    const here = await ground({ LDAP_Login_Fallback: 'true' });
    const first = await here.world.app.directory.logIn({ by: 'username', value: 'bob' }, 'bob-pw', caller());
    await setPassword('bob', 'bob-new');
    try {
      assert.equal(await here.logIn('bob', 'bob-pw'), 'wrong-credentials', 'the directory said no');
      here.road.mode = 'shut';
      here.road.cut();
      assert.equal(await here.logIn('bob', 'bob-pw'), 'password', 'it was proved last');
      here.road.mode = 'lead';
      assert.equal(await here.logIn('bob', 'bob-new'), 'ldap');
      here.road.mode = 'shut';
      here.road.cut();
      assert.equal(await here.logIn('bob', 'bob-pw'), 'wrong-credentials');
      assert.equal(await here.logIn('bob', 'bob-new'), 'password');
      assert.equal((await here.world.app.session.resume(first.text, caller())).account.username, 'bob', 'goes on');
    } finally {
      await setPassword('bob', 'bob-pw');
    }
  });

  it('keeps no password where nothing falls back', async () => {
    const here = await ground();
    assert.equal(await here.logIn('bob', 'bob-pw'), 'ldap');
    const bob = await find(here, 'bob');
    assert.equal(await here.world.store.passwords.hashOf(bob?.id ?? ''), undefined);
  });

  it('never takes over a local account of the same name, unless the settings want it', async () => {
    const apart = await ground();
    await apart.world.add('alice');
    assert.equal(await apart.logIn('alice', 'alice-pw'), 'identity-username-taken');
    assert.equal(await apart.logIn('alice', password), 'password');

    const joined = await ground({ LDAP_Merge_Existing_Users: 'true' });
    const local = await joined.world.add('alice');
    assert.equal(await joined.logIn('alice', 'wrong'), 'wrong-credentials');
    assert.equal(await joined.logIn('alice', password), 'password', 'not joined yet');
    assert.equal(await joined.logIn('alice', 'alice-pw'), 'ldap');
    assert.equal((await find(joined, 'alice'))?.id, local.id);
    assert.equal(await joined.logIn('alice', password), 'wrong-credentials', 'it is the person of the directory now');
  });

  it('counts failures under the account, asks nobody while it is blocked, and forgives with the right password', async () => {
    const here = await ground({
      LDAP_User_Search_Field: 'uid,mail',
      Block_Multiple_Failed_Logins_Attempts_Until_Block_by_User: '3',
      Block_Multiple_Failed_Logins_By_Ip: 'false',
    });
    let visits = 0;
    /** A device that was never seen before. */
    const stranger = () => caller({ address: `198.51.100.${String((visits += 1))}` });
    assert.equal(await here.logIn('bob', 'bob-pw', stranger()), 'ldap');
    assert.equal(await here.logIn('bob', 'no', stranger()), 'wrong-credentials');
    assert.equal(await here.logIn('bob', 'no', stranger()), 'wrong-credentials');
    assert.equal(await here.logIn('bob', 'bob-pw', stranger()), 'ldap', 'forgiven');
    // By the other address as well, which only the directory knows to be his.
    for (const name of ['bob', 'bob.alias@example.test', 'BOB']) {
      assert.equal(await here.logIn(name, 'no', stranger()), 'wrong-credentials', name);
    }
    const asked = here.road.heard().length;
    assert.equal(await here.logIn('bob', 'bob-pw', stranger()), 'account-blocked');
    assert.equal(here.road.heard().length, asked, 'nobody was asked');
    assert.equal(await here.logIn('bob.alias@example.test', 'bob-pw', stranger()), 'account-blocked');
    assert.ok(!here.road.heard().slice(asked).includes('bob-pw'));
  });

  it('counts guesses at an entry that nobody has signed in with, under whatever name', async () => {
    const here = await ground({
      LDAP_User_Search_Field: 'uid,mail',
      Block_Multiple_Failed_Logins_Attempts_Until_Block_by_User: '3',
      Block_Multiple_Failed_Logins_By_Ip: 'false',
    });
    for (const name of ['bob', ' bob', 'bob.alias@example.test']) {
      assert.equal(await here.logIn(name, 'no'), 'wrong-credentials', name);
    }
    const asked = here.road.heard().length;
    for (const name of ['bob\t', 'bob@example.test']) {
      assert.equal(await here.logIn(name, 'bob-pw'), 'account-blocked', name);
    }
    assert.ok(!here.road.heard().slice(asked).includes('bob-pw'));
    here.world.clock.move(24 * 3_600_000);
    assert.equal(await here.logIn('bob', 'bob-pw'), 'ldap');
  });

  it('takes a name with blanks around it for the same name at every door', async () => {
    const here = await ground({ Block_Multiple_Failed_Logins_Attempts_Until_Block_by_User: '2' });
    const { page } = here.world.app;
    const atPage = async (value: string) =>
      await outcomeOf(page.logIn({ by: 'username', value }, { plain: 'no' }, caller({ door: 'page' })));
    assert.equal(await atPage('nobody'), 'wrong-credentials');
    assert.equal(await atPage(' nobody'), 'wrong-credentials');
    assert.equal(await atPage('nobody '), 'account-blocked');
    assert.equal(await here.logIn('\tnobody', 'no'), 'account-blocked');
  });

  it('forgives no guess at an entry for the password of an account that has its name', async () => {
    for (const joins of ['false', 'true']) {
      for (const isJoined of [false, true]) {
        const here = await ground({
          LDAP_Merge_Existing_Users: joins,
          Block_Multiple_Failed_Logins_Attempts_Until_Block_by_User: '3',
          Block_Multiple_Failed_Logins_By_Ip: 'false',
        });
        if (isJoined) {
          assert.equal(await here.logIn('bob', 'bob-pw'), 'ldap');
          const bob = await find(here, 'bob');
          const { id } = bob ?? assert.fail('no bob');
          assert.equal(await here.world.store.accounts.edit(id, { username: 'robert' }, 0, sampleAudit(id)), 'done');
        }
        const squatter = await here.world.add('bob', { email: { address: 'squatter@example.com', verified: true } });
        const guesses = (): number => here.road.heard().split('a guess').length - 1;
        for (let round = 0; round < 3; round += 1) {
          for (let guess = 0; guess < 2; guess += 1) {
            assert.equal(await here.logIn('bob', 'a guess', caller({ userAgent: 'guesser/1' })), 'wrong-credentials');
          }
          assert.equal(await here.logIn('bob', password), 'password');
        }
        assert.equal(guesses(), 3, `${joins} ${String(isJoined)}`);
        // The block of the entry hides no guess at the local password.
        for (let guess = 0; guess < 3; guess += 1) {
          assert.equal(await here.logIn('bob', 'x', caller({ userAgent: 'guesser/1' })), 'wrong-credentials');
        }
        assert.equal(await here.logIn('bob', password, caller({ userAgent: 'guesser/1' })), 'account-blocked');
        assert.equal((await find(here, 'bob'))?.id, squatter.id);
      }
    }
  });

  it('asks for the second factor after the right password, and only then', async () => {
    const here = await ground({ LDAP_Merge_Existing_Users: 'true' });
    const owner = await appOwner(here.world, 'alice');
    const claim = { by: 'username', value: 'alice' } as const;
    assert.equal(await here.logIn('alice', 'wrong'), 'wrong-credentials');
    assert.equal(await here.logIn('alice', 'alice-pw'), 'factor-required');
    here.world.clock.move(60_000);
    const { directory } = here.world.app;
    assert.equal(await outcomeOf(directory.logIn(claim, 'wrong', caller(), bring(owner.code()))), 'wrong-credentials');
    assert.equal(await outcomeOf(directory.logIn(claim, 'alice-pw', caller(), bring('000000'))), 'factor-wrong');
    assert.equal(await outcomeOf(directory.logIn(claim, 'alice-pw', caller(), bring(owner.code()))), 'passed');
  });

  it('works as much for every refusal, and tells the log no password', async () => {
    const here = await ground();
    await here.world.add('carol');
    assert.equal(await here.logIn('alice', 'alice-pw'), 'ldap');
    for (const mode of ['lead', 'shut'] as const) {
      here.road.mode = mode;
      here.road.cut();
      for (const name of ['alice', 'bob', 'carol', 'locked', 'nobody', '*', 'nobody@example.test']) {
        const former = here.world.hasher.checks();
        assert.equal(await here.logIn(name, 'a wrong password'), 'wrong-credentials', name);
        assert.equal(here.world.hasher.checks() - former, 1, `${mode} ${name}`);
      }
    }
    assert.ok(here.logged.length > 0);
    assert.doesNotMatch(JSON.stringify([here.logged, here.world.failures]), /svc-secret|alice-pw|a wrong password/u);
  });

  it('knows one spelling of a name, where the directory knows many', async () => {
    const here = await ground({ LDAP_User_Search_Field: 'cn', LDAP_Username_Field: 'uid' });
    assert.equal(await here.logIn('No Mail', 'nomail-pw'), 'ldap');
    assert.equal(await here.logIn('no mail', 'nomail-pw'), 'ldap');
    assert.equal(await here.logIn(' no mail ', 'nomail-pw'), 'ldap');
    for (const name of ['no  mail', 'no   mail', 'no\u2003 mail']) {
      assert.equal(await here.logIn(name, 'nomail-pw'), 'wrong-credentials', name);
    }
  });

  it('makes one account of one person who comes often at once', async () => {
    for (const fallback of ['false', 'true']) {
      const here = await ground({ LDAP_Login_Fallback: fallback });
      const kinds = await Promise.all(Array.from({ length: 8 }, async () => await here.logIn('alice', 'alice-pw')));
      assert.deepEqual([...new Set(kinds)], ['ldap']);
      assert.equal(await here.logIn('alice', 'alice-pw'), 'ldap');
    }
  });

  it('is asked at the pages of this server as well', async () => {
    const here = await ground();
    const claim = { by: 'username', value: 'alice' } as const;
    const { page } = here.world.app;
    const done = await page.logIn(claim, { plain: 'alice-pw' }, caller({ door: 'page' }));
    assert.equal('loggedIn' in done && done.loggedIn.kind, 'ldap');
    assert.equal(await outcomeOf(page.logIn(claim, { plain: 'wrong' }, caller({ door: 'page' }))), 'wrong-credentials');
  });

  it('lets nobody part from it by themselves', async () => {
    const here = await ground();
    const { app, store } = here.world;
    const signedOf = async (name: string, given: string) => {
      const { account, text } = await app.directory.logIn({ by: 'username', value: name }, given, caller());
      return await app.session.authenticate(account.id, text);
    };
    const alice = await signedOf('alice', 'alice-pw');
    await here.world.add('root', { roles: ['admin'] });
    const root = await signedOf('root', password);
    const [named] = await store.identities.ofAccount(alice.account.id);
    assert.ok(named !== undefined);
    const part = async (by: typeof alice): Promise<string> =>
      await outcomeOf(app.identity.unlink(by, alice.account, named, undefined, caller()));
    assert.equal(await part(alice), 'permission-missing');
    assert.equal(await part(root), 'identity-last-way-in');
    await app.host.setPassword(alice.account.id, { plain: 'a local password of hers' }, caller());
    assert.equal(await part(root), 'passed');
    assert.equal(await here.logIn('alice', 'a local password of hers'), 'password');
  });

  it('follows settings as they change', async () => {
    const here = await ground();
    const change = async (id: string, value: unknown): Promise<void> => {
      await here.world.app.host.changeSetting(id, value, caller({ door: 'cli' }));
    };
    assert.equal(await here.logIn('alice', 'alice-pw'), 'ldap');
    await change('LDAP_BaseDN', 'ou=groups,dc=example,dc=test');
    assert.equal(await here.logIn('alice', 'alice-pw'), 'wrong-credentials');
    await change('LDAP_BaseDN', 'dc=example,dc=test');
    assert.equal(await here.logIn('alice', 'alice-pw'), 'ldap');
    await change('LDAP_Authentication_Password', 'wrong');
    assert.equal(await here.logIn('alice', 'alice-pw'), 'wrong-credentials');
    await change('LDAP_Enable', false);
    const alice = await find(here, 'alice');
    assert.equal(await here.logIn('alice', 'alice-pw'), 'wrong-credentials');
    await here.world.app.host.setPassword(alice?.id ?? '', { plain: 'a local password of hers' }, caller());
    assert.equal(await here.logIn('alice', 'a local password of hers'), 'password', 'off is off');
  });

  it('keeps an account that was closed here closed', async () => {
    const here = await ground();
    assert.equal(await here.logIn('alice', 'alice-pw'), 'ldap');
    const alice = await find(here, 'alice');
    await here.world.app.host.setOpen(alice?.id ?? '', false, caller());
    assert.equal(await here.logIn('alice', 'alice-pw'), 'account-closed');
    assert.equal(await here.logIn('alice', 'wrong'), 'wrong-credentials');
  });

  it('does not give the account of somebody who left to whoever has the id now', async () => {
    const here = await ground();
    const numbered = (uid: string): string =>
      personLdif(uid, [
        `mail: ${uid}@example.test`,
        'objectClass: posixAccount',
        'uidNumber: 20777',
        'gidNumber: 1',
        `homeDirectory: /home/${uid}`,
      ]);
    await slapd.apply(numbered('leaver'));
    assert.equal(await here.logIn('leaver', 'leaver-pw'), 'ldap');
    await slapd.apply(`dn: uid=leaver,${people}\nchangetype: delete\n`);
    await slapd.apply(numbered('joiner'));
    assert.equal(await here.logIn('joiner', 'joiner-pw'), 'identity-username-taken');
    assert.equal(await here.logIn('leaver', 'leaver-pw'), 'wrong-credentials');
    assert.ok(JSON.stringify(here.logged).includes(`uid=joiner,${people}`), 'the operator hears of it');
    await slapd.apply(`dn: uid=joiner,${people}\nchangetype: delete\n`);
    // The same name again, of another person: the directory's own id of the entry tells.
    const named = (mail: string): string => personLdif('again', [`mail: ${mail}@example.test`]);
    await slapd.apply(named('first'));
    assert.equal(await here.logIn('again', 'again-pw'), 'ldap');
    await slapd.apply(`dn: uid=again,${people}\nchangetype: delete\n`);
    await slapd.apply(named('second'));
    assert.equal(await here.logIn('again', 'again-pw'), 'identity-username-taken');
    await slapd.apply(`dn: uid=again,${people}\nchangetype: delete\n`);
    // As in a directory that was built anew: the same person, once an operator says so.
    await slapd.apply(named('first'));
    assert.equal(await here.logIn('again', 'again-pw'), 'identity-username-taken');
    await here.world.app.directory.sync({ caller: caller({ door: 'cli' }), acceptsNewEntries: true });
    assert.equal(await here.logIn('again', 'again-pw'), 'ldap');
  });

  it('follows names and addresses at each sign-in, if it shall', async () => {
    const here = await ground();
    const still = await ground({ LDAP_Update_Data_On_Login: 'false' });
    await slapd.apply(personLdif('mover', ['cn: Before', 'mail: before@example.test']));
    for (const one of [here, still]) assert.equal(await one.logIn('mover', 'mover-pw'), 'ldap');
    const change = 'changetype: modify\nreplace: cn\ncn: After\n-\nreplace: mail\nmail: after@example.test\n';
    await slapd.apply(`dn: uid=mover,${people}\n${change}`);
    for (const one of [here, still]) assert.equal(await one.logIn('mover', 'mover-pw'), 'ldap');
    const [followed, stayed] = [await find(here, 'mover'), await find(still, 'mover')];
    assert.deepEqual(
      [followed, stayed].map((account) => [account?.name, account?.emails.map(({ address }) => address)]),
      [
        ['After', ['after@example.test']],
        ['Before', ['before@example.test']],
      ],
    );
  });

  it('takes what entries hold within bounds', async () => {
    const here = await ground({ LDAP_Name_Field: '#{cn} (#{department})', LDAP_Username_Field: 'employeeNumber,uid' });
    const long = 'x'.repeat(1_000_000);
    const many = Array.from({ length: 5_000 }, (_value, at) => `description: value ${String(at)}`);
    const noise = Buffer.from(Array.from({ length: 256 }, (_byte, at) => at)).toString('base64');
    await slapd.apply(
      personLdif('big', [
        'mail: big@example.test',
        `department: ${long}`,
        `blob:: ${Buffer.alloc(1_000_000, 7).toString('base64')}`,
        `objectGUID:: ${noise}`,
        ...many,
      ]),
    );
    assert.equal(await here.logIn('big', 'big-pw'), 'ldap');
    const big = await find(here, 'big');
    assert.ok((big?.name ?? '').length <= 256);
    const known = await here.world.store.identities.ofAccount(big?.id ?? '');
    assert.equal(known[0]?.subject, Buffer.from(noise, 'base64').toString('hex'));
    assert.ok(JSON.stringify(known[0]?.facts).length < 4_000);
    assert.equal(await here.logIn('html', 'html-pw'), 'ldap');
    assert.doesNotMatch((await find(here, 'html'))?.name ?? '<', /[<>]/u);
  });

  it('does not let two people share an address', async () => {
    const here = await ground();
    await slapd.apply(personLdif('twin', ['mail: alice@example.test']));
    assert.equal(await here.logIn('alice', 'alice-pw'), 'ldap');
    assert.equal(await here.logIn('twin', 'twin-pw'), 'identity-address-taken');
    assert.equal(await here.logIn('nomail', 'nomail-pw'), 'ldap');
    assert.deepEqual((await find(here, 'nomail'))?.emails, []);
  });

  it('makes an address of the default domain for those without one', async () => {
    const here = await ground({ LDAP_Default_Domain: 'made.test' });
    assert.equal(await here.logIn('nomail', 'nomail-pw'), 'ldap');
    assert.deepEqual(
      (await find(here, 'nomail'))?.emails.map(({ address }) => address),
      ['nomail@made.test'],
    );
  });

  it('gives the roles that groups decide', async () => {
    const here = await ground({
      LDAP_Sync_User_Data_Roles: 'true',
      LDAP_Sync_User_Data_RolesMap: '{"rocket-admin":"bot"}',
    });
    assert.equal(await here.logIn('alice', 'alice-pw'), 'ldap');
    assert.deepEqual((await find(here, 'alice'))?.roles.includes('bot'), true);
    assert.equal(await here.logIn('bob', 'bob-pw'), 'ldap');
    assert.deepEqual((await find(here, 'bob'))?.roles.includes('bot'), false);
  });
});
