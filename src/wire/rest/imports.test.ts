import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { archiveOf, bsonOf, jsonOf, person, zipped } from '../../../test/dump.ts';
import { caller } from '../../../test/world.ts';
import { sha256Base64 } from '../../lib/digest.ts';
import { filesIn } from '../../lib/import-files.ts';
import { openRestWorld, type RestReply, type RestWorld } from './rest-world.suite.ts';

type Headers = Readonly<Record<string, string>>;

const secret = 'a password of long ago';
/** As the hasher of the world would have made it; no dump could hold it, so it goes past the judgement as bcrypt. */
const bcrypt = '$2b$04$abcdefghijklmnopqrstuuVvP6pOoXb1cRRB4C4cEEhC8Kb6Ytx0K';
const now = Date.parse('2026-08-20T10:00:00Z');

const people = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, n) => person(n + 1, { password: secret, bcrypt, now, ...more }));

interface ImportWorld extends RestWorld {
  readonly admin: Headers;
  readonly folder: string;
  upload(bytes: Buffer, name?: string, headers?: Headers): Promise<RestReply>;
  start(importId: string, dryRun: boolean, headers?: Headers): Promise<RestReply>;
  progress(importId?: string): Promise<Progress>;
  /** Waits until the run is over. */
  ended(importId: string): Promise<Progress>;
}

interface Progress {
  readonly state: string;
  readonly people: Readonly<Record<'seen' | 'brought' | 'there' | 'skipped', number>>;
  readonly problems: readonly { readonly where: string; readonly why: string }[];
  readonly [member: string]: unknown;
}

async function withImports(act: (world: ImportWorld) => Promise<void>): Promise<void> {
  const above = mkdtempSync(join(tmpdir(), 'countersign-imports-test-'));
  const folder = join(above, 'imports');
  const world = await openRestWorld({ parts: { importFiles: filesIn(folder) } });
  try {
    const admin = await world.asAdmin();
    const post = async (path: string, body: object, headers: Headers) =>
      await world.call({ url: `/api/v1/imports.${path}`, headers, body });
    const progress = async (importId?: string): Promise<Progress> => {
      const query = importId === undefined ? '' : `?importId=${importId}`;
      const reply = await world.call({ url: `/api/v1/imports.progress${query}`, headers: admin });
      assert.equal(reply.status, 200, reply.text);
      return reply.json as unknown as Progress;
    };
    await act({
      ...world,
      admin,
      folder,
      upload: async (bytes, name = 'dump', headers = admin) =>
        await world.call({
          url: `/api/v1/imports.upload?name=${encodeURIComponent(name)}`,
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/octet-stream' },
          body: bytes,
        }),
      start: async (importId, dryRun, headers = admin) => await post('start', { importId, dryRun }, headers),
      progress,
      ended: async (importId) => {
        for (;;) {
          const told = await progress(importId);
          if (told.state !== 'running') return told;
          await pause(10);
        }
      },
    });
  } finally {
    await world.close();
    rmSync(above, { recursive: true, force: true });
  }
}

const idOf = (reply: RestReply): string => {
  assert.equal(reply.status, 200, reply.text);
  return reply.json['importId'] as string;
};

const kept = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

async function trail(world: RestWorld, what: string) {
  return (await world.app.audit.page({ what: [what] }, 100)).entries.map(({ entry }) => entry);
}

describe('imports', () => {
  it('take a dump, look at it, bring everybody in, and let them sign in with what they have', async () => {
    await withImports(async (world) => {
      const all = people(50);
      const dump = zipped(archiveOf({ users: all.map(({ document }) => document) }));
      const uploaded = await world.upload(dump, 'dump.archive.gz');
      const id = idOf(uploaded);
      assert.equal(uploaded.json['bytes'], dump.length);
      const [file = ''] = kept(world.folder);
      assert.equal(statSync(join(world.folder, file)).mode & 0o777, 0o600);
      assert.equal(statSync(world.folder).mode & 0o777, 0o700);
      assert.equal((await world.progress()).state, 'uploaded');

      assert.equal((await world.start(id, true)).text, '{"success":true}');
      const looked = await world.ended(id);
      assert.deepEqual(
        [looked.state, looked['dryRun'], looked.people],
        ['done', true, { seen: 50, brought: 50, there: 0, skipped: 0 }],
      );
      assert.equal(await world.app.account.find({ by: 'username', value: 'person7' }), undefined);

      await world.start(id, false);
      const done = await world.ended(id);
      assert.deepEqual(
        [done.state, done.people.brought, done['readBytes'], done['totalBytes']],
        ['done', 50, dump.length, dump.length],
      );
      assert.deepEqual(kept(world.folder), [], 'a dump does not lie about');
      const [, , , seventh] = all;
      assert.ok(seventh);
      const me = await world.call({
        url: '/api/v1/me',
        headers: { 'x-user-id': seventh.id, 'x-auth-token': seventh.sessionText },
      });
      assert.equal(me.json['username'], seventh.username, me.text);

      const actor = world.admin['x-user-id'];
      const entries = [...(await trail(world, 'import.start')), ...(await trail(world, 'import.end'))];
      assert.deepEqual(
        entries.map(({ what, actorId, outcome }) => [what, actorId, outcome]),
        [
          ['import.start', actor, 'done'],
          ['import.start', actor, 'done'],
          ['import.end', actor, 'done'],
          ['import.end', actor, 'done'],
        ],
      );
      assert.equal(
        (await trail(world, 'account.bring-in')).every(({ actorId }) => actorId === actor),
        true,
      );
      assert.equal((await world.start(id, false)).status, 409, 'the file is gone');
    });
  });

  it('tell by the name of a file what a file of one collection is about', async () => {
    await withImports(async (world) => {
      const documents = people(3).map(({ document }) => document);
      for (const [bytes, name] of [
        [bsonOf(documents), 'users.bson'],
        [Buffer.from(jsonOf(documents)), 'C:\\dumps\\users.json'],
      ] as const) {
        const id = idOf(await world.upload(bytes, name));
        await world.start(id, true);
        const told = await world.ended(id);
        assert.deepEqual([told.state, told.people.seen], ['done', 3], JSON.stringify(told.problems));
        assert.match(String(told['name']), /^users\.(?:bson|json)$/u);
      }
      assert.equal(kept(world.folder).length, 1, 'one file waits at a time');
    });
  });

  it('refuse whoever may not, before anything is read, and what is too large', async () => {
    await withImports(async (world) => {
      await world.add('alice');
      const alice = await world.headersOf('alice');
      const ask = async (headers: Headers, length: number): Promise<string> => {
        const socket = connect(await world.port(), '127.0.0.1');
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        // The head alone: whoever waits for the body never answers.
        socket.write(
          `POST /api/v1/imports.upload?name=x HTTP/1.1\r\nHost: x\r\n${lines.join('')}Content-Type: application/octet-stream\r\nContent-Length: ${length}\r\n\r\n`,
        );
        let text = '';
        socket.on('data', (chunk) => {
          text += String(chunk);
        });
        await once(socket, 'close');
        return text;
      };
      assert.match(await ask({}, 1_000), /^HTTP\/1\.1 401 [^]*Connection: close/u);
      assert.match(await ask(alice, 1_000), /^HTTP\/1\.1 403 [^]*Connection: close/u);
      assert.match(await ask(world.admin, 3 * 1024 ** 3), /^HTTP\/1\.1 413 [^]*error-file-too-large/u);
      assert.deepEqual(kept(world.folder), []);
      for (const name of ['start', 'stop', 'remove']) {
        const body = { importId: 'x', ...(name === 'start' ? { dryRun: true } : {}) };
        const url = `/api/v1/imports.${name}`;
        assert.equal((await world.call({ url, headers: alice, body })).status, 403);
        assert.equal((await world.call({ url, headers: world.admin, body })).status, 404);
        assert.equal((await world.call({ url, headers: world.admin, body: { importId: { $ne: '' } } })).status, 400);
      }
      // What is no stream has the bound that all bodies have.
      const body = Buffer.alloc(1024 * 1024 + 1);
      const headers = { ...world.admin, 'content-type': 'application/octet-stream' };
      assert.equal((await world.call({ url: '/api/v1/users.create', method: 'POST', headers, body })).status, 413);
      assert.equal((await world.upload(Buffer.alloc(2 * 1024 * 1024), '')).status, 400);
    });
  });

  it('take files that are larger than other bodies may be', async () => {
    await withImports(async (world) => {
      const uploaded = await world.upload(Buffer.alloc(3 * 1024 * 1024));
      assert.equal(uploaded.json['bytes'], 3 * 1024 * 1024, uploaded.text);
    });
  });

  it('leave nothing of an upload that breaks off, and let one go on at a time', async () => {
    await withImports(async (world) => {
      const socket = connect(await world.port(), '127.0.0.1');
      const lines = Object.entries(world.admin).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(
        `POST /api/v1/imports.upload?name=x HTTP/1.1\r\nHost: x\r\n${lines.join('')}Content-Type: application/octet-stream\r\nContent-Length: 1000\r\n\r\nsome`,
      );
      while (kept(world.folder).length === 0) await pause(5);
      // What is coming is nobody's to tidy away.
      await world.app.import.tidy();
      assert.equal(kept(world.folder).length, 1);
      const second = await world.upload(Buffer.from('x'));
      assert.deepEqual([second.status, second.json['errorType']], [409, 'error-import-running']);
      socket.destroy();
      while (kept(world.folder).length > 0) await pause(5);
      for (;;) {
        const third = await world.upload(Buffer.from('x'));
        if (third.status === 200) break;
        assert.equal(third.status, 409, third.text);
        await pause(5);
      }
      assert.deepEqual(world.logged, []);
    });
  });

  it('say what is wrong with a file that is none', async () => {
    await withImports(async (world) => {
      for (const [bytes, why] of [
        [Buffer.from('this is no dump'), /./u],
        [Buffer.alloc(0), /empty/u],
        [zipped(bsonOf(people(5).map(({ document }) => document))).subarray(0, 400), /cut off|ends/u],
        [Buffer.from('{}\n'), /Nothing of Rocket\.Chat/u],
      ] as const) {
        const id = idOf(await world.upload(bytes));
        assert.equal((await world.start(id, true)).status, 200);
        const told = await world.ended(id);
        assert.equal(told.state, 'failed');
        assert.match(told.problems.at(-1)?.why ?? '', why);
        assert.ok(!JSON.stringify(told).includes(world.folder), 'no path of this machine');
        assert.deepEqual(kept(world.folder), []);
      }
      assert.equal(
        (await trail(world, 'import.end')).every(({ outcome }) => outcome === 'refused'),
        true,
      );
    });
  });

  it('pass over documents that would hold everybody up, in whatever form, and read on behind them', async () => {
    await withImports(async ({ upload, start, ended }) => {
      const [first = {}, second = {}, third = {}] = people(3).map(({ document }) => ({ ...document }));
      const heavy = { ...second, services: { resume: { loginTokens: Array.from({ length: 60_000 }, () => ({})) } } };
      const long = { ...second, customFields: { note: 'x'.repeat(3 * 1_048_576) } };
      for (const [bytes, name] of [
        [jsonOf([first, heavy, third]), 'users.json'],
        [bsonOf([first, long, third]), 'users.bson'],
        [zipped(archiveOf({ users: [first, long, third] })), 'dump.agz'],
      ] as const) {
        const { importId } = (await upload(bytes, name)).json as { importId: string };
        assert.equal((await start(importId, true)).status, 200);
        const { state, people: counted, problems } = await ended(importId);
        assert.deepEqual([state, counted['brought']], ['done', 2], name);
        assert.match(problems.map(({ where }) => where).join('; '), /too large/u, name);
      }
    });
  });

  it('stop midway, and go on where they were', async () => {
    await withImports(async (world) => {
      const total = 1_500;
      const dump = archiveOf({ users: people(total).map(({ document }) => document) }, 100);
      const id = idOf(await world.upload(dump));
      const { moving } = world.store;
      const write = moving.bringIn.bind(moving);
      let batches = 0;
      const third = Promise.withResolvers<void>();
      moving.bringIn = async (...given) => {
        batches += 1;
        if (batches === 3) {
          third.resolve();
          // Until the stop has come.
          await stopped.promise;
        }
        return await write(...given);
      };
      const stopped = Promise.withResolvers<void>();
      await world.start(id, false);
      assert.equal((await world.start(id, false)).status, 409, 'one at a time');
      assert.equal((await world.upload(Buffer.from('x'))).status, 409);
      const body = { importId: id };
      await third.promise;
      assert.equal(
        (await world.call({ url: '/api/v1/imports.remove', headers: world.admin, body })).status,
        409,
        'not while it runs',
      );
      await world.call({ url: '/api/v1/imports.stop', headers: world.admin, body });
      stopped.resolve();
      const halfway = await world.ended(id);
      assert.equal(halfway.state, 'stopped');
      assert.ok(halfway.people.brought < total);
      assert.equal((await world.start(id, false)).status, 200);
      const whole = await world.ended(id);
      assert.equal(whole.state, 'done');
      assert.ok(whole.people.there >= halfway.people.brought && whole.people.there > 0);
      assert.equal(whole.people.there + whole.people.brought, total);
    });
  });

  it('are stopped from another node by what stands in the store', async () => {
    await withImports(async (world) => {
      const id = idOf(await world.upload(archiveOf({ users: people(60).map(({ document }) => document) })));
      const { moving, sync } = world.store;
      const write = moving.bringIn.bind(moving);
      const go = Promise.withResolvers<void>();
      moving.bringIn = async (...given) => {
        await go.promise;
        return await write(...given);
      };
      await world.start(id, false);
      const { holder } = (await sync.state('import')) as { readonly holder: string };
      await sync.keepState('import-stop', { holder }, now);
      // The node that runs it looks once a second.
      await pause(1_300);
      go.resolve();
      assert.equal((await world.ended(id)).state, 'stopped');
    });
  });

  it('tell honestly of a node that died, and of a file on another', async () => {
    await withImports(async (world) => {
      const id = idOf(await world.upload(bsonOf(people(2).map(({ document }) => document)), 'users.bson'));
      const state = (await world.store.sync.state('import')) as object;
      const keep = async (more: object) =>
        await world.store.sync.keepState('import', { ...state, ...more }, world.clock.now());
      await keep({ place: 'elsewhere' });
      const elsewhere = await world.start(id, false);
      assert.deepEqual([elsewhere.status, elsewhere.json['errorType']], [409, 'error-import-elsewhere']);
      await keep({ state: 'running', startedAt: now, holder: 'x', beatAt: world.clock.now() });
      assert.equal((await world.progress(id)).state, 'running');
      world.clock.move(31_000);
      const dead = await world.progress(id);
      assert.deepEqual([dead.state, dead.problems], ['failed', [{ where: 'users.bson', why: 'server-ended' }]]);
      await keep({});
      // A restart.
      await world.app.import.begin();
      assert.deepEqual(kept(world.folder), []);
      const restarted = await world.progress(id);
      assert.deepEqual(
        [restarted.state, restarted.problems],
        ['failed', [{ where: 'users.bson', why: 'server-restarted' }]],
      );
    });
  });

  it('remove files on demand and after a day', async () => {
    await withImports(async (world) => {
      const id = idOf(await world.upload(Buffer.from('x')));
      const body = { importId: id };
      assert.equal((await world.call({ url: '/api/v1/imports.remove', headers: world.admin, body })).status, 200);
      assert.deepEqual(kept(world.folder), []);
      await world.upload(Buffer.from('x'));
      await world.app.import.tidy();
      assert.equal(kept(world.folder).length, 1);
      world.clock.move(86_400_001);
      await world.app.import.tidy();
      assert.deepEqual(kept(world.folder), []);
    });
  });

  it('give nobody more than whoever imports could give by hand', async () => {
    await withImports(async (world) => {
      const { app, admin: headers } = world;
      const made = await world.call({ url: '/api/v1/roles.create', headers, body: { name: 'clerk' } });
      const { _id: clerk } = made.json['role'] as { readonly _id: string };
      const permissions = ['access-permissions', 'create-user'].map((_id) => ({ _id, roles: ['admin', clerk] }));
      const given = await world.call({ url: '/api/v1/permissions.update', headers, body: { permissions } });
      assert.equal(given.status, 200, given.text);
      await world.add('carla', { roles: ['user', clerk] });
      const carla = await world.headersOf('carla');
      const [one, two, three] = people(3);
      assert.ok(one && two && three);
      const documents = [
        { ...one.document, roles: ['user', 'admin'] },
        { ...two.document, roles: ['user', clerk] },
        three.document,
      ];
      const dump = archiveOf({
        users: documents,
        rocketchat_roles: [{ _id: 'boss', name: 'boss', scope: 'Users' }],
        rocketchat_permissions: [{ _id: 'delete-user', roles: ['admin', 'user'] }],
        rocketchat_settings: [{ _id: 'Site_Name', value: 'Theirs', packageValue: '' }],
      });
      const id = idOf(await world.upload(dump, 'dump', carla));
      assert.equal((await world.start(id, false, carla)).status, 200);
      const told = await world.ended(id);
      assert.deepEqual([told.state, told.people.brought], ['done', 3]);
      const rolesOf = async (username: string) => (await app.account.find({ by: 'username', value: username }))?.roles;
      assert.deepEqual(await rolesOf('person1'), ['user']);
      assert.deepEqual(await rolesOf('person2'), ['user', clerk]);
      assert.deepEqual(told.problems.map(({ where, why }) => `${where}: ${why}`).toSorted(), [
        'account person1: roles: role-too-high',
        'permission delete-user: administrators-only',
        'role boss: administrators-only',
        'setting Site_Name: administrators-only',
      ]);
      assert.deepEqual(app.permissions.rolesOf('delete-user'), ['admin']);
      assert.equal(app.settings.get('Site_Name'), 'Rocket.Chat');
    });
  });

  it('give whoever comes without roles none that whoever imports could not give, whatever the default is', async () => {
    await withImports(async (world) => {
      const { app, admin: headers } = world;
      const roleOf = async (name: string): Promise<string> => {
        const { json } = await world.call({ url: '/api/v1/roles.create', headers, body: { name } });
        return (json['role'] as { readonly _id: string })._id;
      };
      const [clerk, boss] = [await roleOf('clerk'), await roleOf('boss')];
      const permissions = [
        ...['access-permissions', 'create-user'].map((_id) => ({ _id, roles: ['admin', clerk] })),
        { _id: 'edit-privileged-setting', roles: ['admin', boss] },
      ];
      await world.call({ url: '/api/v1/permissions.update', headers, body: { permissions } });
      const defaults = { id: 'Accounts_Registration_Users_Default_Roles', value: `admin,${boss},user` };
      await app.settings.write([defaults], { caller: caller(), accountId: undefined });
      await world.add('carla', { roles: ['user', clerk] });
      const carla = await world.headersOf('carla');
      const loginTokens = [{ when: new Date(now - 1000), hashedToken: sha256Base64('a session of eve') }];
      const eve = { _id: 'eve', username: 'eve', active: true, services: { resume: { loginTokens } } };
      const id = idOf(await world.upload(bsonOf([eve]), 'users.bson', carla));
      assert.equal((await world.start(id, false, carla)).status, 200);
      const told = await world.ended(id);
      assert.deepEqual(
        told.problems.map(({ where, why }) => `${where}: ${why}`),
        ['account eve: roles: role-too-high', 'account eve: roles: role-too-high'],
      );
      const me = await world.call({
        url: '/api/v1/me',
        headers: { 'x-user-id': 'eve', 'x-auth-token': 'a session of eve' },
      });
      assert.deepEqual([me.status, me.json['roles']], [200, ['user']]);
    });
  });

  it('bring third-party applications for administrators, and for nobody else', async () => {
    await withImports(async (world) => {
      const { app, admin: headers } = world;
      const { json } = await world.call({ url: '/api/v1/roles.create', headers, body: { name: 'clerk' } });
      const { _id: clerk } = json['role'] as { readonly _id: string };
      const permissions = ['access-permissions', 'create-user', 'manage-oauth-apps'].map((_id) => ({
        _id,
        roles: ['admin', clerk],
      }));
      await world.call({ url: '/api/v1/permissions.update', headers, body: { permissions } });
      await world.add('carla', { roles: ['user', clerk] });
      const wiki = {
        _id: 'wiki',
        name: 'Wiki',
        active: true,
        clientId: 'wiki',
        clientSecret: 'hush',
        redirectUri: 'https://wiki.example/cb',
      };
      const dump = archiveOf({ rocketchat_oauth_apps: [wiki] });
      const run = async (dryRun: boolean, by: Headers): Promise<readonly Progress['problems'][number][]> => {
        const id = idOf(await world.upload(dump, 'dump', by));
        assert.equal((await world.start(id, dryRun, by)).status, 200);
        return (await world.ended(id)).problems;
      };
      const refused = [{ where: 'application wiki', why: 'administrators-only' }];
      assert.deepEqual(await run(false, await world.headersOf('carla')), refused);
      assert.deepEqual(await run(true, headers), []);
      assert.equal(await app.application.byClientId('wiki'), undefined);
      assert.deepEqual(await run(false, headers), []);
      const brought = await app.application.byClientId('wiki');
      assert.equal(brought === undefined ? '' : app.application.secretOf(brought), 'hush');
      const [entry] = (await world.store.audit.newest(50)).filter(({ what }) => what === 'application.bring-in');
      assert.equal(entry?.actorId, headers['x-user-id']);
    });
  });

  it('end when whoever imports may not import any more', async () => {
    await withImports(async (world) => {
      await world.add('second', { roles: ['admin'] });
      const second = await world.headersOf('second');
      const id = idOf(await world.upload(archiveOf({ users: people(60).map(({ document }) => document) })));
      const { moving } = world.store;
      const write = moving.bringIn.bind(moving);
      moving.bringIn = async (...given) => {
        moving.bringIn = write;
        await world.call({
          url: '/api/v1/users.setActiveStatus',
          headers: second,
          body: { userId: world.admin['x-user-id'], activeStatus: false },
        });
        return await write(...given);
      };
      await world.start(id, false);
      for (;;) {
        const reply = await world.call({ url: '/api/v1/imports.progress', headers: second });
        if (reply.json['state'] === 'running') {
          await pause(10);
          continue;
        }
        assert.equal(reply.json['state'], 'failed', reply.text);
        assert.deepEqual((reply.json as unknown as Progress).problems.at(-1)?.why, 'permission-missing');
        assert.equal((reply.json as unknown as Progress).people.brought, 20);
        break;
      }
    });
  });
});
