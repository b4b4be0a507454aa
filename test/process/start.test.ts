import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { signInAt } from '../attacks/doors.ts';
import { ask, Ddp, exchange, pass, sleep, statusOf, textAt } from '../attacks/wire.ts';
import { startPostgres } from '../postgres.ts';
import { type RunningServer, startServer } from '../server.ts';
import { type Ran, run } from './run.ts';

/** What people read when the server does not start: one sentence, and no more. */
function mustTellOneSentence(ran: Ran, about: RegExp): void {
  const said = JSON.stringify(ran);
  assert.equal(ran.code, 1, said);
  const lines = ran.stderr.split('\n').filter((line) => line !== '');
  assert.equal(lines.length, 1, said);
  const [line = ''] = lines;
  assert.match(line, /^countersign: [A-Z"'\w/.].*\.$/u, said);
  assert.match(line, about, said);
  assert.doesNotMatch(ran.stderr + ran.stdout, /\bat \w+.*:\d+:\d+|node:internal|Error:|node_modules|\[object/u, said);
}

describe('a start', () => {
  let folder: string;
  let made = 0;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-start-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A folder of its own for each case. */
  function fresh(): string {
    made += 1;
    const path = join(folder, String(made));
    mkdirSync(path);
    return path;
  }

  async function refusedStart(env: Readonly<Record<string, string>>, cwd = fresh()): Promise<Ran> {
    return await run(['serve'], { PORT: '0', ADMIN_PASS: 'a password of tests', ...env }, { cwd });
  }

  it('on the same folder serves what was there, and stops with 0', async () => {
    const server = await startServer();
    const { username, password } = server.administrator;
    try {
      const { opened } = await signInAt(server, 'REST JSON', username, password);
      assert.ok(opened);
      assert.equal(await server.stop(), 0);
      const again = await server.restart();
      assert.equal((await ask(again, { path: '/api/v1/me', headers: pass(opened) })).status, 200);
      assert.equal(await again.stop(), 0);
    } finally {
      await server.dispose();
    }
  });

  it('without ADMIN_PASS prints a password once, and it works', async () => {
    const cwd = fresh();
    const env = { ADMIN_PASS: '', ADMIN_USERNAME: 'first', DATABASE_URL: `sqlite:${join(cwd, 'a.db')}` };
    const server = await startServer({ env, folder: cwd });
    const shown = server.lines.map((line) => /administrator first .* password\s+(\S+)/u.exec(line)?.[1]).find(Boolean);
    try {
      assert.ok(shown !== undefined && shown.length >= 20, server.lines.join('\n'));
      assert.ok((await signInAt(server, 'REST JSON', 'first', shown)).opened);
      assert.equal(server.lines.filter((line) => line.includes(shown)).length, 1);
      assert.equal(await server.stop(), 0);
      const again = await startServer({ env, folder: cwd });
      assert.ok(!again.lines.some((line) => /password/u.test(line)), again.lines.join('\n'));
      assert.ok((await signInAt(again, 'REST JSON', 'first', shown)).opened);
      assert.equal(await again.stop(), 0);
    } finally {
      await server.dispose();
    }
  });

  it('makes its files readable for its own user only', async () => {
    const server = await startServer();
    try {
      const database = new DatabaseSync(join(server.folder, 'countersign.db'), { readOnly: true });
      database.close();
      for (const name of readdirSync(server.folder)) {
        assert.equal(statSync(join(server.folder, name)).mode & 0o077, 0, name);
      }
    } finally {
      await server.dispose();
    }
  });

  it('on a busy port says so', async () => {
    const server = await startServer();
    try {
      mustTellOneSentence(await refusedStart({ PORT: String(server.port) }), /in use/u);
    } finally {
      await server.dispose();
    }
  });

  const badValues: readonly (readonly [string, string, RegExp])[] = [
    ['PORT', 'abc', /PORT/u],
    ['PORT', '70000', /PORT/u],
    ['PORT', '-1', /PORT/u],
    ['BIND_IP', 'nonsense', /BIND_IP/u],
    ['BIND_IP', '203.0.113.1', /BIND_IP/u],
    ['ROOT_URL', 'ftp://example.com', /ROOT_URL/u],
    ['ROOT_URL', 'nonsense', /ROOT_URL/u],
    ['ROOT_URL', 'https://a:b@example.com', /ROOT_URL/u],
    ['DATABASE_URL', 'mysql://x', /DATABASE_URL/u],
    ['DATABASE_URL', 'sqlite:', /DATABASE_URL/u],
    ['COUNTERSIGN_KEY', 'c2hvcnQ=', /COUNTERSIGN_KEY/u],
    ['COUNTERSIGN_KEY_FILE', '/nowhere/key', /COUNTERSIGN_KEY_FILE/u],
    ['ADMIN_PASS_FILE', '/nowhere/pass', /ADMIN_PASS/u],
    ['ADMIN_EMAIL_VERIFIED', 'maybe', /ADMIN_EMAIL_VERIFIED/u],
    ['CREATE_TOKENS_FOR_USERS', 'perhaps', /CREATE_TOKENS_FOR_USERS/u],
    ['TRUSTED_PROXIES', '10.0.0.0/99', /TRUSTED_PROXIES/u],
    ['TRUSTED_PROXIES', 'nonsense', /TRUSTED_PROXIES/u],
    ['HTTP_FORWARDED_COUNT', '-1', /HTTP_FORWARDED_COUNT/u],
    ['HTTP_FORWARDED_COUNT', '1.5', /HTTP_FORWARDED_COUNT/u],
    ['LOG_LEVEL', 'loud', /LOG_LEVEL/u],
    ['OVERWRITE_SETTING_Accounts_LoginExpiration', 'soon', /Accounts_LoginExpiration/u],
    ['OVERWRITE_SETTING_API_Enable_Rate_Limiter', 'maybe', /API_Enable_Rate_Limiter/u],
    ['OVERWRITE_SETTING_Countersign_Password_Hash', 'md5', /Countersign_Password_Hash/u],
    ['OVERWRITE_SETTING_Countersign_Token_Pool_Script', '0', /Countersign_Token_Pool_Script/u],
    ['Accounts_LoginExpiration', 'soon', /Accounts_LoginExpiration/u],
  ];
  for (const [name, value, about] of badValues) {
    it(`with ${name}=${value} says what it should be, and makes nothing`, async () => {
      const cwd = fresh();
      mustTellOneSentence(
        await refusedStart({ [name]: value, ...(name === 'ADMIN_PASS_FILE' ? { ADMIN_PASS: '' } : {}) }, cwd),
        about,
      );
      if (name !== 'BIND_IP') assert.deepEqual(readdirSync(cwd), [], 'nothing was made');
    });
  }

  it('in a folder that cannot be written says so', async () => {
    mustTellOneSentence(await refusedStart({ DATABASE_URL: 'sqlite:/dev/null/x.db' }), /\/dev\/null/u);
    const cwd = fresh();
    mkdirSync(join(cwd, 'x.db'));
    mustTellOneSentence(await refusedStart({ DATABASE_URL: `sqlite:${join(cwd, 'x.db')}` }, cwd), /x\.db/u);
    // Whoever may write everywhere is not stopped by a mode.
    if (process.getuid?.() === 0) return;
    const locked = fresh();
    chmodSync(locked, 0o500);
    mustTellOneSentence(await refusedStart({ DATABASE_URL: `sqlite:${join(locked, 'x.db')}` }), /x\.db/u);
  });

  it('on a file that is no database says so, and leaves it as it is', async () => {
    const cwd = fresh();
    const file = join(cwd, 'x.db');
    for (const bytes of [
      randomBytes(8192),
      Buffer.from('hello'),
      Buffer.concat([Buffer.from('SQLite format 3\0'), randomBytes(4080)]),
    ]) {
      writeFileSync(file, bytes);
      mustTellOneSentence(await refusedStart({ DATABASE_URL: `sqlite:${file}` }, cwd), /x\.db/u);
      assert.deepEqual(readFileSync(file), bytes);
    }
  });

  it('on the database of another program says so, and leaves it as it is', async () => {
    const cwd = fresh();
    const file = join(cwd, 'x.db');
    const other = new DatabaseSync(file);
    other.exec('create table accounts (name text); insert into accounts values (1)');
    other.close();
    const before_ = readFileSync(file);
    mustTellOneSentence(await refusedStart({ DATABASE_URL: `sqlite:${file}` }, cwd), /x\.db/u);
    assert.deepEqual(readFileSync(file), before_);
  });

  it('with another key than the database was first used with says so', async () => {
    const server = await startServer();
    try {
      assert.equal(await server.stop(), 0);
      const key = randomBytes(32).toString('base64');
      const env = { DATABASE_URL: `sqlite:${join(server.folder, 'countersign.db')}`, COUNTERSIGN_KEY: key };
      const ran = await refusedStart(env, server.folder);
      mustTellOneSentence(ran, /COUNTERSIGN_KEY/u);
      assert.ok(!ran.stderr.includes(key));
      writeFileSync(join(server.folder, 'countersign.key'), 'nonsense');
      mustTellOneSentence(await refusedStart({ DATABASE_URL: env.DATABASE_URL }, server.folder), /countersign\.key/u);
    } finally {
      await server.dispose();
    }
  });

  it('with PostgreSQL wants a key, a server that answers, and credentials that fit, and shows no password', async () => {
    const key = { COUNTERSIGN_KEY: randomBytes(32).toString('base64') };
    const away = 'postgres://somebody:a-secret-word@127.0.0.1:1/nothing';
    mustTellOneSentence(await refusedStart({ DATABASE_URL: away }), /COUNTERSIGN_KEY/u);
    const unreachable = await refusedStart({ DATABASE_URL: away, ...key });
    mustTellOneSentence(unreachable, /PostgreSQL/iu);
    assert.doesNotMatch(unreachable.stderr, /a-secret-word/u);
    const nonsense = await refusedStart({ DATABASE_URL: 'postgres://[::', ...key });
    mustTellOneSentence(nonsense, /DATABASE_URL|PostgreSQL/iu);
    const postgres = await startPostgres();
    try {
      const url = new URL(await postgres.freshDatabase());
      url.password = 'a-wrong-word';
      const refused = await refusedStart({ DATABASE_URL: url.href, ...key });
      mustTellOneSentence(refused, /PostgreSQL/iu);
      assert.doesNotMatch(refused.stderr, /a-wrong-word/u);
      const missing = await refusedStart({ DATABASE_URL: postgres.url('not_there'), ...key });
      mustTellOneSentence(missing, /PostgreSQL|database/iu);
    } finally {
      await postgres.stop();
    }
  });
});

describe('Ctrl-C', () => {
  async function draining(signals: readonly NodeJS.Signals[]): Promise<void> {
    const server = await startServer();
    try {
      const { username, password } = server.administrator;
      const { opened } = await signInAt(server, 'REST JSON', username, password);
      assert.ok(opened);
      const socket = await Ddp.open(server);
      await socket.call('login', { resume: opened.authToken });
      const body = JSON.stringify({ user: username, password });
      const head = `POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
      // The second half of the body comes after the signal.
      const inFlight = exchange(server, head + body.slice(0, 10), { waitMs: 8000, pauses: [[400, body.slice(10)]] });
      await sleep(150);
      for (const signal of signals) process.kill(server.pid, signal);
      const { received } = await inFlight;
      assert.equal(statusOf(received), 200, received.toString());
      const end = await socket.closedWithin(8000);
      assert.ok(end !== undefined && end.code === 1012, JSON.stringify(end));
      assert.equal(await server.stop(), 0);
      await assert.rejects(ask(server, { path: '/livez' }));
      const text = /"authToken":"([\w-]{43})"/u.exec(received.toString())?.[1] ?? '';
      const again = await server.restart();
      const me = await ask(again, { path: '/api/v1/me', headers: pass({ userId: opened.userId, authToken: text }) });
      assert.equal(me.status, 200, 'what was answered while draining is written');
      assert.equal(await again.stop(), 0);
    } finally {
      await server.dispose();
    }
  }

  it('lets a request that is under way end, closes sockets with 1012, and stops with 0', async () => {
    await draining(['SIGINT']);
  });

  it('twice does the same', async () => {
    await draining(['SIGINT', 'SIGINT']);
  });

  it('is not held up by a connection on which nothing was ever said', async () => {
    const server = await startServer();
    const silent = connect(server.port, '127.0.0.1');
    silent.on('error', () => undefined);
    try {
      await sleep(100);
      const begun = Date.now();
      assert.equal(await server.stop(), 0);
      assert.ok(Date.now() - begun < 5000, `it took ${Date.now() - begun} ms`);
    } finally {
      silent.destroy();
      await server.dispose();
    }
  });

  it('and SIGTERM are one', async () => {
    await draining(['SIGTERM']);
  });
});

describe('the command line, beside a running server on the same store', () => {
  let server: RunningServer;
  let env: Readonly<Record<string, string>>;
  before(async () => {
    server = await startServer({ env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } });
    env = { DATABASE_URL: `sqlite:${join(server.folder, 'countersign.db')}` };
  });
  after(async () => {
    await server.dispose();
  });

  async function command(words: readonly string[], input?: string): Promise<unknown> {
    const ran = await run([...words, '--json'], env, { cwd: server.folder, ...(input === undefined ? {} : { input }) });
    assert.equal(ran.code, 0, JSON.stringify(ran));
    assert.equal(ran.stderr, '');
    return JSON.parse(ran.stdout) as unknown;
  }

  it('makes people who can sign in at once, and tokens that hold at once', async () => {
    await command(['user', 'create', 'alice', '--password-stdin'], 'the password of alice\n');
    assert.ok((await signInAt(server, 'REST JSON', 'alice', 'the password of alice')).opened);
    for (const more of [[], ['--personal', 'ci']]) {
      const made = await command(['token', 'create', 'alice', ...more]);
      const token = { userId: textAt(made, 'userId'), authToken: textAt(made, 'token') };
      assert.equal((await ask(server, { path: '/api/v1/me', headers: pass(token) })).status, 200);
    }
  });

  it('disables people: their sockets close and their tokens are dead within a second', async () => {
    await command(['user', 'create', 'bob', '--password-stdin'], 'the password of bob\n');
    await command(['user', 'create', 'carol', '--password-stdin'], 'the password of carol\n');
    const [bob, carol] = [
      await signInAt(server, 'DDP', 'bob', 'the password of bob'),
      await signInAt(server, 'DDP', 'carol', 'the password of carol'),
    ];
    assert.ok(bob.opened && carol.opened);
    const [socket, other] = [await Ddp.open(server), await Ddp.open(server)];
    await socket.call('login', { resume: bob.opened.authToken });
    await other.call('login', { resume: carol.opened.authToken });
    assert.equal((await ask(server, { path: '/api/v1/me', headers: pass(bob.opened) })).status, 200, 'it is in memory');
    await command(['user', 'disable', 'bob']);
    const done = Date.now();
    assert.ok(await socket.closedWithin(1000), 'the socket is closed');
    while ((await ask(server, { path: '/api/v1/me', headers: pass(bob.opened) })).status !== 401) {
      assert.ok(Date.now() - done < 1000, 'the token is dead within a second');
    }
    assert.equal(other.isOver, false);
    assert.equal((await ask(server, { path: '/api/v1/me', headers: pass(carol.opened) })).status, 200);
    assert.equal((await signInAt(server, 'REST JSON', 'bob', 'the password of bob')).opened, undefined);
    await command(['user', 'enable', 'bob']);
    assert.ok((await signInAt(server, 'REST JSON', 'bob', 'the password of bob')).opened);
    assert.equal((await ask(server, { path: '/api/v1/me', headers: pass(bob.opened) })).status, 401, 'and stays dead');
    other.close();
  });

  it('revokes a token and sets a password: the running server knows within a second', async () => {
    await command(['user', 'create', 'dora', '--password-stdin'], 'the password of dora\n');
    const made = await command(['token', 'create', 'dora']);
    const token = { userId: textAt(made, 'userId'), authToken: textAt(made, 'token') };
    const socket = await Ddp.open(server);
    await socket.call('login', { resume: token.authToken });
    await command(['token', 'revoke', 'dora', textAt(made, 'id')]);
    assert.ok(await socket.closedWithin(1000));
    const { opened } = await signInAt(server, 'DDP', 'dora', 'the password of dora');
    assert.ok(opened);
    const second = await Ddp.open(server);
    await second.call('login', { resume: opened.authToken });
    await command(['user', 'set-password', 'dora', '--password-stdin'], 'another password\n');
    assert.ok(await second.closedWithin(1000));
    assert.equal((await signInAt(server, 'REST JSON', 'dora', 'the password of dora')).opened, undefined);
    assert.ok((await signInAt(server, 'REST JSON', 'dora', 'another password')).opened);
  });

  it('refuses in one sentence, with 1, and never takes a password as a word', async () => {
    for (const words of [
      ['user', 'disable', 'nobody'],
      ['user', 'disable', server.administrator.username],
      ['token', 'create', 'nobody'],
      ['user', 'create', 'alice'],
    ]) {
      const ran = await run(words, env, { cwd: server.folder, input: 'x\n' });
      assert.equal(ran.code, 1, JSON.stringify(ran));
      assert.match(ran.stderr, /^countersign: .+\.\n$/u, JSON.stringify(ran));
      assert.doesNotMatch(ran.stderr, /\bat \w+.*:\d+:\d+/u);
    }
    const wrong = await run(['user', 'create', 'eve', '--password', 'x'], env, { cwd: server.folder });
    assert.equal(wrong.code, 2, JSON.stringify(wrong));
  });
});
