import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { HashQueue } from '../../src/core/password/hash-queue.ts';
import { openHasher } from '../../src/core/password/open-hasher.ts';
import { toBase32 } from '../../src/lib/base32.ts';
import { sha256Hex } from '../../src/lib/digest.ts';
import { codeOfStep, stepOf } from '../../src/lib/totp.ts';
import { refused as refusalOf } from '../clients/patience.ts';
import { archiveOf, bsonOf, type DumpedPerson, person } from '../dump.ts';
import { type RunningServer, startServer } from '../server.ts';
import { run } from './run.ts';

const password = 'a password of long ago';
const secret = Buffer.alloc(32, 9);

interface Asteroid {
  readonly userId?: string;
  readonly ddp: { _autoreconnect: boolean; readonly _socket: { close(): void } };
  call(method: string, ...params: readonly unknown[]): { readonly result: PromiseLike<unknown> };
}

interface Driver {
  useLog(log: object): void;
  connect(options: object): Promise<Asteroid>;
  login(credentials: { username: string; password: string }): Promise<string>;
}

interface Rest {
  post(path: string, body: unknown): Promise<Readonly<Record<string, unknown>>>;
  handleTwoFactorChallenge(act: (challenge: Challenge) => Promise<string>): void;
}

interface Challenge {
  readonly method: string;
  readonly invalidAttempt: boolean;
}

interface ApiClient {
  readonly RestClient: new (options: { baseUrl: string; credentials: object }) => Rest;
}

const require = createRequire(import.meta.url);
const { driver } = require('rc-sdk-0') as { readonly driver: Driver };
const { RestClient } = require('@rocket.chat/api-client') as ApiClient;
const quiet = (): void => {};
driver.useLog({ debug: quiet, info: quiet, warn: quiet, warning: quiet, error: quiet });

describe('moving in from a dump, as a process', () => {
  let folder: string;
  let bcrypt: string;
  let env: Record<string, string>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-moving-'));
    env = { DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}` };
    const hasher = openHasher({ queue: new HashQueue({ atOnce: 1, waiting: 9 }), method: () => 'bcrypt' });
    bcrypt = await hasher.make(sha256Hex(password));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const make = (n: number, services: object = {}): DumpedPerson =>
    person(n, { password, bcrypt, now: Date.now(), services });

  describe('on a server that is started afterwards', () => {
    let server: RunningServer;
    let plain: DumpedPerson;
    let guarded: DumpedPerson;
    let prompted: DumpedPerson;
    let elsewhere: DumpedPerson;

    before(async () => {
      plain = make(1);
      guarded = make(2, {
        totp: { enabled: true, secret: toBase32(secret), hashedBackup: ['abcdEFGH'].map(sha256Hex) },
      });
      prompted = make(6, { totp: { enabled: true, secret: toBase32(secret), hashedBackup: [] } });
      // As the second factor of plain Meteor is kept.
      elsewhere = make(7, { twoFactorAuthentication: { secret: toBase32(secret), type: 'otp' } });
      const dump = join(folder, 'dump.archive');
      const users = [plain, guarded, prompted, elsewhere].map(({ document }) => document);
      writeFileSync(dump, archiveOf({ users, rocketchat_message: [{ _id: 'm', msg: 'hello' }] }));
      const { code, stdout, stderr } = await run(['import', 'rocketchat', dump], env, { cwd: folder });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /Accounts: 4 came in, with 8 tokens; 0 there already; 0 skipped\./u);
      server = await startServer({ folder, env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } });
    });
    after(async () => {
      await server.dispose();
    });

    const logIn = async (body: object): Promise<{ status: number; body: Record<string, unknown> }> => {
      const response = await fetch(`${server.url}/api/v1/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const me = async (userId: string, token: string): Promise<number> => {
      const headers = { 'x-user-id': userId, 'x-auth-token': token };
      return (await fetch(`${server.url}/api/v1/me`, { headers })).status;
    };

    it('lets them in with their password over REST, and with the real client over a socket', async () => {
      assert.equal((await logIn({ user: plain.username, password })).status, 200);
      assert.equal((await logIn({ user: `${plain.username}@example.com`, password })).status, 200);
      assert.equal((await logIn({ user: plain.username, password: 'wrong' })).status, 401);
      const asteroid = await driver.connect({ host: `127.0.0.1:${server.port}`, useSsl: false, timeout: 5000 });
      assert.equal(await driver.login({ username: plain.username, password }), plain.id);
      asteroid.ddp._autoreconnect = false;
      asteroid.ddp._socket.close();
    });

    it('keeps them signed in: the old token resumes on a socket and answers over REST', async () => {
      assert.equal(await me(plain.id, plain.sessionText), 200);
      assert.equal(await me(guarded.id, guarded.sessionText), 200);
      assert.equal(await me(guarded.id, plain.sessionText), 401);
      const asteroid = await driver.connect({ host: `127.0.0.1:${server.port}`, useSsl: false, timeout: 5000 });
      const answer = await asteroid.call('login', { resume: plain.sessionText }).result;
      assert.equal((answer as { readonly id: string }).id, plain.id);
      asteroid.ddp._autoreconnect = false;
      asteroid.ddp._socket.close();
    });

    it('knows their personal tokens', async () => {
      assert.equal(await me(plain.id, plain.personalText), 200);
    });

    it('asks for their second factor, and takes a code of their app and a backup code, once', async () => {
      const asked = { user: guarded.username, password };
      const { status, body } = await logIn(asked);
      assert.deepEqual([status, body['error']], [401, 'totp-required']);
      const code = codeOfStep(secret, stepOf(Date.now()));
      assert.equal((await logIn({ ...asked, code })).status, 200);
      assert.equal((await logIn({ ...asked, code: 'abcdEFGH' })).status, 200);
      assert.equal((await logIn({ ...asked, code: 'abcdEFGH' })).status, 401);
    });

    it('asks real clients for it, who bring a code of the app that somebody has had for long', async () => {
      const credentials = { 'X-User-Id': prompted.id, 'X-Auth-Token': prompted.sessionText };
      const rest = new RestClient({ baseUrl: server.url, credentials });
      const asked: Challenge[] = [];
      rest.handleTwoFactorChallenge(async (challenge) => {
        asked.push(challenge);
        const code = asked.length === 1 ? '000000' : codeOfStep(secret, stepOf(Date.now()));
        return await Promise.resolve(code);
      });
      const { success } = await rest.post('/v1/users.generatePersonalAccessToken', { tokenName: 'after moving in' });
      assert.equal(success, true);
      assert.deepEqual(
        asked.map(({ method, invalidAttempt }) => [method, invalidAttempt]),
        [
          ['totp', false],
          ['totp', true],
        ],
      );

      const asteroid = await driver.connect({ host: `127.0.0.1:${server.port}`, useSsl: false, timeout: 5000 });
      const login = {
        user: { username: elsewhere.username },
        password: { digest: sha256Hex(password), algorithm: 'sha-256' },
      };
      const refusal = (await refusalOf(asteroid.call('login', login).result)) as { readonly error: unknown };
      assert.equal(refusal.error, 'totp-required');
      const code = codeOfStep(secret, stepOf(Date.now()));
      const answer = await asteroid.call('login', { totp: { login, code } }).result;
      assert.equal((answer as { readonly id: string }).id, elsewhere.id);
      asteroid.ddp._autoreconnect = false;
      asteroid.ddp._socket.close();
    });

    it('brings more people in beside the running server, who are known at once', async () => {
      const late = make(3);
      const dump = join(folder, 'late.bson');
      writeFileSync(dump, bsonOf([late.document]));
      const { code, stderr } = await run(['import', 'rocketchat', dump, '--quiet'], env, { cwd: folder });
      assert.equal(code, 0, stderr);
      assert.equal(await me(late.id, late.sessionText), 200);
    });

    it('backs the running server up, and restores only once it has stopped', async () => {
      const copy = join(folder, 'copy.db');
      const made = await run(['backup', copy], env, { cwd: folder });
      assert.equal(made.code, 0, made.stderr);
      assert.match(made.stderr, /countersign\.key/u);
      const refused = await run(['restore', copy], env, { cwd: folder });
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /in use: stop the server first/u);
      assert.equal(await me(plain.id, plain.personalText), 200);
      await server.stop();
      const done = await run(['restore', copy], env, { cwd: folder });
      assert.equal(done.code, 0, done.stderr);
      assert.match(done.stdout, /All sessions are ended/u);
      server = await server.restart();
      assert.equal(await me(plain.id, plain.sessionText), 401);
      assert.equal(await me(plain.id, plain.personalText), 200);
      assert.equal((await logIn({ user: plain.username, password })).status, 200);
    });
  });

  it('makes no database and no key on a dry run where none is', async () => {
    const place = mkdtempSync(join(folder, 'dry-'));
    writeFileSync(join(place, 'users.bson'), bsonOf([make(1).document]));
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const own = { DATABASE_URL: `sqlite:${join(place, 'data', 'countersign.db')}`, TMPDIR: temporary };
    const { code, stdout, stderr } = await run(['import', 'rocketchat', 'users.bson', '--dry-run'], own, {
      cwd: place,
    });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Nothing was written\.\nAccounts: 1 would come in/u);
    assert.match(stderr, /100 %, 0 accounts would come in/u);
    assert.deepEqual(readdirSync(place), ['users.bson']);
    assert.deepEqual(readdirSync(temporary), []);
  });

  it('says which command of PostgreSQL makes a backup, and gives exit code 1', async () => {
    const own = {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      COUNTERSIGN_KEY: Buffer.alloc(32).toString('base64'),
    };
    const made = await run(['backup', 'x.dump'], own, { cwd: folder });
    assert.equal(made.code, 1);
    assert.match(made.stderr, /pg_dump --format=custom --file='x\.dump'/u);
    const back = await run(['restore', 'x.dump'], own, { cwd: folder });
    assert.equal(back.code, 1);
    assert.match(back.stderr, /pg_restore --clean/u);
  });
});
