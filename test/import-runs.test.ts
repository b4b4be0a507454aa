// What a run does with a dump as a whole: which of two wins, what a dry run and a second run tell, where a file ends.
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ImportState, ImportTally } from '../src/core/administration/import-state.ts';
import { toBase32 } from '../src/lib/base32.ts';
import { readUpload } from '../src/wire/shapes/import/read-upload.ts';
import { call } from './command-line.ts';
import { archiveOf, bsonOf, type Documents, jsonOf, person, zipped } from './dump.ts';
import { caller, openWorld, type World } from './world.ts';

const bcrypt = `$2b$10$${'a'.repeat(53)}`;

interface Line {
  readonly kind: string;
  readonly id: string;
  readonly outcome?: string;
  readonly dryRun?: boolean;
  readonly findings?: readonly {
    readonly reason: string;
    readonly value?: string;
    readonly here?: string;
  }[];
}

describe('an import, as a whole', () => {
  let folder: string;
  let files = 0;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-import-runs-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (name: string, bytes: Buffer): string => {
    files += 1;
    const path = join(folder, String(files), name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  };
  const inWorld = async (act: (world: World) => Promise<void>, env: Record<string, string> = {}): Promise<void> => {
    const world = await openWorld({ env });
    try {
      await act(world);
    } finally {
      await world.close();
    }
  };
  const make = (world: World, n: number, more: object = {}, services: object = {}) =>
    person(n, { password: 'unused', bcrypt, now: world.clock.now(), more, services }).document;
  const setting = (_id: string, value: unknown, packageValue: unknown) => ({
    _id,
    value,
    packageValue,
    valueSource: 'packageValue',
  });
  const linesOf = (report: string): readonly Line[] =>
    readFileSync(report, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  const run = async (world: World, path: string, ...more: readonly string[]) => {
    files += 1;
    const report = join(folder, `${files}.jsonl`);
    const answer = await call(world, 'import', 'rocketchat', path, '--quiet', '--report', report, ...more);
    return { ...answer, lines: linesOf(report).filter(({ kind }) => kind !== 'run') };
  };
  const reasons = (lines: readonly Line[], id: string): readonly (readonly (string | undefined)[])[] =>
    lines
      .filter((line) => line.id === id)
      .map(({ outcome, findings = [] }) => [outcome, ...findings.map(({ reason }) => reason)]);

  it('tells on a dry run what the run then does, word for word', async () => {
    await inWorld(async (world) => {
      const many = Array.from({ length: 230 }, (_, n) => make(world, 100 + n));
      const custom = (key: string, value: unknown) => setting(`Accounts_OAuth_Custom-Old${key}`, value, '');
      const dump = archiveOf({
        users: [
          make(world, 1, { username: 'with space' }),
          make(world, 2, { roles: ['user', 'r1', 'r2', 'r3'] }),
          { _id: 'mongo000000000003', username: 'person3', services: { password: { bcrypt } } },
          ...many,
          // Each again, in another step than the first.
          make(world, 2),
          make(world, 4, { username: 'PERSON2' }),
          make(world, 6, { emails: [{ address: 'person2@example.com', verified: true }] }),
          make(world, 7, {}, { email2fa: { enabled: true } }),
          make(world, 8, { _id: '$where' }),
          make(world, 8, { _id: '$where' }),
        ],
        rocketchat_roles: [
          { _id: 'r1', name: 'Helpdesk', scope: 'Users' },
          { _id: 'r2', name: 'helpdesk', scope: 'Users' },
          { _id: 'r3', name: 'Of rooms', scope: 'Subscriptions' },
          { _id: 'admin', name: 'admin', scope: 'Users', mandatory2fa: true },
        ],
        rocketchat_permissions: [
          { _id: 'create-user', roles: ['r1', 'r2', 'gone'] },
          { _id: 'create-user', roles: ['r1', 'user'] },
          { _id: 'change-setting-Accounts_OAuth_Custom-Old-url', roles: ['r1'] },
        ],
        rocketchat_settings: [
          setting('UTF8_User_Names_Validation', '[a-zA-Z0-9 ]+', '[0-9a-zA-Z-_.]+'),
          setting('Accounts_LoginExpiration', 1, 90),
          setting('Accounts_Registration_Users_Default_Roles', 'user,bot', 'user'),
          setting('Accounts_PasswordReset', 'oops', true),
          setting('SMTP_Password', 'mail secret', ''),
          setting('SMTP_Password', 'another', ''),
          custom('', true),
          custom('-url', 'https://idp.example.org'),
          custom('-secret', 'hush'),
          custom('-token_sent_via', 'pigeon'),
        ],
        'rocketchat_avatars.files': [{ _id: 'f1' }, { _id: 'f2' }],
        'rocketchat_avatars.chunks': [{ files_id: 'f1', n: 0, data: Buffer.alloc(9) }],
        'rocketchat_oauth_apps': [1, 1].map(() => ({
          _id: 'app1',
          name: 'Wiki',
          active: true,
          clientId: 'wiki',
          clientSecret: 'wiki-secret',
          redirectUri: 'https://wiki.example/cb',
        })),
      });
      const path = file('dump', dump);
      const dry = await run(world, path, '--dry-run');
      assert.equal(await world.app.host.countAccounts(), 0);
      assert.equal(world.app.settings.get('Accounts_LoginExpiration'), 90);
      assert.equal(world.app.settings.services().length, 0);
      assert.equal(world.app.host.roleExists('r1'), false);
      const real = await run(world, path);
      assert.deepEqual(dry.lines, real.lines);
      assert.equal(dry.out.replace('Nothing was written.\n', '').replaceAll('would come in', 'came in'), real.out);
      // And it was worth comparing.
      assert.match(real.out, /Pictures: 2 stay behind\./u);
      const [first, second] = ['mongo000000000001', 'mongo000000000002'].map((id) => reasons(real.lines, id));
      assert.deepEqual(first, [['brought-in']]);
      assert.deepEqual(second, [
        ['brought-in', 'role-unknown', 'role-unknown'],
        ['skipped', 'id-twice'],
      ]);
      assert.deepEqual(reasons(real.lines, 'r2'), [['skipped', 'name-taken']]);
      assert.deepEqual(reasons(real.lines, 'Accounts_PasswordReset'), [['skipped', 'setting-value-invalid']]);
      assert.deepEqual((await world.app.account.byId('mongo000000000003'))?.roles.toSorted(), ['bot', 'user']);
    });
  });

  it('gives an address to whoever has shown that it is theirs, however late they come', async () => {
    await inWorld(async (world) => {
      const address = (text: string, verified: boolean) => ({ emails: [{ address: text, verified }] });
      const path = file(
        'users.bson',
        bsonOf([
          make(world, 1, address('Victim@example.com', false)),
          ...Array.from({ length: 220 }, (_, n) => make(world, 100 + n)),
          make(world, 2, address('victim@example.com', true), { email2fa: { enabled: true } }),
          make(world, 3, address('VICTIM@example.com', true)),
          // The same address twice, of which one counts.
          make(world, 4, {
            emails: [
              { address: 'four@example.com', verified: false },
              { address: 'Four@example.com', verified: true },
            ],
          }),
        ]),
      );
      for (const more of [['--dry-run'], []]) {
        const { lines } = await run(world, path, ...more);
        assert.deepEqual(reasons(lines, 'mongo000000000001'), [['brought-in', 'email-taken']]);
        assert.deepEqual(reasons(lines, 'mongo000000000002'), [['brought-in']]);
        assert.deepEqual(reasons(lines, 'mongo000000000003'), [['brought-in', 'email-taken']]);
      }
      const [squatter, owner, , four] = await Promise.all(
        [1, 2, 3, 4].map(async (n) => await world.app.account.byId(`mongo${String(n).padStart(12, '0')}`)),
      );
      assert.deepEqual(squatter?.emails, []);
      assert.deepEqual(owner?.emails, [{ address: 'victim@example.com', verified: true }]);
      assert.deepEqual(four?.emails, [{ address: 'Four@example.com', verified: true }]);
    });
  });

  it('adds to its report when it is taken up again, behind half a line as well', async () => {
    await inWorld(async (world) => {
      const users = [make(world, 1), make(world, 2, { roles: ['user', 'gone'] })];
      const path = file('users.bson', bsonOf(users));
      const report = join(folder, 'again.jsonl');
      const again = async () => await call(world, 'import', 'rocketchat', path, '--quiet', '--report', report);
      assert.equal((await again()).code, 0);
      appendFileSync(report, '{"kind":"account","id":"half');
      assert.equal((await again()).code, 0);
      const lines = readFileSync(report, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.endsWith('half'))
        .map((line) => JSON.parse(line) as Line);
      assert.deepEqual(
        lines.map(({ kind, outcome, dryRun, findings = [] }) => [kind, outcome ?? dryRun, findings.length]),
        [
          ['run', false, 0],
          ['account', 'brought-in', 0],
          ['account', 'brought-in', 1],
          ['run', false, 0],
          ['account', 'already-there', 0],
          ['account', 'already-there', 0],
        ],
      );
    });
  });

  it('refuses an archive that ends where a block does, and says so after what it holds', async () => {
    await inWorld(async (world) => {
      const users = [1, 2, 3, 4, 6].map((n) => make(world, n));
      const archive = archiveOf({ users, rocketchat_message: users }, 2);
      const terminators: number[] = [];
      for (let at = archive.indexOf('ffffffff', 0, 'hex'); at !== -1; at = archive.indexOf('ffffffff', at + 4, 'hex')) {
        terminators.push(at + 4);
      }
      // After the preamble, after the first block of each, and just before the end of the last collection.
      for (const [which, people] of [[0, 0] as const, [2, 2] as const, [6, 5] as const]) {
        const cut = file('dump.archive', archive.subarray(0, terminators[which]));
        const { code, out } = await run(world, cut, '--dry-run');
        assert.equal(code, 1, out);
        assert.match(out, /The archive ends before meteor\.users does: it is cut off\./u);
        assert.match(out, people === 0 ? /written/u : new RegExp(`Accounts: ${people} would`, 'u'));
      }
      // What is of no use here may be cut.
      const last = file('dump.archive', archive.subarray(0, terminators.at(-2)));
      assert.equal((await run(world, last, '--dry-run')).code, 0);
    });
  });

  it('mixes no databases: a dump of several needs the name of one', async () => {
    await inWorld(async (world) => {
      const [ours, theirs] = [make(world, 1), make(world, 2, { roles: ['admin'] })];
      const both = file('all.archive', archiveOf({ 'rocketchat/users': [ours], 'shop/users': [theirs] }));
      const refused = await run(world, both, '--dry-run');
      assert.equal(refused.code, 1);
      assert.match(refused.out, /several databases \(rocketchat, shop\)/u);
      assert.deepEqual(refused.lines, []);
      const named = await run(world, both, '--dry-run', '--db', 'rocketchat');
      assert.deepEqual([named.code, named.lines.map(({ id }) => id)], [0, ['mongo000000000001']]);

      const dump = join(folder, 'dump');
      for (const [database, document] of Object.entries({ rocketchat: ours, shop: theirs })) {
        mkdirSync(join(dump, database), { recursive: true });
        writeFileSync(join(dump, database, 'users.bson'), bsonOf([document]));
        // A collection without documents is none that is broken.
        writeFileSync(join(dump, database, 'rocketchat_roles.bson'), '');
      }
      const folders = await call(world, 'import', 'rocketchat', dump, '--dry-run', '--quiet', '--json');
      assert.equal(folders.code, 1);
      assert.match(folders.err, /"several-databases".*rocketchat, shop/u);
      const shop = await run(world, dump, '--dry-run', '--db', 'shop');
      assert.deepEqual([shop.code, shop.lines.map(({ id }) => id)], [0, ['mongo000000000002']]);
      // Only one of these has people: the other's roles are not theirs.
      const roles = [{ _id: 'r9', name: 'Clerk', scope: 'Users' }];
      const one = file('one.archive', archiveOf({ 'rocketchat/users': [ours], 'shop/roles': roles }));
      assert.deepEqual(
        (await run(world, one, '--dry-run')).lines.map(({ id }) => id),
        ['mongo000000000001'],
      );
    });
  });

  it('says so where nothing of use is in a file, with exit code 1', async () => {
    await inWorld(async (world) => {
      const users = file('users.bson', bsonOf([make(world, 1)]));
      const other = file('x.json', jsonOf([{ _id: 1, title: 'no person' }]));
      const messages = file('dump.archive', archiveOf({ rocketchat_message: [{ _id: 'm' }] }));
      for (const path of [other, messages]) {
        const { code, out } = await call(world, 'import', 'rocketchat', users, path, '--quiet', '--dry-run');
        assert.equal(code, 1);
        assert.ok(out.includes(`${path}: Nothing of Rocket.Chat was found in the file.`), out);
      }
    });
  });

  it('keeps a secret whose place is told after it, and what a second run tells helps to decide', async () => {
    await inWorld(async (world) => {
      const settings: Documents = [
        setting('SMTP_Password', 'mail secret', ''),
        setting('SMTP_Host', 'mail.example.org', ''),
        setting('LDAP_Authentication_Password', 'ldap secret', ''),
        setting('LDAP_Authentication_UserDN', 'cn=reader', ''),
        setting('LDAP_Host', 'ldap.example.org', ''),
        setting('Site_Name', 'Old Home', 'Rocket.Chat'),
        setting('Accounts_LoginExpiration', 30, 90),
      ];
      const path = file('rocketchat_settings.bson', bsonOf(settings));
      await run(world, path);
      assert.equal(world.app.settings.get('SMTP_Password'), 'mail secret');
      assert.equal(world.app.settings.get('LDAP_Authentication_Password'), 'ldap secret');
      const second = await run(world, path);
      assert.deepEqual([...new Set(second.lines.map(({ outcome }) => outcome))], ['already-there']);
      const by = caller({ door: 'cli' });
      await world.app.host.changeSetting('Site_Name', 'New Home', by);
      await world.app.host.changeSetting('Accounts_LoginExpiration', 7, by);
      await world.app.host.changeSetting('SMTP_Password', 'newer secret', by);
      await world.store.settings.putPermissions(
        [{ id: 'create-user', roles: ['admin'], updatedAt: world.clock.now() }],
        [],
      );
      await world.app.permissions.load();
      const permissions = [{ _id: 'create-user', roles: ['admin', 'user'] }];
      const more = file('d', archiveOf({ rocketchat_settings: settings, rocketchat_permissions: permissions }));
      const third = await run(world, more);
      const told = third.lines.flatMap(({ id, findings = [] }) =>
        findings.map(({ reason, value, here }) => [id, reason, value, here]),
      );
      assert.deepEqual(told, [
        ['SMTP_Password', 'set-here', undefined, undefined],
        ['Site_Name', 'set-here', 'Old Home', 'New Home'],
        ['Accounts_LoginExpiration', 'set-here', '30', '7'],
        ['create-user', 'set-here', 'admin, user', 'admin'],
      ]);
    });
  });

  it('takes no settings along that the environment had set, and leaves those alone that were made at random', async () => {
    const out = join(folder, 'out.jsonl');
    let secretUrl = '';
    await inWorld(
      async (world) => {
        secretUrl = world.app.settings.get('Accounts_RegistrationForm_SecretURL');
        await world.app.host.changeSetting('Site_Name', 'Home', caller({ door: 'cli' }));
        assert.equal((await call(world, 'export', out)).code, 0);
      },
      { OVERWRITE_SETTING_API_Enable_CORS: 'true', Language: 'de' },
    );
    await inWorld(async (other) => {
      assert.equal((await call(other, 'import', 'countersign', out, '--quiet')).code, 0);
      const of = (id: string) => other.app.settings.list({ ids: [id], hiddenToo: true })[0];
      assert.deepEqual(
        [of('Site_Name')?.source, of('API_Enable_CORS')?.value, of('Language')?.value],
        ['administrator', false, ''],
      );
      assert.deepEqual(
        [
          other.app.settings.get('Accounts_RegistrationForm_SecretURL'),
          of('Accounts_RegistrationForm_SecretURL')?.source,
        ],
        [secretUrl, 'initial'],
      );
    });
  });

  it('counts who could sign in with a mailed code only, where no mail server is set', async () => {
    const mailless = {
      post: async () => await Promise.resolve(),
      serverSet: () => ({ held: false }),
      deliver: async () => await Promise.resolve({ held: false }),
    };
    const world = await openWorld({ parts: { mailer: mailless } });
    try {
      const code = { email2fa: { enabled: true } };
      const app = { totp: { enabled: true, secret: toBase32(Buffer.alloc(32, 9)), hashedBackup: [] } };
      const users = [
        make(world, 2, {}, code),
        make(world, 4, {}, { ...code, ...app }),
        // No address to send a code to: none is asked for.
        make(world, 1, {}, code),
        make(world, 6, { active: false }, code),
        make(world, 8),
      ];
      const path = file('users.bson', bsonOf(users));
      const { err, lines } = await run(world, path, '--dry-run');
      assert.match(err, /1 account signs in with codes by e-mail only, and no mail server is set/u);
      assert.deepEqual(reasons(lines, 'mongo000000000002'), [['brought-in', 'mail-needed']]);
      assert.equal(lines.filter(({ findings }) => findings?.some(({ reason }) => reason === 'mail-needed')).length, 1);
      const settings = [setting('SMTP_Host', 'mail.example.org', '')];
      const served = await run(world, file('d', archiveOf({ users, rocketchat_settings: settings })), '--dry-run');
      assert.doesNotMatch(served.err, /mail server/u);
      const tally = new ImportTally();
      for (let n = 0; n < 100; n += 1) tally.problem({ where: `${n}`, why: 'wrong-type' });
      const bytes = bsonOf(users).length;
      await readUpload({ ...upload(path, bytes, tally), mover: await world.app.moving.trial() });
      const { problems } = tally.into({ totalBytes: 0 } as ImportState);
      assert.deepEqual([problems.length, problems[0]?.where], [100, 'a file']);
      assert.match(problems[0]?.why ?? '', /^1 account signs in/u);
    } finally {
      await world.close();
    }
  });

  it('reads a sent file no further than it should ever become when it is unpacked', async () => {
    const document = Buffer.alloc(16 * 1_048_576);
    document.writeInt32LE(document.length);
    const piece = zipped(document);
    const path = file('users.bson.gz', Buffer.concat(Array.from({ length: 17 }, () => piece)));
    await inWorld(async (world) => {
      const work = upload(path, piece.length * 17, new ImportTally());
      const broken = await readUpload({ ...work, mover: await world.app.moving.trial() });
      assert.deepEqual(broken, ['Unpacked, it is larger than 256 MiB.']);
    });
  });
});

function upload(path: string, bytes: number, tally: ImportTally) {
  const { signal } = new AbortController();
  return { path, name: 'a file', bytes, dryRun: true, caller: caller(), signal, tally };
}
