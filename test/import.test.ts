import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { plainOptions } from '../src/core/application/application.ts';
import { HashQueue } from '../src/core/password/hash-queue.ts';
import { openHasher } from '../src/core/password/open-hasher.ts';
import { toBase32 } from '../src/lib/base32.ts';
import { sha256Base64, sha256Hex } from '../src/lib/digest.ts';
import { sealerOf } from '../src/lib/seal.ts';
import { codeOfStep, stepOf } from '../src/lib/totp.ts';
import { openPostgres } from '../src/stores/postgres/open.ts';
import { call } from './command-line.ts';
import { archiveOf, bsonOf, type Documents, jsonOf, person, zipped } from './dump.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { caller, openWorld, type World } from './world.ts';

const hasher = openHasher({ queue: new HashQueue({ atOnce: 2, waiting: 99 }), method: () => 'bcrypt' });
const password = 'a password of long ago';

interface Line {
  readonly kind: string;
  readonly id: string;
  readonly outcome: string;
  readonly findings: readonly { readonly level: string; readonly reason: string; readonly part?: string }[];
}

for (const backend of ['SQLite', 'PostgreSQL'] as const) {
  describe(`countersign import on ${backend}`, () => {
    let postgres: Postgres | undefined;
    let folder: string;
    let bcrypt: string;
    let files = 0;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'countersign-import-'));
      if (backend === 'PostgreSQL') postgres = await startPostgres();
      bcrypt = await hasher.make(sha256Hex(password));
    });
    after(async () => {
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const file = (name: string, bytes: Buffer): string => {
      files += 1;
      mkdirSync(join(folder, String(files)));
      const path = join(folder, String(files), name);
      writeFileSync(path, bytes);
      return path;
    };
    const make = (n: number, now: number, given: { services?: object; more?: object } = {}) =>
      person(n, { password, bcrypt, now, ...given });
    const open = async (options: NonNullable<Parameters<typeof openWorld>[0]>): Promise<World> => {
      const url = await postgres?.freshDatabase();
      return await openWorld({
        ...options,
        ...(url === undefined ? {} : { open: async (clock) => await openPostgres({ url, clock }) }),
      });
    };
    const inWorld = async (act: (world: World) => Promise<void>, env: Record<string, string> = {}): Promise<void> => {
      const world = await open({ env, parts: { hasher } });
      try {
        await act(world);
      } finally {
        await world.close();
      }
    };
    const imported = async (world: World, path: string, ...more: readonly string[]): Promise<readonly Line[]> => {
      const report = `${path}.report`;
      const { code, err } = await call(world, 'import', 'rocketchat', path, '--quiet', '--report', report, ...more);
      assert.equal(code, 0, err);
      const lines = readFileSync(report, 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      rmSync(report);
      return lines.map((line) => JSON.parse(line) as Line).filter(({ kind }) => kind !== 'run');
    };
    const reasonsOf = (lines: readonly Line[], id: string): readonly string[] =>
      lines
        .filter((line) => line.id === id)
        .flatMap(({ outcome, findings }) => [outcome, ...findings.map((f) => f.reason)]);

    const forms: Readonly<Record<string, (users: Documents) => [string, Buffer]>> = {
      'an archive': (users) => ['dump.archive', archiveOf({ rocketchat_message: users, users })],
      'a compressed archive': (users) => ['dump', zipped(archiveOf({ users, rocketchat_message: users }))],
      'BSON': (users) => ['users.bson', bsonOf(users)],
      'compressed BSON': (users) => ['users.bson.gz', zipped(bsonOf(users))],
      'BSON under any name': (users) => ['people', bsonOf(users)],
      'canonical JSON lines': (users) => ['users.json', jsonOf(users)],
      'relaxed JSON lines': (users) => ['anything.json', jsonOf(users, { relaxed: true })],
      'a JSON array': (users) => ['users.json', jsonOf(users, { array: true })],
      'a pretty JSON array': (users) => ['users.json', jsonOf(users, { array: true, pretty: true, relaxed: true })],
      'compressed JSON': (users) => ['users.json.gz', zipped(jsonOf(users, { relaxed: true }))],
    };
    // How a file is read has nothing to do with the store: one form is enough for the other.
    for (const [form, write] of Object.entries(forms).slice(0, backend === 'SQLite' ? undefined : 1)) {
      it(`reads ${form}, told by its content`, async () => {
        await inWorld(async (world) => {
          const people = [1, 2, 3, 4, 5, 6, 7].map((n) => make(n, world.clock.now()));
          const lines = await imported(world, file(...write(people.map(({ document }) => document))));
          assert.deepEqual(
            lines.map(({ id, outcome }) => [id, outcome]),
            people.map(({ id }) => [id, 'brought-in']),
          );
          const account = await world.app.account.byId('mongo000000000002');
          assert.deepEqual(
            { ...account, secondFactors: undefined },
            {
              id: 'mongo000000000002',
              username: 'person2',
              name: 'Person 2',
              kind: 'user',
              emails: [{ address: 'person2@example.com', verified: true }],
              roles: ['user'],
              open: true,
              closedBecause: undefined,
              signUpReason: undefined,
              avatarTag: undefined,
              hasPassword: true,
              secondFactors: undefined,
              passwordChange: undefined,
              chosenStatus: 'online',
              statusText: '',
              statusEndsAt: undefined,
              bio: 'writes tests',
              nickname: 'P2',
              language: 'de',
              utcOffset: 1,
              preferences: { enableAutoAway: true, messageViewMode: 0 },
              customFields: { team: 'team 2' },
              createdAt: Date.parse('2022-03-04T05:06:07Z'),
              updatedAt: world.clock.now() - 1000,
              lastLogInAt: world.clock.now() - 2000,
            },
          );
          assert.equal((await world.signIn('person5', password)).account.id, '000000000000000000000005');
        });
      });
    }

    it('leaves everybody with what they hold: session, personal token, app, backup code, links', async () => {
      await inWorld(async (world) => {
        const { app, clock } = world;
        const secret = toBase32(Buffer.alloc(32, 9));
        const codes = ['abcdEFGH', 'ijklMNOP'];
        const ada = make(1, clock.now(), {
          services: {
            totp: { enabled: true, secret, hashedBackup: codes.map(sha256Hex), tempSecret: 'x' },
            email2fa: { enabled: true, changedAt: new Date() },
            google: { id: '1234567890', email: 'ada@gmail.example', accessToken: 'a-secret-of-google', expiresAt: 1 },
            github: { id: 4711, username: 'ada' },
            saml: { nameID: 'ada@corp', idpSession: '_1', provider: 'default' },
            passwordHistory: [bcrypt, '$2b$31$tooDear'],
          },
          more: { roles: ['user', 'admin', 'gone'] },
        });
        const lines = await imported(world, file('users.json', jsonOf([ada.document])));
        assert.deepEqual(reasonsOf(lines, ada.id), ['brought-in', 'role-unknown', 'administrator']);

        assert.equal((await app.session.resume(ada.sessionText, caller({ door: 'ddp' }))).account.id, ada.id);
        const signed = await app.session.authenticate(ada.id, ada.sessionText);
        assert.equal(signed.account.id, ada.id);
        const personal = await app.session.authenticate(ada.id, ada.personalText);
        assert.deepEqual(
          [personal.token.name, personal.token.skipsSecondFactor, personal.token.endsAt],
          ['bot', true, undefined],
        );
        assert.equal(personal.token.lastPart, ada.personalText.slice(-6));
        assert.equal(signed.token.endsAt, clock.now() - 86_400_000 + 90 * 86_400_000);
        assert.equal((await app.host.tokens(ada.id)).length, 2, 'what had ended stays ended');

        const logIn = async (code: string) =>
          await app.session.logIn({ by: 'username', value: 'person1' }, { plain: password }, caller(), {
            code,
            method: 'totp',
          });
        await assert.rejects(world.signIn('person1', password), { code: 'factor-required' });
        assert.equal((await logIn(codeOfStep(Buffer.alloc(32, 9), stepOf(clock.now())))).account.id, ada.id);
        await assert.rejects(logIn(sha256Hex('abcdEFGH')), { code: 'factor-wrong' });
        assert.equal((await logIn('abcdEFGH')).account.id, ada.id);
        await assert.rejects(logIn('abcdEFGH'), { code: 'factor-wrong' });

        // What is known of a leaked dump must open nothing here either.
        await assert.rejects(app.factor.removeApp(signed, sha256Hex('ijklMNOP'), caller()), {
          code: 'factor-code-wrong',
        });

        const [kept] = await world.store.moving.page(undefined, 1, clock.now());
        assert.deepEqual(kept?.identities, [
          { provider: 'github', subject: '4711', facts: { username: 'ada' } },
          { provider: 'google', subject: '1234567890', facts: { email: 'ada@gmail.example' } },
          { provider: 'saml', subject: 'ada@corp', facts: { provider: 'default' } },
        ]);
        assert.deepEqual(kept?.formerPasswords, [{ hash: bcrypt, at: 0 }]);
        const entries = await world.store.audit.newest(100, ada.id);
        assert.ok(entries.some(({ what, facts }) => what === 'account.bring-in' && facts['source'] === 'rocketchat'));
      });
    });

    it('reports and passes over what is hostile, and never starts a hash of foreign cost', async () => {
      await inWorld(async (world) => {
        const now = world.clock.now();
        const hostile = (n: number, more: object, services: object = {}) => make(n, now, { services, more }).document;
        const salt = `$${'a'.repeat(53)}`;
        const deep = JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`) as object;
        const documents: Documents = [
          hostile(1, {}, { password: { bcrypt: `$2b$31${salt}` } }),
          hostile(2, {}, { password: { bcrypt: { $gt: '' } } }),
          hostile(
            3,
            {},
            { password: { argon2: `$argon2id$v=19$m=4194304,t=3,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}` } },
          ),
          hostile(4, { username: { $ne: null } }),
          hostile(6, { username: '__proto__ x' }),
          hostile(7, { _id: '$where' }),
          hostile(8, { customFields: { $set: { roles: ['admin'] } }, settings: { preferences: { 'a.b': 1 } } }),
          hostile(9, { customFields: deep }),
          hostile(11, { createdAt: 'yesterday', lastLogin: new Date(Number.NaN), _updatedAt: new Date(now * 3) }),
          hostile(12, { username: 'PERSON1' }),
          hostile(13, { username: 'ｐｅｒｓｏｎ1' }),
          hostile(14, { emails: [{ address: 'Person1@Example.com', verified: true }, { address: 'no address' }, 7] }),
          hostile(16, {}, { totp: { enabled: true, secret: '!!' } }),
          hostile(17, {}, { totp: { enabled: 'yes', secret: 'x' } }),
          hostile(
            18,
            {},
            { resume: { loginTokens: [{ when: new Date(now), hashedToken: '../../x' }, 'x', { when: 1 }] } },
          ),
          hostile(19, { active: 'no' }),
          hostile(21, { name: '<script>', bio: 'x'.repeat(5000), roles: 'admin' }),
          hostile(
            22,
            {},
            { resume: { loginTokens: [{ when: new Date(now), hashedToken: sha256Base64(make(1, now).sessionText) }] } },
          ),
          { _id: 'mongo000000000023', services: 7, username: 'x' },
          hostile(
            24,
            { emails: [{ address: 'person1@example.com', verified: true }] },
            { email2fa: { enabled: true } },
          ),
          hostile(
            26,
            {},
            JSON.parse(
              '{"__proto__": {"id": "x"}, "constructor": {"id": "y"}, "google": {"id": {"$gt": 1}}}',
            ) as object,
          ),
        ];
        const lines = await imported(world, file('users.bson', bsonOf(documents)));
        const of = (n: number) => reasonsOf(lines, `mongo${String(n).padStart(12, '0')}`);
        // Their address is somebody else's, who has shown that.
        assert.deepEqual(of(1), ['brought-in', 'password-too-dear', 'email-taken']);
        assert.deepEqual(of(2), ['brought-in', 'wrong-type']);
        assert.deepEqual(of(3), ['brought-in', 'password-too-dear']);
        assert.deepEqual(of(4), ['skipped', 'wrong-type']);
        assert.deepEqual(of(6), ['skipped', 'username-invalid']);
        assert.deepEqual(reasonsOf(lines, '$where'), ['skipped', 'id-unfit']);
        assert.deepEqual(of(8), ['brought-in', 'value-hostile', 'value-hostile']);
        assert.deepEqual(of(9), ['brought-in', 'value-hostile']);
        assert.equal(of(11)[0], 'brought-in');
        assert.ok(of(11).includes('date-broken'));
        assert.deepEqual(of(12), ['skipped', 'username-taken']);
        assert.equal(of(13)[0], 'skipped');
        assert.deepEqual(of(14), ['brought-in', 'wrong-type', 'email-invalid']);
        assert.deepEqual(of(16), ['skipped', 'second-factor-unfit']);
        assert.deepEqual(of(17), ['skipped', 'second-factor-unfit']);
        assert.deepEqual(of(18), ['brought-in', 'token-form', 'token-form', 'token-form']);
        assert.deepEqual(of(19), ['skipped', 'wrong-type']);
        assert.deepEqual(of(21).toSorted(byText), ['brought-in', 'name-changed', 'no-roles', 'too-long', 'wrong-type']);
        assert.deepEqual(of(22), ['brought-in', 'token-taken']);
        assert.deepEqual(of(23), ['skipped', 'wrong-type', 'wrong-type']);
        assert.deepEqual(of(24), ['skipped', 'email-taken', 'second-factor-unfit']);
        assert.equal(of(26)[0], 'brought-in');
        assert.deepEqual((await world.app.account.byId('mongo000000000021'))?.roles, []);
        assert.equal((await world.app.account.byId('mongo000000000001'))?.hasPassword, false);
        assert.equal(({} as Record<string, unknown>)['id'], undefined);
        const posing: Documents = [
          { _id: { _bsontype: 'ObjectId', toString: 1, toHexString: 'x' }, username: 'x' },
          { _id: 'mongo000000000031', username: 'posing', services: { _bsontype: 'Long' }, emails: { length: 3 } },
          { _id: { $oid: 'zz' }, username: 'y' },
          {
            _id: 'mongo000000000032',
            username: 'twice',
            emails: [{ address: { $date: 1 } }],
            createdAt: { $date: 'junk' },
          },
        ];
        const text = Buffer.from(posing.map((document) => JSON.stringify(document)).join('\n'));
        assert.deepEqual(
          (await imported(world, file('users.json', text))).map(({ outcome }) => outcome).toSorted(byText),
          ['brought-in', 'skipped', 'skipped', 'skipped'],
        );
      });
    });

    it('writes nothing on a dry run, and says what it would do, twice of one name included', async () => {
      await inWorld(async (world) => {
        const now = world.clock.now();
        const same = make(3, now, { more: { username: 'person1' } });
        const users = [make(1, now), make(2, now), same].map(({ document }) => document);
        const roles = [{ _id: 'r1', name: 'auditor', scope: 'Users', protected: true, mandatory2fa: true }];
        const path = file(
          'a',
          archiveOf({ users: [...users, make(4, now, { more: { roles: ['r1'] } }).document], rocketchat_roles: roles }),
        );
        const audited = await world.store.audit.newest(100);
        const lines = await imported(world, path, '--dry-run');
        assert.deepEqual(
          lines.map(({ outcome }) => outcome),
          ['brought-in', 'brought-in', 'brought-in', 'skipped', 'brought-in'],
        );
        assert.equal(await world.app.host.countAccounts(), 0);
        assert.deepEqual(await world.store.audit.newest(100), audited);
        assert.equal(world.app.host.roleExists('r1'), false);
        const { out } = await call(world, 'import', 'rocketchat', path, '--dry-run', '--json');
        const told = JSON.parse(out) as { dryRun: boolean; account: Record<string, number>; tokens: number };
        assert.deepEqual(
          [told.dryRun, told.account, told.tokens],
          [true, { 'brought-in': 3, 'already-there': 0, 'skipped': 1 }, 6],
        );
      });
    });

    it('passes over who is there already, and does not revive what they have ended since', async () => {
      await inWorld(async (world) => {
        const people = [1, 2, 3].map((n) => make(n, world.clock.now()));
        const path = file('users.bson', bsonOf(people.map(({ document }) => document)));
        await imported(world, path);
        await world.app.host.endTokens('mongo000000000001', caller());
        const lines = await imported(world, path);
        assert.deepEqual(
          lines.map(({ outcome, findings }) => [outcome, findings.length]),
          people.map(() => ['already-there', 0]),
        );
        assert.deepEqual(await world.app.host.tokens('mongo000000000001'), []);
      });
    });

    it('brings no token for a closed account, and no more than the pools hold', async () => {
      await inWorld(
        async (world) => {
          const now = world.clock.now();
          const many = Array.from({ length: 30 }, (_, n) => ({
            when: new Date(now - n * 1000),
            hashedToken: sha256Base64(`many ${n}`),
          }));
          const users = [
            make(1, now, { more: { active: false, inactiveReason: 'pending_approval', reason: 'I work there' } }),
            make(2, now, { services: { resume: { loginTokens: many } } }),
            make(3, now, { more: { requirePasswordChange: true, requirePasswordChangeReason: 'leaked' } }),
          ];
          const lines = await imported(world, file('users.bson', bsonOf(users.map(({ document }) => document))));
          const closed = await world.app.account.byId('mongo000000000001');
          assert.deepEqual(
            [closed?.open, closed?.closedBecause, closed?.signUpReason],
            [false, 'waits-for-approval', 'I work there'],
          );
          assert.deepEqual(await world.app.host.tokens('mongo000000000001'), []);
          const kept = await world.app.host.tokens('mongo000000000002');
          assert.deepEqual(
            kept.map(({ hash }) => hash),
            many.slice(0, 4).map(({ hashedToken }) => hashedToken),
          );
          assert.deepEqual(reasonsOf(lines, 'mongo000000000002'), ['brought-in', 'tokens-over-cap']);
          const pressed = await world.app.account.byId('mongo000000000003');
          assert.equal(pressed?.passwordChange?.reason, 'leaked');
        },
        { OVERWRITE_SETTING_Countersign_Token_Pool_Interactive: '4' },
      );
    });

    it('brings roles, permissions and settings that were changed, over nothing that the environment fixes', async () => {
      await inWorld(
        async (world) => {
          const user = make(1, world.clock.now(), { more: { roles: ['user', 'r1', 'r2'] } });
          const setting = (_id: string, value: unknown, packageValue: unknown, more: object = {}) => ({
            _id,
            value,
            packageValue,
            valueSource: 'packageValue',
            ...more,
          });
          const path = file(
            'dump',
            archiveOf({
              users: [user.document],
              rocketchat_permissions: [
                { _id: 'create-user', roles: ['r1'] },
                { _id: 'no-such', roles: ['admin'] },
                { _id: 'delete-user', roles: { $ne: 1 } },
              ],
              rocketchat_roles: [
                {
                  _id: 'r1',
                  name: 'Helpdesk',
                  scope: 'Users',
                  description: 'helps',
                  protected: false,
                  mandatory2fa: true,
                },
                { _id: 'admin', name: 'admin', scope: 'Users', protected: true, mandatory2fa: true },
                { _id: 'r2', name: 'Helpdesk', scope: 'Users' },
                { _id: '$x', name: 'hostile', scope: 'Users' },
              ],
              rocketchat_settings: [
                setting('Site_Name', 'Old Home', 'Rocket.Chat'),
                setting('Accounts_LoginExpiration', 30, 90),
                setting('Site_Url', 'https://old.example', ''),
                setting('Accounts_PasswordReset', 'maybe', true),
                setting('SMTP_Password', 'mail secret', ''),
                setting('Message_MaxAllowedSize', 9, 5000),
                setting('Language', 'de', 'en'),
                setting('Accounts_RequireNameForSignUp', true, true),
              ],
              meteor_accounts_loginServiceConfiguration: [{ _id: 'x', service: 'github', secret: 'hush' }],
            }),
          );
          const lines = await imported(world, path);
          const site = lines.filter(({ kind }) => kind !== 'account');
          assert.deepEqual(
            site.map(({ kind, id, outcome, findings }) =>
              [kind, id, outcome, ...findings.map(({ reason }) => reason)].join(' '),
            ),
            [
              'setting Site_Name brought-in',
              'setting Accounts_LoginExpiration brought-in',
              'setting Site_Url skipped of-this-place',
              'setting Accounts_PasswordReset skipped setting-value-invalid',
              'setting SMTP_Password brought-in',
              'setting Message_MaxAllowedSize skipped setting-unknown',
              'setting Language skipped fixed-by-environment',
              'provider github already-there',
              'role r1 brought-in',
              'role admin brought-in',
              'role r2 skipped name-taken',
              'role $x skipped id-unfit',
              'permission create-user brought-in',
              'permission no-such skipped permission-unknown',
              'permission delete-user skipped wrong-type',
            ],
          );
          const { app } = world;
          assert.deepEqual(
            [app.settings.get('Site_Name'), app.settings.get('Accounts_LoginExpiration'), app.settings.get('Language')],
            ['Old Home', 30, 'en'],
          );
          assert.equal(app.settings.get('SMTP_Password'), 'mail secret');
          const stored = await world.store.settings.settings();
          assert.doesNotMatch(JSON.stringify(stored), /mail secret/u);
          assert.deepEqual(app.permissions.rolesOf('create-user').toSorted(byText), ['admin', 'r1']);
          const roles = new Map(app.permissions.roles().map((role) => [role.id, role]));
          assert.deepEqual([roles.get('r1')?.name, roles.get('r1')?.secondFactor], ['Helpdesk', true]);
          assert.deepEqual([roles.get('admin')?.secondFactor, roles.get('admin')?.protected], [true, true]);
          assert.deepEqual((await app.account.byId(user.id))?.roles, ['user', 'r1']);
          // A second run does not loosen what was tightened here since the first.
          await world.store.settings.putPermissions(
            [{ id: 'create-user', roles: ['admin'], updatedAt: world.clock.now() }],
            [],
          );
          await app.permissions.load();
          const again = (await imported(world, path)).find(({ id }) => id === 'create-user');
          assert.deepEqual([again?.outcome, again?.findings.map(({ reason }) => reason)], ['skipped', ['set-here']]);
          assert.deepEqual(app.permissions.rolesOf('create-user'), ['admin']);
          // By the life that came along.
          const [token] = (await app.host.tokens(user.id)).filter(({ pool }) => pool === 'interactive');
          assert.equal((token?.endsAt ?? 0) - (token?.createdAt ?? 0), 30 * 86_400_000);
        },
        { OVERWRITE_SETTING_Language: 'en' },
      );
    });

    it('reads what comes before a break in a file, says where it breaks, and gives exit code 1', async () => {
      await inWorld(async (world) => {
        const users = [1, 2, 3, 4].map((n) => make(n, world.clock.now()).document);
        const archive = archiveOf({ users }, 2);
        const spoilt = Buffer.from(archive);
        spoilt.write('X', archive.indexOf('Person 3'));
        const cases: readonly (readonly [string, Buffer, RegExp, number])[] = [
          ['cut', archive.subarray(0, archive.length - 900), /middle|too early/u, 3],
          ['sum', spoilt, /checksum of meteor.users differs/u, 4],
          ['users.bson.gz', zipped(bsonOf(users)).subarray(0, 700), /damaged or cut off/u, 0],
          ['users.bson', Buffer.concat([bsonOf(users), Buffer.from([3, 0, 0, 0])]), /no document/u, 4],
          ['users.json', jsonOf(users).subarray(0, -10), /middle/u, 4],
          ['empty.json', Buffer.from(''), /empty/u, 4],
          ['text.json', Buffer.from('hello'), /no document/u, 4],
        ];
        for (const [name, bytes, sentence, least] of cases) {
          const { code, out } = await call(world, 'import', 'rocketchat', file(name, bytes), '--quiet');
          assert.equal(code, 1, `${name}: ${out}`);
          assert.match(out, sentence, name);
          assert.ok((await world.app.host.countAccounts()) >= Math.min(least, 3), name);
        }
        const lost = jsonOf(users).toString().split('\n');
        const broken = [lost[0], (lost[1] ?? '').slice(0, 300), lost[2], '{"_id": nothing}', lost[3], ''].join('\n');
        const lines = await imported(world, file('users.json', Buffer.from(broken)));
        assert.deepEqual(
          lines
            .map(({ outcome, findings }) => [outcome, ...findings.map(({ reason }) => reason)].join(' '))
            .toSorted(byText),
          ['already-there', 'already-there', 'already-there', 'skipped unreadable', 'skipped unreadable'],
        );
        const { code, err } = await call(world, 'import', 'rocketchat', '/no/such/file');
        assert.equal(code, 1);
        assert.match(err, /cannot be read/u);
      });
    });

    it('takes argon2id hashes of newer applications', async () => {
      await inWorld(async (world) => {
        const today = openHasher({ queue: new HashQueue({ atOnce: 1, waiting: 9 }), method: () => 'argon2id' });
        const argon2 = await today.make(sha256Hex(password));
        const user = make(1, world.clock.now(), { services: { password: { argon2 } } });
        await imported(world, file('users.bson', bsonOf([user.document])));
        assert.equal((await world.signIn('person1', password)).account.id, user.id);
      });
    });

    it('passes over a document that is too large, and reads on behind it', async () => {
      await inWorld(async (world) => {
        const [one, huge, other] = [1, 2, 3].map((n) => make(n, world.clock.now()).document);
        const padded = { ...huge, avatar: Buffer.alloc(18 * 1_048_576, 65) };
        const users = [one ?? {}, padded, other ?? {}];
        // Small as text, and a hundred times as large in memory.
        const crowded = [one ?? {}, { ...huge, many: Array.from({ length: 600_000 }, () => 1) }, other ?? {}];
        const nested = `{"_id":"x","a":${'['.repeat(600_000)}${']'.repeat(600_000)}}\n`;
        for (const [name, bytes] of [
          ['users.bson', bsonOf(users)],
          ['dump', archiveOf({ users })],
          ['users.json', jsonOf(crowded, { relaxed: true })],
          ['users.json', Buffer.concat([Buffer.from(nested), jsonOf([one ?? {}, other ?? {}])])],
        ] as const) {
          const lines = await imported(world, file(name, bytes), '--dry-run');
          assert.deepEqual(
            lines.map(({ outcome, findings }) => [outcome, ...findings.map(({ reason }) => reason)]),
            [['skipped', 'unreadable'], ['brought-in'], ['brought-in']],
            name,
          );
        }
      });
    });

    it('holds little of a dump of large documents, and passes over settings beyond all measure', async () => {
      await inWorld(async (world) => {
        const bytes = 8 * 1_048_576;
        const people = 45;
        const path = join(folder, `large-${backend}`, 'users.bson');
        mkdirSync(dirname(path));
        for (let n = 1; n <= people; n += 1) {
          const text = 'x'.repeat(bytes);
          const { document } = make(n, world.clock.now(), { more: { settings: { preferences: { text } } } });
          appendFileSync(path, bsonOf([document]));
        }
        const large = { _id: 'Site_Name', value: 'y'.repeat(2 * 1_048_576), packageValue: '' };
        writeFileSync(join(dirname(path), 'rocketchat_settings.bson'), bsonOf([large]));
        const start = process.memoryUsage().rss;
        let most = start;
        const look = setInterval(() => {
          most = Math.max(most, process.memoryUsage().rss);
        }, 5);
        const lines = await imported(world, dirname(path));
        clearInterval(look);
        assert.deepEqual(reasonsOf(lines, 'Site_Name'), ['skipped', 'too-large']);
        assert.equal(lines.filter(({ outcome }) => outcome === 'brought-in').length, people);
        assert.ok(most - start < (people * bytes) / 2, `${Math.round((most - start) / 1_048_576)} MiB more`);
      });
    });

    it('writes its report for the operator alone, and over no file of the dump', async () => {
      await inWorld(async (world) => {
        const bytes = bsonOf([make(1, world.clock.now()).document]);
        const path = file('users.bson', bytes);
        const refused = await call(world, 'import', 'rocketchat', path, '--quiet', '--report', path);
        assert.deepEqual([refused.code, readFileSync(path).equals(bytes)], [1, true]);
        const there = file('report', Buffer.from('old'));
        chmodSync(there, 0o644);
        assert.equal((await call(world, 'import', 'rocketchat', path, '--quiet', '--report', there)).code, 0);
        assert.equal(statSync(there).mode & 0o777, 0o600);
      });
    });

    it('keeps away whose second factor in an export cannot be read', async () => {
      await inWorld(async (world) => {
        const plain = (n: number, more: object) => ({
          kind: 'account',
          id: `a${n}`,
          open: true,
          accountKind: 'user',
          ...more,
        });
        const lines = [
          { kind: 'countersign', form: 1 },
          plain(1, { secondFactors: 'none' }),
          plain(2, { secondFactors: { sealedAppSecret: 7 } }),
          plain(3, { secondFactors: { appSecret: { $ne: 1 } } }),
          plain(4, { secondFactors: { email: 'yes' } }),
          plain(5, { passkeys: [{ id: 'k' }] }),
          plain(6, { passkeys: 'k' }),
          plain(7, { passwordChange: true }),
          plain(8, { secondFactors: {}, passkeys: [] }),
          { kind: 'end', accounts: 8 },
        ];
        const path = file('x.jsonl', Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')));
        const { code, out } = await call(world, 'import', 'countersign', path, '--quiet', '--json');
        assert.equal(code, 0, out);
        const told = JSON.parse(out) as { account: Record<string, number> };
        assert.deepEqual(told.account, { 'brought-in': 1, 'already-there': 0, 'skipped': 7 });
      });
    });

    it('takes another Meteor application: default roles, a name in the profile, tokens in clear', async () => {
      await inWorld(async (world) => {
        const now = world.clock.now();
        const text = 'a-token-in-clear-of-old-times';
        const user = {
          _id: 'AbCdEfGhJkLmNpQrS',
          profile: { name: 'Grace' },
          emails: [{ address: 'grace@example.com', verified: true }],
          services: { password: { bcrypt }, resume: { loginTokens: [{ when: new Date(now), token: text }] } },
        };
        await imported(world, file('users.json', jsonOf([user], { relaxed: true })));
        const { account } = await world.app.session.authenticate('AbCdEfGhJkLmNpQrS', text);
        assert.deepEqual([account.name, account.roles, account.username], ['Grace', ['user'], undefined]);
      });
    });

    it('writes everybody out and reads them back, with the same key and with another', async () => {
      await inWorld(async (world) => {
        const { clock } = world;
        const secret = toBase32(Buffer.alloc(32, 9));
        const people = [
          make(1, clock.now(), {
            services: {
              totp: { enabled: true, secret, hashedBackup: [sha256Hex('abcdEFGH')] },
              google: { id: '77' },
              passwordHistory: [bcrypt],
            },
          }),
          make(2, clock.now(), {
            more: { active: false, roles: ['user', 'r1'], statusExpiresAt: new Date(clock.now() + 1) },
          }),
        ];
        const roles = [{ _id: 'r1', name: 'Helpdesk', scope: 'Users', description: '', mandatory2fa: false }];
        const settings = [
          { _id: 'SMTP_Password', value: 'mail secret', packageValue: '', valueSource: 'packageValue' },
        ];
        const users = people.map(({ document }) => document);
        await imported(world, file('a', archiveOf({ users, rocketchat_roles: roles, rocketchat_settings: settings })));
        const wiki = await world.app.application.host.add(
          {
            name: 'Wiki',
            active: true,
            redirects: 'https://wiki.example/cb',
            options: { ...plainOptions, permissions: ['view-d-room'] },
          },
          caller({ door: 'cli' }),
        );
        const wikiSecret = world.app.application.secretOf(wiki);
        const out = join(folder, 'out.jsonl');
        const exported = await call(world, 'export', out);
        assert.equal(exported.code, 0, exported.err);
        const text = readFileSync(out, 'utf8');
        assert.doesNotMatch(text, new RegExp(`mail secret|${wikiSecret}|${secret}|${people[0]?.sessionText}`, 'u'));
        assert.equal((await call(world, 'export', out)).code, 1, 'never over a file that is there');
        const clearly = await call(world, 'export', '--include-secrets');
        assert.match(clearly.out, /mail secret/u);
        assert.match(clearly.out, new RegExp(secret, 'u'));

        const pageOf = async (one: World) => await one.store.moving.page(undefined, 10, clock.now());
        const original = await pageOf(world);
        await inWorld(async (other) => {
          const { code, out: said } = await call(other, 'import', 'countersign', out, '--quiet');
          assert.equal(code, 0, said);
          assert.deepEqual(await pageOf(other), original);
          assert.equal(other.app.settings.get('SMTP_Password'), 'mail secret');
          assert.equal(other.app.host.roleExists('r1'), true);
          const brought = await other.app.application.byClientId(wiki.clientId);
          assert.deepEqual(brought, { ...wiki, updatedAt: brought?.updatedAt });
          const again = await call(other, 'import', 'countersign', out, '--quiet', '--json');
          const { application } = JSON.parse(again.out) as { application: Record<string, number> };
          assert.deepEqual(application, { 'brought-in': 0, 'already-there': 1, 'skipped': 0 });
          const cut = join(folder, 'cut.jsonl');
          writeFileSync(cut, text.slice(0, text.lastIndexOf('{"kind":"end"')));
          const short = await call(other, 'import', 'countersign', cut, '--quiet');
          assert.equal(short.code, 1);
          assert.match(short.out, /before its last line/u);
        });
        const stranger = { sealer: sealerOf(Buffer.alloc(32, 8)) };
        const other = await open({ parts: { hasher, ...stranger }, clock });
        try {
          const told = join(folder, 'sealed-report.jsonl');
          const sealed = await call(other, 'import', 'countersign', out, '--quiet', '--json', '--report', told);
          assert.match(readFileSync(told, 'utf8'), /"id":"SMTP_Password","outcome":"skipped".*"reason":"other-key"/u);
          assert.match(
            readFileSync(told, 'utf8'),
            /"application".*"outcome":"brought-in".*"reason":"application-secret"/u,
          );
          const unknown = await other.app.application.byClientId(wiki.clientId);
          assert.ok(unknown !== undefined);
          assert.notEqual(other.app.application.secretOf(unknown), wikiSecret);
          await other.app.application.host.remove(unknown.id, caller({ door: 'cli' }));
          const counts = JSON.parse(sealed.out) as { account: Record<string, number> };
          assert.deepEqual(counts.account, { 'brought-in': 1, 'already-there': 0, 'skipped': 1 });
          const clear = join(folder, 'clear.jsonl');
          writeFileSync(clear, clearly.out);
          assert.equal((await call(other, 'import', 'countersign', clear, '--quiet')).code, 0);
          const known = await other.app.application.byClientId(wiki.clientId);
          assert.equal(known === undefined ? '' : other.app.application.secretOf(known), wikiSecret);
          const [ada] = await pageOf(other);
          assert.equal(stranger.sealer.open(ada?.app?.sealedSecret ?? '', `app-secret ${ada?.account.id}`), secret);
          assert.equal((await world.app.host.tokens(ada?.account.id ?? '')).length, 2);
          assert.equal(ada?.backup, undefined);
        } finally {
          await other.close();
        }
        const header = file('not.jsonl', Buffer.from('{"kind":"account"}\n'));
        assert.match((await call(world, 'import', 'countersign', header, '--quiet')).out, /no export/u);
      });
    });

    it('lets one of two runs at the same time bring in each person', async () => {
      await inWorld(async (world) => {
        const users = Array.from({ length: 450 }, (_, n) => make(n + 1, world.clock.now()).document);
        const path = file('users.bson', bsonOf(users));
        const runs = await Promise.all(
          [0, 1].map(async () => await call(world, 'import', 'rocketchat', path, '--json')),
        );
        const told = runs.map(({ out }) => (JSON.parse(out) as { account: Record<string, number> }).account);
        assert.equal(
          told.reduce((sum, account) => sum + (account['brought-in'] ?? 0), 0),
          450,
        );
        assert.equal(await world.app.host.countAccounts(), 450);
      });
    });
  });
}

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}
