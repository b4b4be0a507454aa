import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Fault } from '../../../src/core/fault.ts';
import { startPostgres } from '../../postgres.ts';
import { type RunningServer, startServer } from '../../server.ts';
import { caller, handClock, openWorld } from '../../world.ts';
import { Arena, counted, type Guest, type Person } from '../arena.ts';
import { type Door, doors, type Outcome, signInAt } from '../doors.ts';
import type { Group } from '../group.ts';
import { median, timed } from '../timing.ts';
import { ask, exchange, pass, sleep, statusOf, textAt } from '../wire.ts';

const byUser = 'error-login-blocked-for-user';
const byAddress = 'error-login-blocked-for-ip';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What the heap holds after everything that nobody needs has left it. */
function heapInUse(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** An address of this host that no other case uses. */
let given = 0;
function freshAddress(): string {
  given += 1;
  return `127.8.${given >> 8}.${given & 255}`;
}

async function fail(arena: Arena, door: Door, name: string, guest: Guest = {}): Promise<Outcome> {
  const outcome = await arena.signIn(door, name, `guess ${randomInt(1e9)}`, guest);
  assert.equal(outcome.opened, undefined);
  return outcome;
}

/** Fails so often, each time from another address unless told one. */
async function failOften(arena: Arena, name: string, times: number, guest: Guest = {}): Promise<void> {
  for (let round = 0; round < times; round += 1) {
    const outcome = await fail(arena, 'REST JSON', name, { from: freshAddress(), ...guest });
    assert.equal(outcome.error, 'Unauthorized', `failure ${round + 1} of ${times}: ${outcome.text}`);
  }
}

async function mustBeBlocked(arena: Arena, person: Person, guest: Guest = {}): Promise<void> {
  const outcome = await arena.signIn('REST JSON', person.username, person.password, { from: freshAddress(), ...guest });
  assert.equal(outcome.error, byUser, outcome.text);
  assert.equal(outcome.opened, undefined);
  const wait = Number(outcome.headers['retry-after']);
  assert.ok(wait > 0 && wait <= 300, String(outcome.headers['retry-after']));
}

async function withArena(env: Readonly<Record<string, string>>, act: (arena: Arena) => Promise<void>): Promise<void> {
  const arena = await Arena.open({ ...counted, ...env });
  try {
    await act(arena);
    const broken = [...arena.seen.keys()].filter((key) => /^5\d\d/u.test(key));
    assert.deepEqual(broken, []);
  } finally {
    await arena.close();
  }
}

/** Fifty failures for fifty names, each with the headers of `headersOf`, from one peer. */
async function spray(arena: Arena, from: string, headersOf: (round: number) => Record<string, string>, times = 50) {
  for (let round = 0; round < times; round += 1) {
    const outcome = await fail(arena, 'REST JSON', `sprayed.${randomInt(1e9)}`, { from, headers: headersOf(round) });
    assert.equal(outcome.error, 'Unauthorized', `${round + 1}: ${outcome.text}`);
  }
}

async function errorFrom(arena: Arena, from: string, headers: Record<string, string> = {}): Promise<unknown> {
  return (await fail(arena, 'REST JSON', `sprayed.${randomInt(1e9)}`, { from, headers })).error;
}

const liars: readonly ((address: string) => Record<string, string>)[] = [
  (address) => ({ 'x-forwarded-for': address }),
  (address) => ({ 'x-real-ip': address }),
  (address) => ({ 'forwarded': `for=${address};proto=https` }),
  (address) => ({ 'cf-connecting-ip': address }),
  (address) => ({ 'true-client-ip': address }),
  (address) => ({ 'x-client-ip': address }),
  (address) => ({ 'x-cluster-client-ip': address }),
  (address) => ({ 'x-forwarded-for': `${address}, 127.0.0.1`, 'x-forwarded': address, 'x-originating-ip': address }),
];

const anAddress = (): string => `203.0.${randomInt(256)}.${randomInt(256)}`;

/** The names of one path, in other words. */
const otherPaths = [
  '//api//v1//login',
  '/api/v1/login/',
  '/API/v1/login',
  '/api/v1/Login',
  '/api/v1/%6cogin',
  '/api/v1/%6Cogin',
  '/api/v1/./login',
  '/api/v1/x/../login',
  '/api/v1/login;x=1',
  '/api/v1/login%00',
  '/api/v1/login%20',
  '/api/v1/login%2f',
  '/api/v1\\login',
  '/api/v1/login/.',
  '/api%2fv1%2flogin',
  '/api/v1/login%3Fx',
  '/./api/v1/login',
];

/** D: guessing, and getting round the limits of it. */
export const bruteForce: Group = {
  letter: 'D',
  about: 'guessing, limits and the address of the client',
  env: counted,
  cases: [
    {
      id: 'D01',
      about: 'after ten wrong passwords the account is blocked, with a time to come back',
      async act(arena) {
        const person = await arena.person();
        await failOften(arena, person.username, 10);
        const { error, headers } = await fail(arena, 'REST JSON', person.username, { from: freshAddress() });
        assert.equal(error, byUser);
        assert.ok(Number(headers['retry-after']) > 0);
        await mustBeBlocked(arena, person);
      },
    },
    {
      id: 'D02',
      about: 'all names of an account share one counter',
      async act(arena) {
        const person = await arena.person();
        await failOften(arena, person.username, 4);
        await failOften(arena, person.email, 4);
        await failOften(arena, person.username.toUpperCase(), 1);
        const [byId] = await arena.knock(
          'REST JSON',
          { user: { id: person.userId }, password: 'x' },
          { from: freshAddress() },
        );
        assert.equal(byId?.error, 'Unauthorized');
        await mustBeBlocked(arena, person);
      },
    },
    {
      id: 'D03',
      about: 'all doors share one counter',
      async act(arena, { bystander }) {
        const person = await arena.person();
        for (let round = 0; round < 10; round += 1) {
          const door = doors[round % doors.length] ?? 'DDP';
          const { error } = await fail(arena, door, person.username, { bystander, from: freshAddress() });
          assert.ok(error === 'Unauthorized' || error === 403, `${door}: ${error}`);
        }
        for (const door of doors) {
          const { error, opened } = await arena.signIn(door, person.username, person.password, {
            bystander,
            from: freshAddress(),
          });
          assert.equal(opened, undefined, door);
          assert.equal(error, byUser, door);
        }
      },
    },
    {
      id: 'D04',
      about: 'a burst of guesses at once is held to the limit, over all doors',
      async act(arena, { bystander }) {
        const person = await arena.person();
        const guesses = Array.from(
          { length: 40 },
          async (_none, n) =>
            await fail(arena, doors[n % doors.length] ?? 'DDP', person.username, { bystander, from: freshAddress() }),
        );
        const outcomes = await Promise.all(guesses);
        const tried = outcomes.filter(({ error }) => error === 'Unauthorized' || error === 403).length;
        assert.ok(tried <= 10, `${tried} guesses were tried`);
        assert.equal(outcomes.filter(({ error }) => error === byUser).length, 40 - tried);
      },
    },
    {
      id: 'D05',
      about: 'the right password opens nothing during a block, by any door',
      async act(arena, { bystander }) {
        const person = await arena.person();
        await failOften(arena, person.username, 10);
        for (const door of doors) {
          const { opened } = await arena.signIn(door, person.username, person.password, {
            bystander,
            from: freshAddress(),
          });
          assert.equal(opened, undefined, door);
        }
        assert.ok(await arena.holds(person), 'sessions that are open stay so');
      },
    },
    {
      id: 'D06',
      about: 'a device that signed in before is let in while strangers fail',
      async act(arena) {
        const person = await arena.person();
        const home = { from: freshAddress(), headers: { 'user-agent': 'phone/1' } };
        assert.ok((await arena.signIn('REST JSON', person.username, person.password, home)).opened);
        await failOften(arena, person.username, 10);
        await mustBeBlocked(arena, person);
        await mustBeBlocked(arena, person, { headers: { 'user-agent': 'phone/1' } });
        await mustBeBlocked(arena, person, { from: home.from, headers: { 'user-agent': 'phone/2' } });
        assert.ok((await arena.signIn('REST JSON', person.username, person.password, home)).opened);
        await failOften(arena, person.username, 10);
        assert.ok((await arena.signIn('DDP', person.username, person.password, home)).opened, 'by every door');
      },
    },
    {
      id: 'D07',
      about: 'one address that tries many names is blocked, whatever headers it sends (D09, D10)',
      async act(arena, { alice }) {
        const from = freshAddress();
        await spray(arena, from, (round) => liars[round % liars.length]?.(anAddress()) ?? {});
        for (const lie of liars) assert.equal(await errorFrom(arena, from, lie(anAddress())), byAddress);
        const { opened } = await arena.signIn('REST JSON', alice.username, alice.password, { from });
        assert.equal(opened, undefined);
        assert.ok((await arena.signIn('REST JSON', alice.username, alice.password, { from: freshAddress() })).opened);
      },
    },
    {
      id: 'D08',
      about: 'an address is counted over realtime and method.call as well',
      async act(arena, { bystander }) {
        const from = freshAddress();
        for (let round = 0; round < 50; round += 1) {
          // Without a token an address has five log-ins in ten seconds, one of which is left for below.
          const other = round < 4 ? 'method.callAnon' : 'DDP';
          const door = round % 2 === 0 ? other : 'method.call';
          await fail(arena, door, `sprayed.${randomInt(1e9)}`, { from, bystander });
        }
        for (const door of doors) {
          assert.equal((await fail(arena, door, 'x.y', { from, bystander })).error, byAddress, door);
        }
      },
    },
    {
      id: 'D11',
      about:
        'behind a trusted proxy the right-most address that is no proxy counts, and what stands left of it is nobody’s',
      async act() {
        await withArena({ TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' }, async (arena) => {
          const through = (chain: string) => ({ 'x-forwarded-for': chain });
          await spray(arena, '127.0.0.1', () => through(`${anAddress()}, 198.51.100.7, 10.1.2.3`));
          assert.equal(await errorFrom(arena, '127.0.0.1', through('203.0.113.99, 198.51.100.7')), byAddress);
          assert.equal(await errorFrom(arena, '127.0.0.1', through('198.51.100.7, 198.51.100.8')), 'Unauthorized');
          assert.equal(await errorFrom(arena, '127.0.0.1', through('198.51.100.7, nonsense')), 'Unauthorized');
          // From a peer that is no proxy the header is air.
          assert.equal(await errorFrom(arena, '127.0.0.2', through('198.51.100.7')), 'Unauthorized');
          await spray(arena, '127.0.0.2', () => through(anAddress()), 49);
          assert.equal(await errorFrom(arena, '127.0.0.2', through(anAddress())), byAddress);
          // Other headers are air even from a proxy.
          for (const lie of liars.slice(1, 7)) {
            const headers = { ...through('198.51.100.7'), ...lie(anAddress()) };
            assert.equal(await errorFrom(arena, '127.0.0.1', headers), byAddress);
          }
        });
      },
    },
    {
      id: 'D12',
      about: 'with a count of hops the address so far from the right counts',
      async act() {
        await withArena({ HTTP_FORWARDED_COUNT: '1' }, async (arena) => {
          const through = (chain: string) => ({ 'x-forwarded-for': chain, 'x-real-ip': anAddress() });
          await spray(arena, '127.0.0.1', () => through(`${anAddress()}, ${anAddress()}, 198.51.100.7`));
          assert.equal(await errorFrom(arena, '127.0.0.1', through(`${anAddress()}, 198.51.100.7`)), byAddress);
          assert.equal(await errorFrom(arena, '127.0.0.1', through(`198.51.100.7, ${anAddress()}`)), 'Unauthorized');
        });
      },
    },
    {
      id: 'D13',
      cve: ['CVE-2026-45364'],
      about: 'all addresses of one IPv6 /64 are one',
      async act() {
        await withArena({ TRUSTED_PROXIES: '127.0.0.1' }, async (arena) => {
          const part = (): string => randomInt(65_536).toString(16);
          const inside = (): string => `2001:db8:7:7:${part()}:${part()}:${part()}:${part()}`;
          await spray(arena, '127.0.0.1', (round) => ({
            'x-forwarded-for': round % 2 === 0 ? inside() : `[${inside().toUpperCase()}]:4711`,
          }));
          for (const address of [inside(), '2001:db8:7:7::1', '2001:0DB8:0007:0007:0:0:0:9']) {
            assert.equal(await errorFrom(arena, '127.0.0.1', { 'x-forwarded-for': address }), byAddress, address);
          }
          assert.equal(await errorFrom(arena, '127.0.0.1', { 'x-forwarded-for': '2001:db8:7:8::1' }), 'Unauthorized');
          await spray(arena, '127.0.0.1', (round) => ({
            'x-forwarded-for': round % 2 === 0 ? '::ffff:198.51.100.9' : '198.51.100.9',
          }));
          assert.equal(await errorFrom(arena, '127.0.0.1', { 'x-forwarded-for': '::ffff:198.51.100.9' }), byAddress);
        });
      },
    },
    {
      id: 'D14',
      cve: ['GHSA-x732-6j76-qmhm'],
      about: 'a path in other words is no path, and passes no limit of calls',
      async act() {
        const arena = await Arena.open({});
        try {
          const { username, password } = arena.server.administrator;
          const body = JSON.stringify({ user: username, password });
          const raw = async (path: string): Promise<number> => {
            const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
            return statusOf((await exchange(arena.server, head + body)).received);
          };
          for (let call = 0; call < 12; call += 1) await raw('/api/v1/login');
          assert.equal(await raw('/api/v1/login'), 429, 'the eleventh call in a minute and those after it');
          assert.equal(await raw('/api/v1/login?x=1'), 429);
          assert.equal(await raw(`http://127.0.0.1:${arena.server.port}/api/v1/login`), 429);
          for (const path of otherPaths) {
            const status = await raw(path);
            assert.ok([404, 429, 400, 405].includes(status), `${path}: ${status}`);
          }
        } finally {
          await arena.close();
        }
      },
    },
    {
      id: 'D15',
      cve: ['RCSA-2023-0004'],
      about: 'another user agent for each request changes nothing',
      async act(arena) {
        const person = await arena.person();
        const from = freshAddress();
        for (let round = 0; round < 10; round += 1) {
          const { error } = await fail(arena, 'REST JSON', person.username, {
            from,
            headers: { 'user-agent': `agent/${round}` },
          });
          assert.equal(error, 'Unauthorized');
        }
        const { error } = await fail(arena, 'REST JSON', person.username, {
          from,
          headers: { 'user-agent': 'agent/99' },
        });
        assert.equal(error, byUser);
      },
    },
    {
      id: 'D17',
      about: 'an attacker’s own sign-in does not reset the count of the address, nor of another account',
      async act(arena, { bystander }) {
        const mine = await arena.person();
        const victim = await arena.person();
        const from = freshAddress();
        for (let round = 0; round < 50; round += 1) {
          if (round % 10 === 5) {
            assert.ok((await arena.signIn('REST JSON', mine.username, mine.password, { from })).opened);
          }
          const name = round < 10 ? victim.username : `sprayed.${randomInt(1e9)}`;
          assert.equal((await fail(arena, 'REST JSON', name, { from })).error, 'Unauthorized', String(round));
        }
        assert.equal((await fail(arena, 'REST JSON', victim.username, { from: freshAddress() })).error, byUser);
        const others = async () => [
          (await fail(arena, 'REST JSON', `sprayed.${randomInt(1e9)}`, { from })).error,
          (await arena.signIn('REST JSON', bystander.username, bystander.password, { from })).error,
        ];
        assert.deepEqual(await others(), [byAddress, byAddress]);
        // A known device of their own lets them in (D06c), and nobody else, and takes nothing off the address.
        assert.ok((await arena.signIn('REST JSON', mine.username, mine.password, { from })).opened);
        assert.deepEqual(await others(), [byAddress, byAddress]);
      },
    },
    {
      id: 'D18',
      about: 'a power cut forgets no failure',
      async act(arena) {
        const person = await arena.person();
        await failOften(arena, person.username, 9);
        await arena.server.kill();
        arena.server = await arena.server.restart();
        await failOften(arena, person.username, 1);
        await arena.server.kill();
        arena.server = await arena.server.restart();
        await mustBeBlocked(arena, person);
      },
    },
    {
      id: 'D19',
      about: 'two nodes on one PostgreSQL share the counters (and G19: what one opens or ends, the other knows)',
      async act() {
        await onTwoNodes(async (one, other) => {
          const { username, password } = one.administrator;
          const opened = async (node: RunningServer) => (await signInAt(node, 'REST JSON', username, password)).opened;
          const admin = await opened(one);
          assert.ok(admin);
          const made = await ask(one, {
            path: '/api/v1/users.create',
            headers: pass(admin),
            json: { username: 'victim', name: 'v', email: 'v@example.com', password: 'long enough for anybody' },
          });
          assert.equal(made.status, 200, made.text);
          const both = [one, other];
          const guess = async (n: number) =>
            (await signInAt(both[n % 2] ?? one, 'REST JSON', 'victim', `no ${n}`, { from: freshAddress() })).error;
          for (let n = 0; n < 10; n += 1) assert.equal(await guess(n), 'Unauthorized', String(n));
          for (const node of both) {
            const right = await signInAt(node, 'REST JSON', 'victim', 'long enough for anybody', {
              from: freshAddress(),
            });
            assert.equal(right.error, byUser);
            assert.equal(right.opened, undefined);
          }
          const burst = await Promise.all(
            Array.from(
              { length: 40 },
              async (_none, n) =>
                (await signInAt(both[n % 2] ?? one, 'REST JSON', 'nobody', 'x', { from: freshAddress() })).error,
            ),
          );
          const tried = burst.filter((error) => error === 'Unauthorized').length;
          assert.ok(tried <= 20, `${tried} of a burst over two nodes were tried; each node may hold one limit's worth`);
          const fresh = await opened(one);
          assert.ok(fresh);
          assert.equal((await ask(other, { path: '/api/v1/me', headers: pass(fresh) })).status, 200);
          await ask(one, { path: '/api/v1/logout', method: 'POST', headers: pass(fresh) });
          const until = Date.now() + 1000;
          for (;;) {
            if ((await ask(other, { path: '/api/v1/me', headers: pass(fresh) })).status === 401) break;
            assert.ok(Date.now() < until, 'an ended token is dead on the other node within a second');
          }
        });
      },
    },
    {
      id: 'D22',
      about: 'a clock that is set back gives no free guesses and no endless block',
      async act() {
        const clock = handClock();
        const world = await openWorld({ clock });
        try {
          await world.add('alice');
          const guess = async (plain: string): Promise<string> =>
            await world.app.session
              .logIn({ by: 'username', value: 'alice' }, { plain }, caller({ address: anAddress() }))
              .then(
                () => 'in',
                (cause: unknown) => (cause instanceof Fault ? cause.code : String(cause)),
              );
          for (let n = 0; n < 10; n += 1) assert.equal(await guess('x'), 'wrong-credentials');
          clock.move(-3_600_000);
          assert.equal(await guess('x'), 'account-blocked');
          clock.move(3_600_000);
          assert.equal(await guess('x'), 'account-blocked');
          clock.move(300_001);
          assert.equal(await guess('x'), 'wrong-credentials');
        } finally {
          await world.close();
        }
      },
    },
    {
      id: 'D23',
      about: 'names without number take no memory without bound, and are swept',
      async act() {
        const clock = handClock();
        // The world of tests remembers each failure, which the server does not.
        const world = await openWorld({ clock, parts: { onFailure: () => undefined } });
        try {
          const guess = async (n: number): Promise<void> => {
            await world.app.session
              .logIn(
                { by: 'username', value: `${'n'.repeat(800)}${n}` },
                { plain: 'x' },
                caller({ address: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, userAgent: 'u'.repeat(500) }),
              )
              .catch(() => undefined);
          };
          const run = async (from: number, to: number): Promise<number> => {
            for (let n = from; n < to; n += 50) {
              await Promise.all(
                Array.from({ length: 50 }, async (_none, k) => {
                  await guess(n + k);
                }),
              );
            }
            return heapInUse();
          };
          const before = await run(0, 2000);
          const after = await run(2000, 12_000);
          // Were each name kept with its device it would be 1.3 kB: 13 MB.
          assert.ok(after - before < 6e6, `${Math.round((after - before) / 1e6)} MB more`);
          clock.move(600_001);
          let swept = 0;
          // As the server does it: until a step finds nothing.
          for (let step = await world.app.session.sweep(); step > 0; step = await world.app.session.sweep()) {
            swept += step;
          }
          assert.ok(swept >= 24_000, `${swept} rows swept of 12,000 failures, each under its name and its address`);
        } finally {
          await world.close();
        }
      },
    },
    {
      id: 'D25',
      about: 'a code beside the guess gets round no counter, under any name',
      async act(arena) {
        const person = await arena.person();
        for (let round = 0; round < 10; round += 1) {
          const name = round % 2 === 0 ? person.username : person.email;
          const bodies = [
            { user: name, password: `guess ${round}`, code: '000000' },
            {
              totp: {
                code: '000000',
                login: { user: { [round % 2 === 0 ? 'username' : 'email']: name }, password: `guess ${round}` },
              },
            },
            { ldap: true, username: name, ldapPass: `guess ${round}`, ldapOptions: {} },
          ];
          const [outcome] = await arena.knock('REST JSON', bodies[round % 3], { from: freshAddress() });
          assert.equal(outcome?.error, 'Unauthorized', outcome?.text);
        }
        await mustBeBlocked(arena, person);
      },
    },
    {
      id: 'D26',
      about: 'during a block nothing is hashed: the refusal comes much sooner',
      async act(arena) {
        const person = await arena.person();
        await failOften(arena, person.username, 10);
        for (let attempt = 0; ; attempt += 1) {
          const [blocked = [], hashed = []] = await timed(
            [
              async () => await fail(arena, 'REST JSON', person.username, { from: freshAddress() }),
              async () => await fail(arena, 'REST JSON', `sprayed.${randomInt(1e9)}`, { from: freshAddress() }),
            ],
            15,
          );
          if (median(blocked) < median(hashed) * 0.6) return;
          assert.ok(attempt < 4, `blocked ${median(blocked)} ms, hashed ${median(hashed)} ms`);
        }
      },
    },
    {
      id: 'D27',
      about: 'a block ends by itself, and attempts during it do not lengthen it',
      async act() {
        const env = { OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Time_To_Unblock_By_User_In_Minutes: '0.05' };
        await withArena(env, async (arena) => {
          const person = await arena.person();
          await Promise.all(
            Array.from(
              { length: 10 },
              async () => await fail(arena, 'REST JSON', person.username, { from: freshAddress() }),
            ),
          );
          const begun = Date.now();
          let opened: unknown;
          while (opened === undefined && Date.now() - begun < 10_000) {
            ({ opened } = await arena.signIn('REST JSON', person.username, person.password, { from: freshAddress() }));
            await sleep(100);
          }
          const took = Date.now() - begun;
          assert.ok(opened !== undefined && took < 5500, `in again after ${took} ms`);
        });
      },
    },
    {
      id: 'D28',
      about: 'resuming a session is no guess: a block closes it to strange devices only',
      async act(arena) {
        const person = await arena.person();
        await failOften(arena, person.username, 10);
        const [stranger] = await arena.knock('REST JSON', { resume: person.authToken }, { from: freshAddress() });
        assert.equal(stranger?.error, byUser, stranger?.text);
        const [same] = await arena.knock('REST JSON', { resume: person.authToken }, { from: '127.9.9.9' });
        assert.equal(same?.opened?.authToken, person.authToken, same?.text);
      },
    },
    {
      id: 'D29',
      about: 'the limit of calls is on as it comes, tells its headers, and answers 429 with a time to come back',
      async act() {
        const arena = await Arena.open({});
        try {
          let limited;
          for (let call = 0; call < 12 && limited === undefined; call += 1) {
            const reply = await arena.ask({
              path: '/api/v1/login',
              json: { user: 'x', password: 'y' },
              headers: liars[call % 7]?.(anAddress()) ?? {},
            });
            if (reply.status === 429) limited = reply;
            else assert.equal(reply.headers['x-ratelimit-limit'], '10');
          }
          assert.ok(limited, 'the eleventh call of a minute is refused');
          assert.ok(Number(limited.headers['retry-after']) > 0);
          assert.match(textAt(limited.json, 'error'), /too many requests.*\[error-too-many-requests\]/u);
        } finally {
          await arena.close();
        }
      },
    },
    {
      id: 'D30',
      about: 'a socket takes five log-ins in ten seconds and is told to wait after that',
      async act(arena) {
        const socket = await arena.socket();
        const codes: unknown[] = [];
        for (let call = 0; call < 7; call += 1) {
          const frame = await socket.call('login', { resume: 'x'.repeat(43) });
          codes.push((frame['error'] as { error: unknown }).error);
        }
        assert.deepEqual(codes, [403, 403, 403, 403, 403, 'too-many-requests', 'too-many-requests']);
        socket.close();
      },
    },
  ],
};

/** Two servers on one PostgreSQL. */
async function onTwoNodes(act: (one: RunningServer, other: RunningServer) => Promise<void>): Promise<void> {
  const postgres = await startPostgres();
  const nodes: RunningServer[] = [];
  try {
    const env = {
      ...counted,
      DATABASE_URL: await postgres.freshDatabase(),
      COUNTERSIGN_KEY: Buffer.alloc(32, 7).toString('base64'),
    };
    const first = await startServer({ env });
    nodes.push(first);
    const second = await startServer({ env });
    nodes.push(second);
    await act(first, second);
  } finally {
    for (const node of nodes) await node.dispose();
    await postgres.stop();
  }
}
