import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { BlockList } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { call, soundDatabase, soundProbes } from '../fake-needs.suite.ts';
import type { Check } from './check.ts';
import type { Configuration, DatabaseFindings, DoctorProbes, WebAnswer } from './probes.ts';
import { systemProbes } from './system-probes.ts';

const sound = soundProbes().configuration();

interface Diagnosis {
  readonly code: number;
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

async function diagnose(probes: Partial<DoctorProbes>): Promise<Diagnosis> {
  const { code, out } = await call(['doctor', '--json'], { doctor: soundProbes(probes) });
  return { code, ...(JSON.parse(out) as { ok: boolean; checks: Check[] }) };
}

const configured = (more: Partial<Configuration>): Partial<DoctorProbes> => ({
  configuration: () => ({ ...sound, ...more }),
});
const found = (more: Partial<DatabaseFindings>): Partial<DoctorProbes> => ({
  database: async () => ({ ...soundDatabase, ...more }),
});
const broken = async (): Promise<never> => {
  throw new Error('ECONNREFUSED');
};
const answers = (more: Partial<WebAnswer>): Partial<DoctorProbes> => ({
  info: async () => ({ ...(await soundProbes().info('')), ...more }),
});
const trusting = (): BlockList => {
  const list = new BlockList();
  list.addAddress('127.0.0.1');
  return list;
};

describe('doctor', () => {
  it('finds nothing wrong with a sound installation', async () => {
    const { code, ok, checks } = await diagnose({});
    assert.deepEqual([code, ok], [0, true]);
    assert.deepEqual(
      checks.map(({ id, level }) => `${id} ${level}`),
      [
        'configuration ok',
        'node ok',
        'database ok',
        'schema ok',
        'integrity ok',
        'writable ok',
        'database-file ok',
        'disk ok',
        'key ok',
        'key-fits ok',
        'administrator ok',
        'audit ok',
        'root-url ok',
        'server ok',
        'root-url-answers ok',
        'proxies ok',
        'clock ok',
        'open-files ok',
        'log-level ok',
      ],
    );
    assert(checks.every(({ advice }) => advice === undefined));
  });

  it('prints each check with what to do, and a count', async () => {
    const { code, out, err } = await call(['doctor'], { doctor: soundProbes(configured({ logLevel: 'trace' })) });
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^ok {4}Configuration {5}The environment can be used\.\n/u);
    assert.match(
      out,
      /\nwarn {2}Log level {9}LOG_LEVEL is trace\.\n {24}It is slow[^]*\n\n0 failed, 1 warning, 18 fine\.\n$/u,
    );
  });

  const table: readonly (readonly [string, Partial<DoctorProbes>, string, Check['level'], RegExp])[] = [
    ['an old Node.js', { node: { version: '24.9.0', least: '24.15.0' } }, 'node', 'fail', /24\.9\.0; 24\.15\.0/u],
    ['no database yet', found({ exists: false }), 'database', 'warn', /nothing of Countersign in it yet/u],
    ['a database that does not open', { database: broken }, 'database', 'fail', /ECONNREFUSED/u],
    ['an older schema', found({ schema: { found: 2, known: 3 } }), 'schema', 'warn', /version 2.*knows 3/u],
    ['a newer schema', found({ schema: { found: 4, known: 3 } }), 'schema', 'fail', /version 4.*knows 3/u],
    ['damage', found({ damage: ['a', 'b', 'c', 'd'] }), 'integrity', 'fail', /damaged: a; b; c and 1 more/u],
    ['a read-only file', found({ unwritable: 'It is read-only.' }), 'writable', 'fail', /read-only/u],
    ['a database that others may read', { fileMode: () => 0o644 }, 'database-file', 'warn', /mode 0644/u],
    ['a key file that others may read', { fileMode: () => 0o640 }, 'key', 'warn', /mode 0640/u],
    ['a full disk', { freeBytes: () => 1_000_000 }, 'disk', 'fail', /^0 MiB are free/u],
    ['a disk that fills', { freeBytes: () => 500 * 1024 ** 2 }, 'disk', 'warn', /^500 MiB/u],
    ['a lost key file', { fileMode: () => undefined }, 'key', 'fail', /countersign\.key is missing/u],
    ['no key file yet', { ...found({ key: 'unmarked' }), fileMode: () => undefined }, 'key', 'ok', /will be made/u],
    ['PostgreSQL without a key', { keyFile: () => undefined }, 'key', 'fail', /COUNTERSIGN_KEY is not set/u],
    ['the key of another database', found({ key: 'differs' }), 'key-fits', 'fail', /another key/u],
    ['no ROOT_URL', configured({ rootUrlGiven: false }), 'root-url', 'warn', /not set/u],
    ['no TLS', configured({ rootUrl: 'http://chat.example.org' }), 'root-url', 'warn', /not encrypted/u],
    [
      'a ROOT_URL for this machine alone',
      configured({ rootUrl: 'http://localhost:3000', address: '::' }),
      'root-url',
      'warn',
      /listens on ::/u,
    ],
    ['a free port', configured({ port: 0 }), 'server', 'warn', /PORT is 0/u],
    ['no server', { info: broken }, 'server', 'warn', /http:\/\/127\.0\.0\.1:3000 \(ECONNREFUSED\)/u],
    ['another program', answers({ body: 'hello' }), 'server', 'fail', /not Countersign/u],
    [
      'a proxy that leads elsewhere',
      {
        info: async (url) => ({ ...(await soundProbes().info(url)), ...(url.startsWith('https') ? { body: '' } : {}) }),
      },
      'root-url-answers',
      'fail',
      /not from Countersign/u,
    ],
    [
      'a redirect',
      {
        info: async (url) => ({
          ...(await soundProbes().info(url)),
          ...(url.startsWith('https') ? { status: 301, body: '', location: 'https://x.org/' } : {}),
        }),
      },
      'root-url-answers',
      'warn',
      /https:\/\/x\.org\//u,
    ],
    [
      'a name that leads nowhere from here',
      { info: async (url) => (url.startsWith('https') ? await broken() : await soundProbes().info(url)) },
      'root-url-answers',
      'warn',
      /does not answer from this machine/u,
    ],
    ['a clock that is off', { now: () => Date.UTC(2026, 0, 31, 12, 1) }, 'clock', 'warn', /differ by 60 seconds/u],
    ['few open files', { openFileLimit: () => 256 }, 'open-files', 'fail', /hold 256/u],
    ['not many open files', { openFileLimit: () => 4096 }, 'open-files', 'warn', /hold 4096/u],
    ['a log that says nothing', configured({ logLevel: 'silent' }), 'log-level', 'warn', /silent/u],
    [
      'a believed forgery',
      { seenAddress: async (_url, forwardedFor) => forwardedFor },
      'proxies',
      'fail',
      /believes an address that the client made up/u,
    ],
    [
      'a proxy that is not trusted',
      { ...configured({ proxies: { trusted: undefined, hops: 0 } }), seenAddress: async () => '127.0.0.1' },
      'proxies',
      'warn',
      /Address as seen behind proxies: 127\.0\.0\.1/u,
    ],
    ['a proxy elsewhere', { seenAddress: async () => undefined }, 'proxies', 'ok', /another machine/u],
    ['a way to the server that fails', { seenAddress: broken }, 'proxies', 'warn', /could not be tried/u],
    ['a count of hops on an open port', configured({ address: '0.0.0.0' }), 'direct-way', 'warn', /port 3000/u],
    [
      'trust without a proxy',
      {
        ...configured({ rootUrl: 'http://localhost:3000', proxies: { trusted: trusting(), hops: 0 } }),
        seenAddress: async (_url, forwardedFor) => forwardedFor,
      },
      'proxies',
      'warn',
      /No proxy stands before ROOT_URL/u,
    ],
    [
      'no proxy and no trust',
      {
        ...configured({ rootUrl: 'http://127.0.0.1:3000', proxies: { trusted: undefined, hops: 0 } }),
        seenAddress: async () => '127.0.0.1',
      },
      'proxies',
      'ok',
      /without a proxy: 127\.0\.0\.1/u,
    ],
  ];
  for (const [what, probes, id, level, said] of table) {
    it(`tells of ${what}`, async () => {
      const { code, ok, checks } = await diagnose(probes);
      const check = checks.find((one) => one.id === id);
      assert.equal(check?.level, level, JSON.stringify(checks));
      assert.match(check.found, said);
      assert.equal(check.advice !== undefined && check.advice !== '', level !== 'ok', 'advice where there is trouble');
      const failed = checks.some((one) => one.level === 'fail');
      assert.deepEqual([code, ok], [failed ? 1 : 0, !failed]);
    });
  }

  it('goes no further than a configuration that cannot be read', async () => {
    const { code, checks } = await diagnose({
      configuration: () => {
        throw new Error('PORT must be a whole number from 0 to 65535.');
      },
    });
    assert.equal(code, 1);
    assert.deepEqual(
      checks.map(({ id, level }) => `${id} ${level}`),
      ['configuration fail', 'node ok', 'open-files ok'],
    );
    assert.match(checks[0]?.found ?? '', /^PORT must be/u);
  });

  for (const [what, probes] of [
    ['has nothing in it', found({ exists: false })],
    ['has an older schema', found({ schema: { found: 2, known: 3 } })],
    ['is damaged', found({ damage: ['page 3'] })],
    ['does not open', { database: broken }],
  ] as const) {
    it(`leaves a database alone that ${what}: opening it would change it`, async () => {
      const { world } = await call(['doctor'], { doctor: soundProbes(probes) });
      assert.equal(world.closed, 0);
    });
  }

  it('tells when the accounts cannot be read', async () => {
    const { code, out } = await call(['doctor', '--json'], { openApp: broken });
    assert.equal(code, 1);
    assert.match(out, /Accounts cannot be read: ECONNREFUSED/u);
  });

  it('asks a server that listens everywhere on the loopback address', async () => {
    for (const [address, url] of [
      ['0.0.0.0', 'http://127.0.0.1:3000'],
      ['::', 'http://[::1]:3000'],
      ['192.0.2.5', 'http://192.0.2.5:3000'],
    ] as const) {
      const asked: string[] = [];
      await diagnose({
        ...configured({ address }),
        info: async (one) => {
          asked.push(one);
          return await soundProbes().info(one);
        },
      });
      assert.deepEqual(asked, [url, 'https://chat.example.org']);
    }
  });
});

describe('the probes of the machine', () => {
  const probes = systemProbes();
  const folder = mkdtempSync(join(tmpdir(), 'countersign-doctor-'));
  let url = '';
  const listener: RequestListener = (request, response) => {
    if (request.url === '/livez') response.setHeader('x-seen-address', request.headers['x-forwarded-for'] ?? '');
    if (request.url === '/api/info') response.setHeader('location', '/elsewhere');
    response.end(request.url === '/api/info' ? '{"version":"1"}' : 'alive');
  };
  const server = createServer(listener);

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert(typeof address === 'object' && address !== null);
    url = `http://127.0.0.1:${address.port}`;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('ask a server, and give the reason when none answers', async () => {
    const { status, body, location, date } = await probes.info(url);
    assert.deepEqual([status, body, location], [200, { version: '1' }, '/elsewhere']);
    assert(Math.abs(Date.parse(date ?? '') - probes.now()) < 60_000);
    assert.equal(await probes.seenAddress(url, '192.0.2.1'), '192.0.2.1');
    await assert.rejects(probes.info('http://127.0.0.1:1'), /^Error: (?:ECONNREFUSED|bad port)$/u);
  });

  it('look at files, disks and limits', () => {
    const file = join(folder, 'key');
    writeFileSync(file, '', { mode: 0o600 });
    assert.equal((probes.fileMode(file) ?? 0) & 0o777, 0o600);
    assert.equal(probes.fileMode(join(folder, 'missing')), undefined);
    assert((probes.freeBytes(join(folder, 'not', 'yet', 'made.db')) ?? 0) > 0);
    const limit = probes.openFileLimit();
    assert(limit === undefined || limit > 0);
  });
});
