import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Config, ConfigError, logLevels, readConfig, type Variable, variables } from './config.ts';

type Name = keyof typeof variables;
type Env = Readonly<Record<string, string>>;

const names = Object.keys(variables) as Name[];
const secrets = names.filter((name) => (variables[name] as Variable).secret === true);
const key = Buffer.alloc(32, 7).toString('base64');

/** Values that are taken, with what becomes of them. */
const good: readonly (readonly [Name, string, (config: Config) => unknown, unknown])[] = [
  ['PORT', '0', ({ port }) => port, 0],
  ['PORT', '65535', ({ port }) => port, 65_535],
  ['BIND_IP', '0.0.0.0', ({ address }) => address, '0.0.0.0'],
  ['BIND_IP', '::1', ({ address }) => address, '::1'],
  ['ROOT_URL', 'https://chat.example.org/', ({ rootUrl }) => rootUrl, 'https://chat.example.org'],
  ['ROOT_URL', 'http://localhost:3000/sub//', ({ rootUrl }) => rootUrl, 'http://localhost:3000/sub'],
  ['DATABASE_URL', 'sqlite:./x.db', ({ database }) => database, { kind: 'sqlite', file: './x.db' }],
  ['DATABASE_URL', 'sqlite:///var/x.db', ({ database }) => database, { kind: 'sqlite', file: '/var/x.db' }],
  ['DATABASE_URL', 'postgres://h/d', ({ database }) => database, { kind: 'postgres', url: 'postgres://h/d' }],
  ['DATABASE_URL', 'postgresql://h/d', ({ database }) => database, { kind: 'postgres', url: 'postgresql://h/d' }],
  ['COUNTERSIGN_KEY', key, (config) => config.key, key],
  [
    'MAIL_URL',
    'smtp://us%40er:p%2Fw@mail.example.org:2525',
    ({ mail }) => mail,
    {
      host: 'mail.example.org',
      port: 2525,
      secure: false,
      ignoreTls: false,
      credentials: { user: 'us@er', password: 'p/w' },
    },
  ],
  [
    'MAIL_URL',
    'smtps://mail.example.org/',
    ({ mail }) => mail,
    { host: 'mail.example.org', port: 465, secure: true, ignoreTls: false, credentials: undefined },
  ],
  [
    'MAIL_URL',
    'smtp://[::1]?ignoreTLS=true',
    ({ mail }) => mail,
    { host: '::1', port: 587, secure: false, ignoreTls: true, credentials: undefined },
  ],
  ['MAIL_URL', 'outbox:', ({ mail }) => mail, 'outbox'],
  ['ADMIN_USERNAME', 'root', ({ administrator }) => administrator.username, 'root'],
  ['ADMIN_PASS', 'p w', ({ administrator }) => administrator.password, 'p w'],
  ['ADMIN_NAME', 'Ada', ({ administrator }) => administrator.name, 'Ada'],
  ['ADMIN_EMAIL', 'a@b.org', ({ administrator }) => administrator.email, 'a@b.org'],
  ['ADMIN_EMAIL_VERIFIED', 'YES', ({ administrator }) => administrator.emailVerified, true],
  ['ADMIN_EMAIL_VERIFIED', '0', ({ administrator }) => administrator.emailVerified, false],
  ['CREATE_TOKENS_FOR_USERS', 'true', ({ tokenMaking }) => tokenMaking, { on: true, secret: undefined }],
  ['CREATE_TOKENS_FOR_USERS', 'no', ({ tokenMaking }) => tokenMaking, { on: false, secret: undefined }],
  ['CREATE_TOKENS_FOR_USERS_SECRET', 's', ({ tokenMaking }) => tokenMaking, { on: true, secret: 's' }],
  ['TRUSTED_PROXIES', ' 10.0.0.0/8, ::1 ,', ({ proxies }) => proxies.trusted?.check('10.9.8.7'), true],
  ['TRUSTED_PROXIES', '10.0.0.0/8', ({ proxies }) => proxies.trusted?.check('11.0.0.1'), false],
  ['TRUSTED_PROXIES', 'fd00::/8', ({ proxies }) => proxies.trusted?.check('fd12::1', 'ipv6'), true],
  ['TRUSTED_PROXIES', '192.0.2.1', ({ proxies }) => proxies.trusted?.check('192.0.2.2'), false],
  ['HTTP_FORWARDED_COUNT', '2', ({ proxies }) => proxies.hops, 2],
  ['LOG_LEVEL', 'WARN', ({ logLevel }) => logLevel, 'warn'],
  ['METRICS_TOKEN', 'm', ({ metricsToken }) => metricsToken, 'm'],
];

/** Values that stop the start. */
const bad: readonly (readonly [Name, readonly string[]])[] = [
  ['PORT', ['-1', '65536', '3000.5', '0x10', 'http', ' 3000', '1e3', '99999999999']],
  ['BIND_IP', ['localhost', '256.0.0.1', '127.0.0.1:80', '*']],
  [
    'ROOT_URL',
    [
      'chat.example.org',
      'ftp://x.org',
      'javascript:alert(1)',
      'https://x.org/?a',
      'https://x.org/#a',
      'http://u:p@x.org',
    ],
  ],
  ['DATABASE_URL', ['./x.db', 'sqlite:', 'mysql://h/d', 'mongodb://h/d', 'postgres:/h/d']],
  ['COUNTERSIGN_KEY', ['short', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64')]],
  [
    'MAIL_URL',
    [
      'mail.example.org',
      'http://mail.example.org',
      'smtp:mail.example.org',
      'smtp://',
      'smtp://h:0',
      'smtp://h:65536',
      'smtp://h/path',
      'smtp://h#x',
      'smtp://h?pool=true',
      'smtp://h?ignoreTLS=yes',
      'smtp://:only-a-password@h',
      'smtp://u:%zz@h',
      'smtp://a%0d%0ab',
      'outbox',
      'outbox:/somewhere',
    ],
  ],
  ['ADMIN_EMAIL_VERIFIED', ['maybe', '2', 'on']],
  ['CREATE_TOKENS_FOR_USERS', ['maybe', 'TRUE!']],
  [
    'TRUSTED_PROXIES',
    ['proxy.example.org', '10.0.0.0/33', '::1/129', '10.0.0.0/', '10.0.0.0/x', '1.2.3.4/-1', '10.0.0'],
  ],
  ['HTTP_FORWARDED_COUNT', ['-1', '101', 'two']],
  ['LOG_LEVEL', ['verbose', 'information']],
];

/** What any text may stand in. */
const free: readonly Name[] = [
  'ADMIN_USERNAME',
  'ADMIN_PASS',
  'ADMIN_NAME',
  'ADMIN_EMAIL',
  'CREATE_TOKENS_FOR_USERS_SECRET',
  'METRICS_TOKEN',
];

function refusalOf(env: Env): string {
  try {
    readConfig(env);
  } catch (cause) {
    assert(cause instanceof ConfigError);
    return cause.message;
  }
  return assert.fail('nothing was refused');
}

/** A secret must not be told: the sentence stands in logs. */
function mustBeOneSentence(message: string, name: string, value: string): void {
  assert.match(message, /^[A-Z].*[^.]\.$/u);
  assert(message.startsWith(name), message);
  assert.equal(message.split('. ').length, 1, message);
  if (value.length > 'sqlite:'.length) assert.equal(message.includes(value), false, message);
}

describe('the configuration', () => {
  it('has its defaults, which the reference shows', () => {
    const config = readConfig({});
    assert.deepEqual(config, {
      port: 3000,
      address: '127.0.0.1',
      rootUrl: 'http://localhost:3000',
      rootUrlGiven: false,
      database: { kind: 'sqlite', file: './data/countersign.db' },
      key: undefined,
      mail: undefined,
      administrator: {
        username: 'admin',
        password: undefined,
        name: 'Administrator',
        email: undefined,
        emailVerified: false,
      },
      tokenMaking: { on: false, secret: undefined },
      proxies: { trusted: undefined, hops: 0 },
      logLevel: 'info',
      metricsToken: undefined,
    });
    const shown = names.flatMap((name) => (name === 'ROOT_URL' ? [] : [[name, variables[name].initial] as const]));
    assert.deepEqual({ ...readConfig(Object.fromEntries(shown)), rootUrlGiven: false }, config);
  });

  it('takes what is empty for what is missing', () => {
    const empty = Object.fromEntries(names.flatMap((name) => [name, `${name}_FILE`]).map((name) => [name, '']));
    assert.deepEqual(readConfig(empty), readConfig({}));
  });

  it('derives ROOT_URL from the port', () => {
    assert.equal(readConfig({ PORT: '8080' }).rootUrl, 'http://localhost:8080');
    assert.equal(readConfig({ ROOT_URL: 'https://x.org' }).rootUrlGiven, true);
  });

  it('opens the making of tokens by its secret alone, and by nothing less', () => {
    const secret = { CREATE_TOKENS_FOR_USERS: 'false', CREATE_TOKENS_FOR_USERS_SECRET: 's' };
    assert.deepEqual(readConfig(secret).tokenMaking, { on: true, secret: 's' });
  });

  it('knows every log level', () => {
    for (const level of logLevels) assert.equal(readConfig({ LOG_LEVEL: level }).logLevel, level);
  });

  it('is tested for every variable, with a good value and, where not any text will do, a bad one', () => {
    assert.deepEqual(
      names.filter((name) => !good.some(([one]) => one === name)),
      [],
    );
    assert.deepEqual(
      names.filter((name) => !free.includes(name) && !bad.some(([one]) => one === name)),
      [],
    );
  });

  for (const [name, value, of, wanted] of good) {
    it(`takes ${name}=${value}`, () => assert.deepEqual(of(readConfig({ [name]: value })), wanted));
  }

  for (const [name, values] of bad) {
    for (const value of values) {
      it(`refuses ${name}=${value} in one sentence that names it`, () => {
        mustBeOneSentence(refusalOf({ [name]: value }), name, value);
      });
    }
  }
});

describe('secrets in files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-config-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (text: string): string => {
    const path = join(folder, 'secret');
    writeFileSync(path, text);
    return path;
  };

  for (const name of secrets) {
    const [, value, of, wanted] = good.find(([one]) => one === name) ?? assert.fail();

    it(`reads ${name} from the file that ${name}_FILE names, without the end of its line`, () => {
      assert.deepEqual(of(readConfig({ [`${name}_FILE`]: file(`${value}\n`) })), wanted);
    });

    it(`refuses ${name} beside ${name}_FILE`, () => {
      const message = refusalOf({ [name]: value, [`${name}_FILE`]: file(value) });
      mustBeOneSentence(message, name, value);
      assert(message.includes(`${name}_FILE`));
    });

    it(`refuses a ${name}_FILE that cannot be read`, () => {
      mustBeOneSentence(refusalOf({ [`${name}_FILE`]: join(folder, 'missing') }), `${name}_FILE`, 'missing');
    });
  }

  it('judges what stands in a file as it judges a variable', () => {
    mustBeOneSentence(refusalOf({ COUNTERSIGN_KEY_FILE: file('short') }), 'COUNTERSIGN_KEY', 'short');
  });

  it('knows no such form for what is no secret', () => {
    for (const name of names.filter((one) => !secrets.includes(one))) {
      assert.deepEqual(readConfig({ [`${name}_FILE`]: join(folder, 'missing') }), readConfig({}));
    }
  });
});
