import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { startPostgres } from '../../postgres.ts';
import { startServer } from '../../server.ts';
import { Arena, unlimited } from '../arena.ts';
import { digest, doors, signInAt } from '../doors.ts';
import type { Group } from '../group.ts';
import { median } from '../timing.ts';
import { mustTellNothing } from '../verdict.ts';
import { ask, at, exchange, pass, sleep, statusOf, textAt } from '../wire.ts';

const json = 'Content-Type: application/json\r\n';

function post(headers: string, body: string): string {
  return `POST /api/v1/login HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}`;
}

/** O: the HTTP surface, what it costs, and what it gives away. */
export const surface: Group = {
  letter: 'O',
  about: 'the HTTP surface, resources and what is given away',
  env: unlimited,
  cases: [
    {
      id: 'O01',
      about: 'a body that is too large is refused without being read to its end',
      async act(arena) {
        for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
          const size = 10 * 1024 * 1024;
          const head = `POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${size}\r\n\r\n`;
          const { received } = await exchange(arena.server, head + 'x'.repeat(100_000), { waitMs: 1500 });
          assert.equal(statusOf(received), 413, type);
        }
        const chunk = `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`;
        const chunked = `POST /api/v1/login HTTP/1.1\r\nHost: x\r\n${json}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`;
        assert.equal(statusOf((await exchange(arena.server, chunked, { waitMs: 1500 })).received), 413);
        const method = await arena
          .ask({ path: '/api/v1/method.callAnon/login', json: { message: 'x'.repeat(2_000_000) } })
          .catch(() => undefined);
        assert.ok(method === undefined || method.status === 413);
      },
    },
    {
      id: 'O01b',
      about: 'lies about the length, two lengths, and lengths beside chunks are refused and smuggle nothing',
      async act(arena, { alice }) {
        const body = JSON.stringify({ user: alice.username, password: alice.password });
        const length = `Content-Length: ${body.length}\r\n`;
        const tries: readonly (readonly [string, string])[] = [
          ['two lengths', post(`${json}${length}Content-Length: 3\r\n`, body)],
          ['a list of lengths', post(`${json}Content-Length: ${body.length}, ${body.length}\r\n`, body)],
          ['length and chunks', post(`${json}${length}Transfer-Encoding: chunked\r\n`, `0\r\n\r\n${body}`)],
          ['chunks that are none', post(`${json}Transfer-Encoding: xchunked\r\n`, body)],
          ['chunks twice', post(`${json}Transfer-Encoding: chunked, chunked\r\n`, '0\r\n\r\n')],
          ['a negative length', post(`${json}Content-Length: -1\r\n`, body)],
          ['a length with a plus', post(`${json}Content-Length: +${body.length}\r\n`, body)],
          ['a length that overflows', post(`${json}Content-Length: 99999999999999999999\r\n`, body)],
          ['a blank before the colon', post(`${json}Content-Length : ${body.length}\r\n`, body)],
          ['a folded header', post(`${json}X-A: b\r\n c\r\n${length}`, body)],
          ['a chunk size that is none', post(`${json}Transfer-Encoding: chunked\r\n`, 'zz\r\nx\r\n0\r\n\r\n')],
          ['a chunk size that overflows', post(`${json}Transfer-Encoding: chunked\r\n`, 'fffffffffffffffff\r\nx\r\n')],
          ['NUL in a header', post(`${json}X-A: \u0000\r\n${length}`, body)],
          ['no host', `GET /api/v1/me HTTP/1.1\r\n\r\n`],
          ['nonsense', 'nonsense\r\n\r\n'],
          ['another protocol', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc'],
        ];
        for (const [what, request] of tries) {
          const { received } = await exchange(arena.server, Buffer.from(request, 'latin1'), { waitMs: 700 });
          const status = statusOf(received);
          assert.ok(
            status === 0 || [400, 401, 413, 431].includes(status),
            `${what}: ${received.toString('latin1').slice(0, 100)}`,
          );
          assert.ok(!received.toString().includes('authToken'), what);
          mustTellNothing(received.toString());
        }
        // Shorter than said: the rest is a request of its own, and no part of the first.
        const short = await exchange(
          arena.server,
          post(`${json}Content-Length: 2\r\n`, `{}GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n`),
          { waitMs: 700 },
        );
        assert.ok(!short.received.toString().includes('authToken'));
        // Longer than said, and then the end: nothing runs.
        const before = arena.rows('select count(*) as n from audit')[0]?.['n'];
        const { received } = await exchange(
          arena.server,
          post(`${json}Content-Length: ${body.length + 10}\r\n`, body),
          { waitMs: 300 },
        );
        assert.equal(statusOf(received), 0);
        assert.equal(arena.rows('select count(*) as n from audit')[0]?.['n'], before);
      },
    },
    {
      id: 'O01c',
      about: 'many slow bodies keep nobody else waiting (that they are cut off is in test/process)',
      async act(arena, { alice }) {
        const slow = Array.from(
          { length: 100 },
          async () =>
            await exchange(arena.server, post(`${json}Content-Length: 100\r\n`, '{'), {
              waitMs: 1500,
              pauses: [
                [400, '"'],
                [400, 'u'],
              ],
            }),
        );
        await sleep(200);
        const begun = performance.now();
        assert.ok(await arena.holds(alice));
        assert.ok(performance.now() - begun < 1500);
        for (const { received } of await Promise.all(slow)) assert.equal(statusOf(received), 0);
      },
    },
    {
      id: 'O02',
      about: 'a password of a megabyte is refused before anything is hashed',
      async act(arena, { alice }) {
        const before = arena.rows('select count(*) as n from audit')[0]?.['n'];
        for (const door of doors) {
          for (let n = 0; n < 10; n += 1) {
            const [outcome] = await arena.knock(
              door,
              { user: { username: alice.username }, password: 'x'.repeat(1_000_000) },
              { bystander: alice },
            );
            assert.equal(outcome?.opened, undefined);
          }
        }
        const rows = arena.rows(`select count(*) as n from audit where what = 'log-in'`)[0]?.['n'];
        const logins = arena.rows(`select count(*) as n from audit where what = 'log-in' and outcome = 'done'`)[0]?.[
          'n'
        ];
        assert.ok(Number(before) >= 0 && Number(rows) >= Number(logins));
        const refused = arena.rows(
          `select count(*) as n from audit where what = 'log-in' and outcome = 'refused' and account_id = ?`,
          alice.userId,
        );
        assert.equal(refused[0]?.['n'], 0, 'no attempt was made with them');
      },
    },
    {
      id: 'O04',
      about: 'headers that are too many or too long are refused with 431',
      async act(arena) {
        const one = `GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(1_000_000)}\r\n\r\n`;
        assert.equal(statusOf((await exchange(arena.server, one, { waitMs: 2000 })).received), 431);
        const many = `GET /api/v1/me HTTP/1.1\r\nHost: x\r\n${'X-A: b\r\n'.repeat(100_000)}\r\n`;
        assert.equal(statusOf((await exchange(arena.server, many, { waitMs: 2000 })).received), 431);
        const address = `GET /api/v1/me?${'x'.repeat(1_000_000)} HTTP/1.1\r\nHost: x\r\n\r\n`;
        assert.ok(
          [400, 414, 431].includes(statusOf((await exchange(arena.server, address, { waitMs: 2000 })).received)),
        );
        const few = `GET /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${'X-A: b\r\n'.repeat(1500)}\r\n`;
        assert.ok([401, 431].includes(statusOf((await exchange(arena.server, few, { waitMs: 2000 })).received)));
      },
    },
    {
      id: 'O05',
      about: 'no path leads to a file',
      async act(arena) {
        for (const path of [
          '/avatar/../../../../etc/passwd',
          '/avatar/..%2f..%2f..%2fetc%2fpasswd',
          '/avatar/%2e%2e/%2e%2e/etc/passwd',
          '/avatar/....//....//etc/passwd',
          '/avatar/..%5c..%5cwin.ini',
          '/avatar/%00',
          '/avatar/x%0d%0aX-Injected:1',
          '/avatar/countersign.db',
          '/avatar/<script>alert(1)</script>',
          '/../countersign.db',
          '/%2e%2e/countersign.key',
          '/countersign.key',
          '/countersign.db',
          '/.git/config',
          '/package.json',
          '/src/main.ts',
          '//etc/passwd',
          '/static/../package.json',
          '/api/v1/settings/..%2f..%2fetc',
          '/%c0%ae%c0%ae/etc/passwd',
        ]) {
          const { received } = await exchange(
            arena.server,
            `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
          );
          const text = received.toString('latin1');
          const status = statusOf(received);
          const isPicture =
            path.startsWith('/avatar/') && status === 200 && /content-type: image\/svg\+xml/iu.test(text);
          assert.ok(isPicture || [400, 401, 404].includes(status), `${path}: ${text.slice(0, 200)}`);
          assert.doesNotMatch(text, /root:x:0|\[core\]|SQLite format|"dependencies"/u);
          assert.doesNotMatch(text, /^X-Injected/imu);
          assert.doesNotMatch(text, /<script/iu);
        }
      },
    },
    {
      id: 'O06',
      about: 'verbs that are not served are refused with 405',
      async act(arena) {
        for (const verb of [
          'TRACE',
          'CONNECT',
          'PROPFIND',
          'MKCOL',
          'LOCK',
          'PURGE',
          'SEARCH',
          'REPORT',
          'PUT',
          'DELETE',
          'PATCH',
          'GET',
        ]) {
          const target = verb === 'CONNECT' ? 'example.com:443' : '/api/v1/login';
          const { received } = await exchange(
            arena.server,
            `${verb} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
          );
          assert.equal(statusOf(received), 405, `${verb}: ${received.toString('latin1').slice(0, 80)}`);
          assert.match(received.toString('latin1'), /^allow: /imu, verb);
        }
        const odd = await exchange(arena.server, 'HACK /api/v1/login HTTP/1.1\r\nHost: x\r\n\r\n');
        assert.ok([400, 405].includes(statusOf(odd.received)));
        const hidden = await arena.ask({
          path: '/api/v1/me',
          headers: { 'x-http-method-override': 'DELETE', 'x-method-override': 'POST' },
        });
        assert.equal(hidden.status, 401);
      },
    },
    {
      id: 'O08',
      about: 'texts that make expressions backtrack take no longer than others',
      async act(arena) {
        const evil = 50_000;
        const emails = [
          `${'a'.repeat(evil)}@`,
          `${'a@'.repeat(evil)}`,
          `a@${'a.'.repeat(evil)}`,
          `a@${'a-'.repeat(evil)}!`,
          `"${' '.repeat(evil)}`,
          `${'('.repeat(evil)}`,
        ];
        const usernames = [`${'a'.repeat(evil)}!`, `${'a.'.repeat(evil)}!`, '-'.repeat(evil), `${' '.repeat(evil)}x`];
        const names = [`${'%'.repeat(evil)}`, `${'%3C'.repeat(evil)}`, `${' '.repeat(evil)}<`];
        const create = async (more: object): Promise<number> => {
          const begun = performance.now();
          const body = { username: 'redos', name: 'x', email: 'r@example.com', password: 'long enough', ...more };
          const reply = await arena.ask({ path: '/api/v1/users.create', headers: pass(arena.admin), json: body });
          assert.equal(reply.status, 400, reply.text.slice(0, 200));
          return performance.now() - begun;
        };
        for (const [member, values] of [
          ['email', emails],
          ['username', usernames],
          ['name', names],
        ] as const) {
          for (const value of values) {
            const times = [
              await create({ [member]: value }),
              await create({ [member]: value }),
              await create({ [member]: value }),
            ];
            assert.ok(median(times) < 150, `${member} ${value.slice(0, 10)}…: ${median(times)} ms`);
          }
        }
        for (const agent of [`${'('.repeat(8000)}`, `Mozilla/${'1.'.repeat(4000)}`, `${' '.repeat(8000)}x`]) {
          const begun = performance.now();
          await arena.ask({
            path: '/api/v1/me',
            headers: {
              'user-agent': agent,
              'x-forwarded-for': '1.'.repeat(2000),
              'accept-language': 'a-'.repeat(1000),
            },
          });
          assert.ok(performance.now() - begun < 500);
        }
      },
    },
    {
      id: 'O09',
      cve: ['HackerOne-728004'],
      about: 'answers carry the headers that keep browsers from guessing, keeping and framing',
      async act(arena, { alice }) {
        for (const [path, headers] of [
          ['/api/v1/me', pass(alice)],
          ['/api/v1/me', {}],
          ['/api/info', {}],
          ['/api/v1/login', {}],
        ] as const) {
          const reply = await arena.ask({ path, headers, ...(path.endsWith('login') ? { json: {} } : {}) });
          assert.equal(reply.headers['x-content-type-options'], 'nosniff', path);
          assert.equal(reply.headers['cache-control'], 'no-store', path);
          assert.equal(reply.headers['x-powered-by'], undefined);
          assert.equal(reply.headers['server'], undefined);
          assert.equal(reply.headers['set-cookie'], undefined);
        }
        for (const path of ['/', '/api-docs', '/avatar/x']) {
          const reply = await arena.ask({ path, headers: { accept: 'text/html' } });
          if (!/html|svg/u.test(String(reply.headers['content-type']))) continue;
          assert.match(
            String(reply.headers['content-security-policy']),
            /default-src 'none'|default-src 'self'/u,
            path,
          );
          assert.equal(reply.headers['x-content-type-options'], 'nosniff', path);
          if (!/html/u.test(String(reply.headers['content-type']))) continue;
          assert.match(String(reply.headers['content-security-policy']), /frame-ancestors 'none'/u, path);
          assert.match(String(reply.headers['referrer-policy']), /no-referrer|same-origin/u, path);
        }
      },
    },
    {
      id: 'O10',
      about: 'while the database is away nobody is let in, and that is said without insides',
      async act() {
        const postgres = await startPostgres();
        let isStopped = false;
        const env = {
          ...unlimited,
          DATABASE_URL: await postgres.freshDatabase(),
          COUNTERSIGN_KEY: Buffer.alloc(32, 9).toString('base64'),
        };
        const server = await startServer({ env });
        try {
          const { username, password } = server.administrator;
          const { opened } = await signInAt(server, 'REST JSON', username, password);
          assert.ok(opened);
          await postgres.stop();
          isStopped = true;
          for (const door of doors) {
            const outcome = await signInAt(server, door, username, password, { bystander: opened });
            assert.equal(outcome.opened, undefined, door);
            mustTellNothing(outcome.text);
            if (door.startsWith('REST')) assert.equal(outcome.status, 503, outcome.text);
          }
          await sleep(5200);
          const me = await ask(server, { path: '/api/v1/me', headers: pass(opened) });
          assert.equal(me.status, 503, 'what is in memory bounds itself');
          mustTellNothing(me.text);
          const ready = await ask(server, { path: '/readyz' });
          assert.equal(ready.status, 503);
          assert.equal((await ask(server, { path: '/livez' })).status, 200);
        } finally {
          await server.dispose();
          if (!isStopped) await postgres.stop();
        }
      },
    },
    {
      id: 'O12',
      cve: ['CVE-2026-16100'],
      about: 'the figures are for the host alone, and hold no text of anybody’s request',
      async act(arena) {
        const mark = `mark${randomBytes(6).toString('hex')}`;
        await arena.ask({ path: `/api/v1/${mark}?${mark}=1`, headers: { 'user-agent': mark } });
        await arena.ask({ path: `/${mark}`, method: 'DELETE' });
        await arena.ask({ path: `/api/v1/settings/${mark}`, headers: pass(arena.admin) });
        await exchange(arena.server, `PURGE /${mark} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        await arena.signIn('REST JSON', mark, mark);
        await arena.knock('REST JSON', { [mark]: mark });
        await arena.knock('DDP', { [mark]: mark });
        const socket = await arena.socket();
        await socket.call(mark);
        await socket.sub(mark);
        const here = await arena.ask({ path: '/metrics' });
        assert.equal(here.status, 200);
        assert.ok(
          !here.text.includes(mark),
          here.text.split('\n').find((line) => line.includes(mark)),
        );
        assert.ok(here.text.length < 100_000);
        for (const headers of [
          { 'x-forwarded-for': '203.0.113.1' },
          { 'x-real-ip': '203.0.113.1' },
          { forwarded: 'for=203.0.113.1' },
          { via: '1.1 x' },
          { 'x-forwarded-for': '127.0.0.1' },
        ]) {
          const reply = await arena.ask({ path: '/metrics', headers: headers as Record<string, string> });
          assert.equal(reply.status, 403, JSON.stringify(headers));
        }
      },
    },
    {
      id: 'O13',
      about: 'nothing that strangers write makes a line of the log, or steers a terminal',
      async act(arena) {
        const evil = '"}\r\n{"level":30,"msg":"forged"}\n\u001b[2J\u001b]0;x\u0007\u2028';
        for (const door of doors) await arena.knock(door, { user: { username: evil }, password: 'x' });
        await arena.signIn('REST JSON', evil, 'x', { headers: { 'user-agent': 'red"}\\u001b[31m \u009b31m' } });
        await exchange(
          arena.server,
          `GET /x\u001b[2J HTTP/1.1\r\nHost: x\r\nUser-Agent: \u001b[2J\r\nConnection: close\r\n\r\n`,
        );
        const socket = await arena.socket();
        await socket.call(evil);
        await sleep(50);
        for (const line of arena.server.lines) {
          assert.doesNotThrow(() => JSON.parse(line) as unknown, line);
          assert.notEqual((JSON.parse(line) as { msg?: unknown }).msg, 'forged');
          assert.ok(!Array.from(line).some((c) => c < ' '), 'no control character');
        }
      },
    },
    {
      id: 'O14',
      about: 'a whole tour with secrets of its own leaves none of them in log, figures, answers or audit trail',
      act: canaryTour,
    },
    {
      id: 'O15',
      about: 'an error tells of no file, no version and no stack, whatever is broken in the request',
      async act(arena, { alice }) {
        for (const path of [
          '/api/v1/users.info?userId=%E0%A4%A',
          '/api/v1/%E0%A4%A',
          '/api/v1/users.list?sort=%7B',
          '/api/v1/users.presence?from=x&ids=',
          '/api/v1/users.presence?from=99999999999999999',
          '/api/v1/settings/__proto__',
          '/api/v1/settings/constructor',
          '/api/v1/users.info?userId=__proto__',
          '/api/v1/nope',
          '/sockjs/info',
          '/sockjs/000/x/xhr',
          '/sockjs/../x',
          '/websocket',
        ]) {
          const reply = await arena.ask({ path, headers: pass(alice) });
          assert.ok(reply.status < 500, `${path}: ${reply.status} ${reply.text}`);
          mustTellNothing(reply.text);
        }
        for (const [path, body] of [
          ['users.setStatus', { status: { $ne: 1 } }],
          ['users.setStatus', { message: ['x'] }],
          ['users.setStatus', { status: 'online', expiresAt: 'x' }],
          ['users.setStatus', { status: '__proto__' }],
          ['users.setActiveStatus', {}],
          ['users.delete', { userId: { $ne: '' } }],
          ['users.logout', { userId: { $ne: '' } }],
          ['users.logout', { userId: '__proto__' }],
        ] as const) {
          const reply = await arena.ask({ path: `/api/v1/${path}`, headers: pass(arena.admin), json: body });
          assert.ok(
            reply.status >= 400 && reply.status < 500,
            `${path} ${JSON.stringify(body)}: ${reply.status} ${reply.text}`,
          );
          mustTellNothing(reply.text);
        }
      },
    },
  ],
};

/** Everything people do, with secrets that occur nowhere else; then a search for them wherever text ends up. */
async function canaryTour(): Promise<void> {
  const secret = (name: string): string => `canary-${name}-${randomBytes(12).toString('hex')}`;
  const administrators = secret('administrator');
  const opening = secret('createtoken');
  const metricsToken = secret('metrics');
  const key = randomBytes(32).toString('base64');
  const arena = await Arena.open({
    ...unlimited,
    LOG_LEVEL: 'trace',
    CREATE_TOKENS_FOR_USERS_SECRET: opening,
    METRICS_TOKEN: metricsToken,
    COUNTERSIGN_KEY: key,
    OVERWRITE_SETTING_Login_Logs_Enabled: 'true',
    OVERWRITE_SETTING_Login_Logs_Username: 'true',
    OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '0',
  });
  try {
    const secrets = new Map<string, string>([
      ['the createToken secret', opening],
      ['the metrics token', metricsToken],
      ['the key', key],
      ['the password of the administrator', arena.server.administrator.password],
    ]);
    const note = (name: string, value: string): string => {
      secrets.set(name, value);
      return value;
    };
    const password = note('a password', secret('password'));
    const fresh = note('a new password', secret('fresh'));
    const wrong = note('a wrong password', secret('wrong'));
    for (const one of [password, fresh, wrong]) note(`the digest of ${one}`, digest(one).digest);
    const tourist = { username: 'tourist', name: 'x', email: 'tourist@example.com', password };
    await arena.ask({ path: '/api/v1/users.create', headers: pass(arena.admin), json: tourist });
    for (const door of doors) {
      const bystander = arena.admin;
      for (const given of [wrong, password]) {
        const { opened } = await signInAt(arena.server, door, 'tourist', given, { bystander });
        if (given === password) note(`a token of ${door}`, opened?.authToken ?? assert.fail(door));
      }
    }
    const { opened } = await signInAt(arena.server, 'DDP', 'tourist', password);
    assert.ok(opened);
    note('a token', opened.authToken);
    const code = { 'x-2fa-code': digest(password).digest, 'x-2fa-method': 'password' };
    const make = { path: '/api/v1/users.generatePersonalAccessToken', json: { tokenName: 'tour' } };
    await arena.ask({ ...make, headers: pass(opened) });
    await arena.ask({ ...make, headers: { ...pass(opened), 'x-2fa-code': digest(wrong).digest } });
    const personal = textAt(
      (await ask(arena.server, { ...make, headers: { ...pass(opened), ...code } })).json,
      'token',
    );
    note('a personal token', personal);
    const adminCode = { ...pass(arena.admin), 'x-2fa-code': digest(arena.server.administrator.password).digest };
    note('the token of the administrator', arena.admin.authToken);
    const made = await ask(arena.server, {
      path: '/api/v1/users.createToken',
      headers: pass(arena.admin),
      json: { userId: opened.userId, secret: opening },
    });
    note('a made token', textAt(made.json, 'data', 'authToken'));
    await arena.ask({
      path: '/api/v1/users.createToken',
      headers: pass(arena.admin),
      json: { userId: opened.userId, secret: `${opening}x` },
    });
    await arena.ask({ path: '/api/v1/settings/Site_Name', headers: adminCode, json: { value: 'tour' } });
    const socket = await arena.socket();
    note('a resumed token', opened.authToken);
    await socket.call('login', { resume: opened.authToken });
    await socket.call('changePassword', digest(wrong), digest(fresh));
    await socket.call('changePassword', password, fresh);
    note('a renewed token', textAt(await socket.call('getNewToken'), 'result', 'token'));
    // Where it does not belong: in addresses, bodies that break, headers that are refused, names.
    for (const text of [password, personal, administrators]) {
      note(text, text);
      await arena.ask({ path: `/api/v1/me?access_token=${text}&authToken=${text}` });
      await arena.ask({ path: `/api/v1/${text}` });
      await arena.ask({
        path: '/api/v1/login',
        headers: { 'content-type': 'application/json' },
        body: `{"user":"tourist","password":"${text}"`,
      });
      await arena.ask({ path: '/api/v1/login', json: { user: 'tourist', password: { [text]: text } } });
      await arena.ask({
        path: '/api/v1/me',
        headers: {
          'x-user-id': text,
          'x-auth-token': text,
          'authorization': `Bearer ${text}`,
          'cookie': `rc_token=${text}`,
        },
      });
      await arena.ask({
        path: '/metrics',
        headers: { 'authorization': `Bearer ${text}`, 'x-forwarded-for': '203.0.113.9' },
      });
      await arena.ask({
        path: '/api/v1/users.create',
        headers: pass(arena.admin),
        json: { username: 'tourist', name: 'x', email: 'x@example.com', password: text },
      });
      const other = await arena.socket();
      await other.call('login', { resume: text });
      await other.call('login', { user: { username: 'tourist' }, password: { digest: text, algorithm: 'md5' } });
      other.close();
      await exchange(arena.server, `GET /${text} HTTP/1.1\r\nBad Header: ${text}\r\n\r\n`, { waitMs: 200 });
    }
    const figures = (
      await ask(arena.server, { path: '/metrics', headers: { authorization: `Bearer ${metricsToken}` } })
    ).text;
    const list = await ask(arena.server, {
      path: '/api/v1/users.getPersonalAccessTokens',
      headers: { ...pass({ userId: opened.userId, authToken: personal }) },
    });
    const settings = await ask(arena.server, { path: '/api/v1/settings?count=0', headers: pass(arena.admin) });
    const trail = JSON.stringify(arena.rows('select * from audit'));
    const exitCode = await arena.server.stop();
    assert.equal(exitCode, 0);
    const hashes = arena.rows(
      'select password_hash as secret from accounts where password_hash is not null union select hash from tokens',
    );
    for (const [at_, row] of hashes.entries()) note(`stored form ${at_}`, String(row['secret']));
    const places: readonly (readonly [string, string])[] = [
      ['the log', arena.server.lines.join('\n')],
      ['the figures', figures],
      ['the list of personal tokens', list.text],
      ['the settings', settings.text],
      ['the audit trail', trail],
      ['answers', arena.answers.join('\n')],
    ];
    assert.ok(arena.server.lines.length > 10, 'there is a log to search');
    assert.ok(at(list.json, 'tokens', 0) !== undefined, list.text);
    for (const [where, text] of places) {
      for (const [name, value] of secrets) {
        assert.ok(!text.includes(value), `${name} stands in ${where}`);
      }
    }
  } finally {
    await arena.close();
  }
}
