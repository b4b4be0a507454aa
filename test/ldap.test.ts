// Signing in with a directory, against a real OpenLDAP, at every door (providers.md §4; attacks L01-L03, L09, L17).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sha256Hex } from '../src/lib/digest.ts';
import { withAllDoors } from './all-doors.ts';
import { appOwner } from './factor-owner.ts';
import { openSlapd, type Slapd, slapdMissing } from './slapd.ts';
import { directoryPassword, namesWithMeaning } from './slapd-ldif.ts';

const missing = slapdMissing();
const unlimited = { OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Enabled: 'false' };
const set = (settings: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));

interface Case {
  readonly name: string;
  readonly password: string;
  readonly isIn: boolean;
}

const ofDirectory = (name: string, password = directoryPassword(name)): Case => ({ name, password, isIn: true });
const refused = (name: string, password = directoryPassword(name)): Case => ({ name, password, isIn: false });

/** What is typed, at every door and over every kind of connection. */
const cases: readonly Case[] = [
  ofDirectory('alice'),
  ofDirectory('ALICE', 'alice-pw'),
  ofDirectory('alice@example.test', 'alice-pw'),
  ofDirectory('nomail'),
  ...namesWithMeaning.map(({ uid }) => ofDirectory(uid)),
  refused('alice', 'bob-pw'),
  refused('alice', ' '),
  refused('alice', '\u0000'),
  refused('alice', 'alice-pw\u0000'),
  refused('alice', ' alice-pw'),
  refused('nobody', 'nobody-pw'),
  refused('locked'),
  refused('off-ad'),
  refused('off-389'),
  refused('off-edir'),
  refused('off-oid'),
  // Filters instead of names (L02), and spellings that only the directory takes for the name.
  ...[
    '*',
    'a*',
    'alic?',
    '*)(uid=*))(|(uid=*',
    String.raw`\2a`,
    ')(&',
    'admin)(!(&(1=0',
    'alice)(uid=*',
    'al\u00ADice',
  ].map((name) => refused(name, 'alice-pw')),
  refused('uid=alice,ou=people,dc=example,dc=test', 'alice-pw'),
];

describe('signing in with a directory', { skip: missing ?? false }, () => {
  let slapd: Slapd;
  let yesSayer: Slapd;
  before(async () => {
    [slapd, yesSayer] = await Promise.all([openSlapd(), openSlapd({ allowEmpty: true })]);
  });
  after(async () => {
    await Promise.all([slapd.stop(), yesSayer.stop()]);
  });

  const kinds: readonly { readonly name: string; readonly env: () => Record<string, string> }[] = [
    { name: 'in clear', env: () => ({}) },
    { name: 'by StartTLS', env: () => set({ LDAP_Encryption: 'tls', LDAP_CA_Cert: `${slapd.ca}\n${yesSayer.ca}` }) },
    {
      name: 'by LDAPS',
      env: () =>
        set({
          LDAP_Encryption: 'ssl',
          LDAP_CA_Cert: `${yesSayer.ca}\n${slapd.ca}`,
          LDAP_Port: String(slapd.tlsPort),
          LDAP_Host: 'localhost',
        }),
    },
  ];
  for (const { name: kind, env } of kinds) {
    it(`takes whom it should and nobody else, ${kind}`, async () => {
      const fields = set({ LDAP_User_Search_Field: 'uid,mail' });
      await withAllDoors({ ...slapd.env, ...env(), ...fields, ...unlimited }, async ({ rest, world }) => {
        for (const { name, password, isIn } of cases) {
          const direct = { ldap: true, username: name, ldapPass: password, ldapOptions: {} };
          const forms: readonly unknown[] = [
            { user: name, password },
            { username: name, password },
            ...(name.includes('@') ? [{ email: name, password }] : []),
            direct,
            {
              ldap: true,
              username: name.includes('@') ? { email: name } : { username: name },
              ldapPass: password,
              ldapOptions: {},
            },
          ];
          for (const body of forms) {
            const { status, json } = await rest('post', '/api/v1/login', {}, body);
            assert.equal(status, isIn ? 200 : 401, `${JSON.stringify(body)} ${JSON.stringify(json)}`);
            if (!isIn) assert.equal(json['error'], 'Unauthorized', JSON.stringify(body));
          }
          const frame = await world.client().ask('login', direct);
          const result = frame['result'] as { readonly type: string } | undefined;
          assert.equal(result?.type, isIn ? 'ldap' : undefined, `${name} ${JSON.stringify(frame)}`);
          if (!isIn) assert.equal((frame['error'] as { readonly error: unknown }).error, 403, name);
        }
      });
    });
  }

  it('asks no directory about an empty password, not even one that would say yes', async () => {
    await withAllDoors({ ...yesSayer.env, ...unlimited }, async ({ rest, world }) => {
      for (const ldapPass of ['', ' ', '\t', '\u0000', '\u0000alice-pw']) {
        const form = { ldap: true, username: 'alice', ldapPass, ldapOptions: {} };
        assert.equal((await rest('post', '/api/v1/login', {}, form)).status, 401, JSON.stringify(ldapPass));
        const plain = { user: 'alice', password: ldapPass };
        assert.equal((await rest('post', '/api/v1/login', {}, plain)).status, 401, JSON.stringify(ldapPass));
        assert.ok('error' in (await world.client().ask('login', form)));
      }
      assert.equal(await world.app.account.find({ by: 'username', value: 'alice' }), undefined);
      const form = { ldap: true, username: 'alice', ldapPass: 'alice-pw', ldapOptions: {} };
      assert.equal((await rest('post', '/api/v1/login', {}, form)).status, 200);
    });
  });

  it('takes members of the group only, whatever their names hold', async () => {
    const group = set({
      LDAP_Group_Filter_Enable: 'true',
      LDAP_Group_Filter_Group_Member_Format: '#{userdn}',
    });
    const ofDn = set({ LDAP_Group_Filter_Group_Member_Format: 'uid=#{username},ou=people,dc=example,dc=test' });
    for (const env of [group, { ...group, ...ofDn }]) {
      await withAllDoors({ ...slapd.env, ...env, ...unlimited }, async ({ rest }) => {
        for (const [user, status] of [
          ['alice', 200],
          ['a,b', 200],
          ['g(h)', 200],
          ['bob', 401],
          ['c+d', 401],
        ] as const) {
          const { status: got } = await rest('post', '/api/v1/login', {}, { user, password: directoryPassword(user) });
          assert.equal(got, status, user);
        }
      });
    }
  });

  it('does not take a digest, nor an ordinary realtime log-in, for a directory account', async () => {
    await withAllDoors({ ...slapd.env, ...unlimited }, async ({ rest, world }) => {
      const digest = { digest: sha256Hex('alice-pw'), algorithm: 'sha-256' };
      assert.equal((await rest('post', '/api/v1/login', {}, { user: 'alice', password: 'alice-pw' })).status, 200);
      assert.equal((await rest('post', '/api/v1/login', {}, { user: 'alice', password: digest })).status, 401);
      for (const password of ['alice-pw', digest]) {
        assert.ok('error' in (await world.client().ask('login', { user: { username: 'alice' }, password })));
      }
    });
  });

  it('is tried by administrators, and told with nothing that is secret', async () => {
    const secrets = /svc-secret|alice-pw/u;
    const trials = [
      { env: {}, test: [200, 'LDAP_Connection_successful'], search: [200, 'LDAP_User_Found'] },
      {
        env: set({ LDAP_Authentication_Password: 'svc-secret-2' }),
        test: [400, 'Connection_failed'],
        search: [400, 'Connection_failed'],
      },
      { env: set({ LDAP_Port: '1' }), test: [400, 'Connection_failed'], search: [400, 'Connection_failed'] },
      { env: set({ LDAP_Enable: 'false' }), test: [400, 'LDAP_disabled'], search: [400, 'LDAP_disabled'] },
    ] as const;
    for (const { env, test, search } of trials) {
      await withAllDoors({ ...slapd.env, ...env, ...unlimited }, async ({ rest, headers, world }) => {
        await world.add('root', { roles: ['admin'] });
        await world.add('carol');
        const root = await headers('root');
        const asked = async (url: string, body: object, as = root) => {
          const { status, json } = await rest('post', `/api/v1/${url}`, as, body);
          assert.doesNotMatch(JSON.stringify(json), secrets);
          return [status, json[status === 200 ? 'message' : 'error']];
        };
        assert.deepEqual(await asked('ldap.testConnection', {}), test);
        assert.deepEqual(await asked('ldap.testSearch', { username: 'alice' }), search);
        const none = search[0] === 200 ? [400, 'User not found'] : search;
        for (const username of ['nobody', '*', ' ']) {
          assert.deepEqual(await asked('ldap.testSearch', { username }), none, username);
        }
        assert.equal((await asked('ldap.testSearch', { username: { $ne: '' } }))[0], 400);
        const carol = await headers('carol');
        for (const url of ['ldap.testConnection', 'ldap.testSearch']) {
          assert.equal((await asked(url, { username: 'alice' }, carol))[0], 403);
          assert.equal((await asked(url, { username: 'alice' }, {}))[0], 401);
        }
        const kept = await rest('get', '/api/v1/settings/LDAP_Authentication_Password', root);
        assert.equal(kept.status, 200);
        assert.doesNotMatch(JSON.stringify(kept.json), secrets);
      });
    }
  });

  it('takes the second factor in every form, after the right password only', async () => {
    const joins = set({ LDAP_Merge_Existing_Users: 'true' });
    await withAllDoors({ ...slapd.env, ...joins, ...unlimited }, async ({ rest, world }) => {
      const owner = await appOwner(world, 'alice');
      const login = { ldap: true, username: 'alice', ldapPass: 'alice-pw', ldapOptions: {} };
      const wrong = { ...login, ldapPass: 'wrong' };
      const plain = { user: 'alice', password: 'alice-pw' };
      const post = async (body: object, headers: Record<string, string> = {}): Promise<unknown> => {
        const { status, json } = await rest('post', '/api/v1/login', headers, body);
        return status === 200 ? 200 : json['error'];
      };
      for (const form of [login, plain]) assert.equal(await post(form), 'totp-required');
      for (const form of [wrong, { ...plain, password: 'wrong' }]) {
        assert.equal(await post({ ...form, code: owner.code() }), 'Unauthorized');
      }
      assert.equal(await post({ totp: { code: owner.code(), login: wrong } }), 'Unauthorized');
      assert.equal(await post({ ...plain, code: '000000' }), 'totp-invalid');
      const ways: readonly (() => Promise<unknown>)[] = [
        async () => await post({ ...plain, code: owner.code() }),
        async () => await post(plain, { 'x-2fa-code': owner.code() }),
        async () => await post({ totp: { code: owner.code(), login } }),
        async () => {
          const { result } = await world.client().ask('login', { totp: { code: owner.code(), login } });
          return result === undefined ? undefined : 200;
        },
      ];
      for (const way of ways) {
        world.clock.move(60_000);
        assert.equal(await way(), 200);
      }
      const { error } = await world.client().ask('login', { totp: { code: owner.code(), login: wrong } });
      assert.equal((error as { readonly error: unknown }).error, 403);
    });
  });

  it('refuses what is no form of it', async () => {
    await withAllDoors({ ...slapd.env, ...unlimited }, async ({ rest, world }) => {
      const options = { ldap: true, ldapOptions: {} };
      for (const form of [
        { ...options, username: { $ne: null }, ldapPass: 'alice-pw' },
        { ...options, username: { username: 'alice', email: 'x' }, ldapPass: 'alice-pw' },
        { ...options, username: ['alice'], ldapPass: 'alice-pw' },
        { ...options, username: 'alice', ldapPass: { $gt: '' } },
        { ...options, username: 'alice', ldapPass: ['alice-pw'] },
        { ...options, username: 'alice' },
        { ...options, username: 'x'.repeat(2000), ldapPass: 'alice-pw' },
        { ldap: true, username: 'alice', ldapPass: 'alice-pw' },
        { ldap: true, username: 'alice', ldapPass: 'alice-pw', ldapOptions: null },
      ]) {
        assert.equal((await rest('post', '/api/v1/login', {}, form)).status, 401, JSON.stringify(form));
        const { error } = await world.client().ask('login', form);
        assert.equal((error as { readonly error: unknown } | undefined)?.error, 400, JSON.stringify(form));
      }
    });
  });
});
