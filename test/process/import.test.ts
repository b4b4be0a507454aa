import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HashQueue } from '../../src/core/password/hash-queue.ts';
import { openHasher } from '../../src/core/password/open-hasher.ts';
import { toBase32 } from '../../src/lib/base32.ts';
import { sha256Hex } from '../../src/lib/digest.ts';
import { codeOfStep, stepOf } from '../../src/lib/totp.ts';
import { until } from '../clients/patience.ts';
import { archiveOf, bsonOf, type DumpedPerson, person } from '../dump.ts';
import { inherited } from '../inherited.ts';
import { type RunningServer, startServer } from '../server.ts';
import { run } from './run.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
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

const { driver } = createRequire(import.meta.url)('rc-sdk-0') as { readonly driver: Driver };
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

    before(async () => {
      plain = make(1);
      guarded = make(2, {
        totp: { enabled: true, secret: toBase32(secret), hashedBackup: ['abcdEFGH'].map(sha256Hex) },
      });
      const dump = join(folder, 'dump.archive');
      const users = [plain, guarded].map(({ document }) => document);
      writeFileSync(dump, archiveOf({ users, rocketchat_message: [{ _id: 'm', msg: 'hello' }] }));
      const { code, stdout, stderr } = await run(['import', 'rocketchat', dump], env, { cwd: folder });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /Accounts: 2 came in, with 4 tokens; 0 there already; 0 skipped\./u);
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

  it('leaves whole people when it is killed, and goes on where it was', async () => {
    const place = mkdtempSync(join(folder, 'killed-'));
    const file = join(place, 'countersign.db');
    const count = 4_000;
    const dump = join(place, 'users.bson');
    writeFileSync(dump, bsonOf(Array.from({ length: count }, (_, n) => make(n + 1).document)));
    const own = { DATABASE_URL: `sqlite:${file}` };
    const one = (query: string): number => {
      try {
        const database = new DatabaseSync(file, { readOnly: true });
        try {
          return Number(database.prepare(query).get()?.['n'] ?? 0);
        } finally {
          database.close();
        }
      } catch {
        return 0;
      }
    };
    const accounts = (): number => one('select count(*) as n from accounts');
    const child = spawn(process.execPath, [main, 'import', 'rocketchat', dump, '--quiet'], {
      cwd: place,
      env: { ...inherited, ...own },
      stdio: 'ignore',
    });
    await until('some people', () => accounts() > 0, 20_000);
    child.kill('SIGKILL');
    await new Promise((resolve) => {
      child.once('exit', resolve);
    });
    const there = accounts();
    assert.ok(there > 0 && there < count, `${there} were there when it was killed`);
    assert.equal(one('select count(*) as n from account_emails'), there);
    assert.equal(one('select count(*) as n from account_roles'), there);
    assert.equal(one('select count(*) as n from tokens'), there * 2);
    assert.equal(one(`select count(*) as n from audit where what = 'account.bring-in'`), there);
    const again = await run(['import', 'rocketchat', dump, '--json'], own, { cwd: place, patienceMs: 60_000 });
    assert.equal(again.code, 0, again.stderr);
    const told = JSON.parse(again.stdout) as { account: Record<string, number> };
    assert.deepEqual(told.account, { 'brought-in': count - there, 'already-there': there, 'skipped': 0 });
    assert.equal(accounts(), count);
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
