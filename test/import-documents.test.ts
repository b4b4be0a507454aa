import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Binary, Code, Decimal128, Long, ObjectId } from 'bson';
import { HashQueue } from '../src/core/password/hash-queue.ts';
import { openHasher } from '../src/core/password/open-hasher.ts';
import { toBase32 } from '../src/lib/base32.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { codeOfStep, stepOf } from '../src/lib/totp.ts';
import { openRestWorld } from '../src/wire/rest/rest-world.suite.ts';
import { Report, type ReportLine } from '../src/wire/shapes/import/report.ts';
import { rocketChat } from '../src/wire/shapes/import/rocketchat.ts';
import { runImport } from '../src/wire/shapes/import/run.ts';
import { archiveOf, type Documents, jsonOf, person } from './dump.ts';
import { comeBack, configOf, credentialToken, environmentOf, oauthBody, stateOf } from './oauth-client.ts';
import { openGithubStub } from './provider-stubs.ts';
import { caller, openWorld, type World } from './world.ts';

const hasher = openHasher({ queue: new HashQueue({ atOnce: 2, waiting: 99 }), method: () => 'bcrypt' });
const password = 'a password of long ago';
const key = Buffer.alloc(20, 9);
const secret = toBase32(key);

type Collections = Readonly<Record<string, Documents>>;

describe('what documents of Rocket.Chat and of other Meteor applications tell', () => {
  let folder: string;
  let bcrypt: string;
  let files = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-documents-'));
    bcrypt = await hasher.make(sha256Hex(password));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const inWorld = async (act: (world: World) => Promise<void>, env: Record<string, string> = {}): Promise<void> => {
    const world = await openWorld({ env, parts: { hasher } });
    try {
      await act(world);
    } finally {
      await world.close();
    }
  };
  const take = async (world: World, bytes: Buffer): Promise<readonly ReportLine[]> => {
    files += 1;
    const path = join(folder, String(files));
    writeFileSync(path, bytes);
    const lines: ReportLine[] = [];
    const broken = await runImport({
      mover: world.app.moving,
      dialect: rocketChat(),
      sources: [{ path, bytes: statSync(path).size }],
      dryRun: false,
      source: 'rocketchat',
      caller: caller({ door: 'cli' }),
      report: new Report(undefined, (line) => lines.push(line)),
      hear: () => undefined,
    });
    assert.deepEqual(broken, []);
    return lines;
  };
  const imported = async (world: World, collections: Collections): Promise<readonly ReportLine[]> =>
    await take(world, archiveOf(collections));
  const told = (lines: readonly ReportLine[], id?: string): readonly string[] =>
    lines
      .filter((line) => id === undefined || line.id === id)
      .map(({ kind, id: of, outcome, findings }) => {
        const reasons = findings.map(({ reason, part }) => (part === undefined ? reason : `${reason} ${part}`));
        return [...(id === undefined ? [kind, of] : []), outcome, ...reasons].join(', ');
      });
  const rolesOf = async (world: World, id: string): Promise<readonly string[] | undefined> =>
    (await world.app.account.byId(id))?.roles;

  /** Somebody of an application that is not Rocket.Chat. */
  const meteor = (id: string, more: object = {}, services: object = {}) => ({
    _id: id,
    username: id.toLowerCase(),
    createdAt: new Date('2024-01-02T03:04:05Z'),
    emails: [{ address: `${id.toLowerCase()}@example.com`, verified: true }],
    services: { password: { bcrypt }, ...services },
    ...more,
  });
  const chatter = (n: number, world: World, given: { services?: object; more?: object } = {}) =>
    person(n, { password, bcrypt, now: world.clock.now(), ...given });

  it('keep the second factor of accounts-2fa, and skip who has one that cannot be kept', async () => {
    await inWorld(async (world) => {
      const factor = (twoFactorAuthentication: unknown) => ({ twoFactorAuthentication });
      const lines = await imported(world, {
        users: [
          meteor('guarded', {}, factor({ secret, type: 'otp' })),
          meteor('pending', {}, factor({ secret })),
          meteor('another', {}, factor({ secret, type: 'sms' })),
          meteor('without', {}, factor({ type: 'otp' })),
          meteor('unfit', {}, factor({ secret: '!!', type: 'otp' })),
          meteor('text', {}, factor('otp')),
          meteor('both', {}, { ...factor({ secret, type: 'otp' }), totp: { enabled: true, secret: 'A'.repeat(32) } }),
          meteor('plain', {}, { passwordless: { tokens: [] }, iframe: { token: 'x' }, loginToken: { token: 'x' } }),
        ],
      });
      const of = (id: string) => told(lines, id);
      assert.deepEqual(of('guarded'), ['brought-in']);
      assert.deepEqual(of('pending'), ['brought-in']);
      assert.deepEqual(of('plain'), ['brought-in']);
      const part = 'services.twoFactorAuthentication';
      assert.deepEqual(of('another'), [`skipped, second-factor-unfit ${part}`]);
      assert.equal(of('without')[0], `skipped, second-factor-unfit ${part}`);
      assert.deepEqual(of('unfit'), ['skipped, second-factor-unfit app']);
      assert.equal(of('text')[0]?.includes('second-factor-unfit'), true);
      assert.deepEqual(of('both'), [`skipped, second-factor-unfit ${part}`]);

      const logIn = async (username: string, code?: string) =>
        await world.app.session.logIn(
          { by: 'username', value: username },
          { plain: password },
          caller(),
          code === undefined ? undefined : { code, method: 'totp' },
        );
      await assert.rejects(logIn('guarded'), { code: 'factor-required' });
      assert.equal((await logIn('guarded', codeOfStep(key, stepOf(world.clock.now())))).account.id, 'guarded');
      assert.equal((await logIn('pending')).account.id, 'pending');
    });
  });

  it('make nobody an administrator who comes without roles', async () => {
    await inWorld(async (world) => {
      const lines = await imported(world, {
        users: [meteor('grace')],
        rocketchat_settings: [
          { _id: 'Accounts_Registration_Users_Default_Roles', value: 'admin,user,gone', packageValue: 'user' },
        ],
      });
      assert.deepEqual(told(lines, 'grace'), ['brought-in, role-too-high roles, role-unknown roles']);
      assert.deepEqual(await rolesOf(world, 'grace'), ['user']);
    });
  });

  it('name roles by their names where Meteor does, and those of a group are left out', async () => {
    await inWorld(async (world) => {
      const lines = await imported(world, {
        users: [
          meteor('named', { roles: ['editor', 'Chief Editor', 'gone'] }),
          meteor('grouped', { roles: { __global_roles__: ['editor'], shop: ['admin'] } }),
          meteor('nobody', { roles: { shop: ['admin'] } }),
        ],
        roles: [
          { _id: 'Xy7randomidofrole', name: 'editor' },
          { _id: 'Xy8randomidofrole', name: 'Chief Editor' },
          { _id: 'Xy9randomidofrole', name: 'admin' },
        ],
      });
      assert.deepEqual(told(lines.filter(({ kind }) => kind === 'role')), [
        'role, editor, brought-in',
        'role, Xy8randomidofrole, brought-in',
        'role, admin, already-there',
      ]);
      assert.deepEqual(told(lines, 'named'), ['brought-in, role-unknown roles']);
      assert.deepEqual((await rolesOf(world, 'named'))?.toSorted(byText), ['Xy8randomidofrole', 'editor', 'user']);
      assert.deepEqual(told(lines, 'grouped'), ['brought-in, role-in-group roles']);
      assert.deepEqual((await rolesOf(world, 'grouped'))?.toSorted(byText), ['editor', 'user']);
      assert.deepEqual(await rolesOf(world, 'nobody'), ['user']);
    });
  });

  it('give roles by the assignments of Meteor, wherever they stand in the file', async () => {
    await inWorld(async (world) => {
      const assigned = (user: unknown, role: string, scope: string | null = null, inherited: string[] = []) => ({
        _id: `${String(user)} ${role}`,
        user: { _id: user },
        role: { _id: role },
        scope,
        inheritedRoles: [role, ...inherited].map((_id) => ({ _id })),
      });
      const other = new ObjectId('65f000000000000000000001');
      const users: Documents = [
        meteor('chief'),
        meteor('local'),
        { ...meteor('other'), _id: other, username: 'other' },
        meteor('free'),
      ];
      const assignments = [
        assigned('chief', 'boss', null, ['editor']),
        assigned('local', 'admin', 'shop'),
        assigned(other, 'editor'),
        { _id: 'x', user: 'chief', role: 7 },
      ];
      const roles = [
        { _id: 'boss', children: [{ _id: 'editor' }] },
        { _id: 'editor', children: [] },
      ];
      const lines = await imported(world, { users, 'role-assignment': assignments, roles });
      assert.deepEqual((await rolesOf(world, 'chief'))?.toSorted(byText), ['boss', 'editor', 'user']);
      assert.deepEqual((await rolesOf(world, String(other)))?.toSorted(byText), ['editor', 'user']);
      assert.deepEqual(await rolesOf(world, 'local'), ['user']);
      assert.deepEqual(told(lines, 'local'), ['brought-in, role-in-group roles']);
      assert.deepEqual(await rolesOf(world, 'free'), ['user']);
    });
  });

  it('keep closed whom Rocket.Chat would not let in', async () => {
    await inWorld(async (world) => {
      const [silent, rootless, visitor] = [1, 2, 3].map((n) => chatter(n, world).document);
      const { active: _active, ...withoutActive } = silent ?? {};
      const { roles: _roles, ...withoutRoles } = rootless ?? {};
      const lines = await imported(world, {
        users: [withoutActive, withoutRoles, { ...visitor, type: 'visitor' }, meteor('elsewhere')],
      });
      assert.equal((await world.app.account.byId('mongo000000000001'))?.open, false);
      assert.deepEqual(await world.app.host.tokens('mongo000000000001'), []);
      assert.deepEqual(await rolesOf(world, 'mongo000000000002'), []);
      assert.deepEqual(told(lines, 'mongo000000000002'), ['brought-in, no-roles roles']);
      assert.deepEqual(told(lines, 'mongo000000000003'), ['skipped, kind-unfit type']);
      assert.equal((await world.app.account.byId('elsewhere'))?.open, true);
    });
  });

  it('keep the end of a status, numbers and ids in custom fields, and most of a name', async () => {
    await inWorld(async (world) => {
      const ends = world.clock.now() + 3_600_000;
      const customFields = {
        number: Long.fromString('9007199254740993'),
        small: Long.fromNumber(7),
        id: new ObjectId('65f000000000000000000001'),
        price: Decimal128.fromString('1.50'),
        nested: [{ at: new Date(0), code: new Code('x') }],
        picture: new Binary(Buffer.from('x')),
        team: 'blue',
      };
      const more = {
        customFields,
        statusText: 'lunch',
        statusDefault: 'busy',
        statusExpiresAt: new Date(ends),
        name: 'R&D <Ops> "x" \\ /y',
        requirePasswordChange: 1,
        requirePasswordChangeReason: 'leaked',
      };
      // Cut in the midst of a letter.
      const long = { name: `${'a'.repeat(255)}😀${'b'.repeat(50)}`, statusExpiresAt: 'soon', requirePasswordChange: 0 };
      const users = [chatter(1, world, { more }), chatter(2, world, { more: long })].map(({ document }) => document);
      const lines = await imported(world, { users });
      assert.deepEqual(told(lines, 'mongo000000000001'), ['brought-in, value-unfit customFields, name-changed name']);
      const one = await world.app.account.byId('mongo000000000001');
      assert.deepEqual(one?.customFields, {
        number: '9007199254740993',
        small: 7,
        id: '65f000000000000000000001',
        price: '1.50',
        nested: [{ at: '1970-01-01T00:00:00.000Z' }],
        team: 'blue',
      });
      assert.deepEqual([one.statusText, one.chosenStatus, one.statusEndsAt], ['lunch', 'busy', ends]);
      assert.equal(one.name, 'R&D Ops "x" y');
      assert.equal(one.passwordChange?.reason, 'leaked');
      const two = await world.app.account.byId('mongo000000000002');
      assert.deepEqual(told(lines, 'mongo000000000002'), [
        'brought-in, date-broken statusExpiresAt, name-changed name',
      ]);
      assert.deepEqual([two?.name?.length, two?.statusEndsAt, two?.passwordChange], [255, undefined, undefined]);
      // Of a text file, what only calls itself a number of MongoDB.
      const posing = { _id: 'posing', username: 'posing', customFields: { x: { _bsontype: 'Long', toString: 'y' } } };
      const again = await take(world, Buffer.from(`${JSON.stringify(posing)}\n`));
      assert.deepEqual(told(again, 'posing'), ['brought-in, value-unfit customFields']);
      assert.deepEqual((await world.app.account.byId('posing'))?.customFields, {});
    });
  });

  it('tell a password that fits beside one that is too dear, and take none that no library can read', async () => {
    await inWorld(async (world) => {
      const dear = `$argon2id$v=19$m=4194304,t=3,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
      const unreadable = `$argon2id$v=19$m=65536,t=3,p=4$${'a'.repeat(22)}$${'b'.repeat(43)}`;
      const lines = await imported(world, {
        users: [
          meteor('spare', {}, { password: { bcrypt, argon2: dear } }),
          meteor('dear', {}, { password: { argon2: dear } }),
          meteor('unreadable', {}, { password: { argon2: unreadable } }),
        ],
      });
      assert.deepEqual(told(lines, 'spare'), ['brought-in']);
      assert.equal((await world.signIn('spare', password)).account.id, 'spare');
      assert.deepEqual(told(lines, 'dear'), ['brought-in, password-too-dear password']);
      assert.deepEqual(told(lines, 'unreadable'), ['brought-in, password-form password']);
      await assert.rejects(world.signIn('unreadable', password), { code: 'wrong-credentials' });
    });
  });

  it('bring third-party applications with their secrets, and close the one whose secret everybody knows', async () => {
    await inWorld(async (world) => {
      const app = (_id: string, more: object = {}) => ({
        _id,
        name: `The ${_id}`,
        active: true,
        clientId: `client-${_id}`,
        clientSecret: `secret of ${_id}`,
        redirectUri: 'https://wiki.example/cb,https://wiki.example/other',
        _createdAt: new Date('2024-01-02T03:04:05Z'),
        _createdBy: { _id: 'Ab3', username: 'ada' },
        _updatedAt: new Date('2024-01-02T03:04:05Z'),
        ...more,
      });
      const published = 'RTK6TlndaCIolhQhZ7_KHIGOKj41RnlaOq_o-7JKwLr';
      const lines = await imported(world, {
        rocketchat_oauth_apps: [
          app('wiki'),
          app('zapier', { clientSecret: published }),
          app('odd', { redirectUri: 'javascript:alert(1)' }),
          app('none', { clientSecret: { $ne: 1 } }),
          app('other', { clientId: 'client-wiki' }),
        ],
      });
      assert.deepEqual(told(lines), [
        'application, wiki, brought-in',
        'application, zapier, brought-in, secret-published active',
        'application, odd, skipped, application-redirect-invalid',
        'application, none, skipped, wrong-type',
        'application, other, skipped, id-taken',
      ]);
      const wiki = await world.app.application.byClientId('client-wiki');
      assert.ok(wiki !== undefined);
      assert.deepEqual(
        [wiki.id, wiki.active, wiki.redirects, wiki.creator, wiki.createdAt],
        [
          'wiki',
          true,
          ['https://wiki.example/cb', 'https://wiki.example/other'],
          { id: 'Ab3', username: 'ada' },
          Date.parse('2024-01-02T03:04:05Z'),
        ],
      );
      assert.equal(world.app.application.secretOf(wiki), 'secret of wiki');
      assert.equal((await world.app.application.byClientId('client-zapier'))?.active, false);
      const again = await take(world, jsonOf([app('wiki')], { relaxed: true }));
      assert.deepEqual(told(again), ['application, wiki, already-there']);
    });
  });

  it('set up the providers that plain Meteor keeps beside its settings', async () => {
    await inWorld(async (world) => {
      const service = (name: string, more: object) => ({
        _id: `s ${name}`,
        service: name,
        loginStyle: 'popup',
        ...more,
      });
      const services = [
        service('google', { clientId: 'google-id', secret: 'hush-google' }),
        service('facebook', { appId: 'facebook-id', secret: 'hush-facebook' }),
        service('twitter', { consumerKey: 'twitter-id', secret: 'hush-twitter' }),
        service('github', { clientId: 'github-id', secret: { iv: 'x', ciphertext: 'y' } }),
        service('weibo', { clientId: 'weibo-id', secret: 'hush-weibo' }),
      ];
      const lines = await imported(world, { meteor_accounts_loginServiceConfiguration: services });
      const { settings } = world.app;
      assert.deepEqual(
        told(lines).filter((line) => !line.endsWith('brought-in')),
        ['provider, github, skipped, set-up-anew', 'provider, weibo, skipped, set-up-anew'],
      );
      assert.deepEqual(
        [
          settings.get('Accounts_OAuth_Google'),
          settings.get('Accounts_OAuth_Google_id'),
          settings.get('Accounts_OAuth_Google_secret'),
          settings.get('Accounts_OAuth_Facebook_id'),
          settings.get('Accounts_OAuth_Twitter_id'),
          settings.get('Accounts_OAuth_Github'),
        ],
        [true, 'google-id', 'hush-google', 'facebook-id', 'twitter-id', false],
      );
      assert.doesNotMatch(JSON.stringify(await world.store.settings.settings()), /hush/u);
      assert.doesNotMatch(JSON.stringify(lines), /hush/u);
    });
  });

  it('let people in by the provider that they have a link to, with nothing set but what the dump tells', async () => {
    const stub = await openGithubStub();
    // Where the provider lies is of this test; who we are to it comes with the dump.
    const own = ['Accounts_OAuth_Github', 'Accounts_OAuth_Github_id', 'Accounts_OAuth_Github_secret'];
    const settings = Object.fromEntries(Object.entries(stub.settings).filter(([id]) => !own.includes(id)));
    const world = await openRestWorld({ env: environmentOf({ settings }), parts: { hasher } });
    try {
      const ada = meteor('AdaOfTheDump', { emails: [], services: { github: { id: 4711, username: 'ada' } } });
      await imported(world, {
        users: [ada, meteor('somebody', {}, { github: { id: 4712 } })],
        meteor_accounts_loginServiceConfiguration: [
          {
            _id: 's',
            service: 'github',
            clientId: stub.settings['Accounts_OAuth_Github_id'],
            secret: stub.settings['Accounts_OAuth_Github_secret'],
          },
        ],
      });
      const config = configOf(await comeBack(world, stub, stateOf({ credentialToken: credentialToken() })));
      const { status, json, text } = await world.call({ url: '/api/v1/login', body: oauthBody(config) });
      assert.equal(status, 200, text);
      assert.equal((json['data'] as { readonly userId: string }).userId, 'AdaOfTheDump');
      assert.equal(await world.app.host.countAccounts(), 2);
    } finally {
      await world.close();
      await stub.close();
    }
  });

  it('ask who had codes by e-mail for one, and take the one that was mailed, once', async () => {
    await inWorld(async (world) => {
      const email2fa = { enabled: true, changedAt: new Date(0) };
      const { document, id } = chatter(2, world, { services: { email2fa } });
      await imported(world, { users: [document] });
      const logIn = async (code?: string) =>
        await world.app.session.logIn(
          { by: 'username', value: 'person2' },
          { plain: password },
          caller(),
          code === undefined ? undefined : { code, method: 'email' },
        );
      await assert.rejects(logIn(), { code: 'factor-required' });
      const mail = world.mails.at(-1);
      assert.ok(mail?.kind === 'authentication-code');
      assert.deepEqual(mail.to, ['person2@example.com']);
      const code = mail.facts['code'] ?? '';
      await assert.rejects(logIn('000000'), { code: 'factor-wrong' });
      assert.equal((await logIn(code)).account.id, id);
      await assert.rejects(logIn(code));
    });
  });
});

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}
