import type { Account } from '../../core/account/account.ts';
import { Fault } from '../../core/fault.ts';
import type { MailBody, OutboxMail } from '../../core/outbox.ts';
import { sampleAccount, sampleToken } from '../../core/samples.suite.ts';
import type { Block } from '../../core/session/block-store.ts';
import type { PooledToken, Token } from '../../core/session/token.ts';
import { cli } from './cli.ts';
import type { DatabaseFindings, DoctorProbes } from './doctor/probes.ts';
import type { CliApp, CliNeeds } from './needs.ts';

const noon = Date.UTC(2026, 0, 31, 12);

/** An account of the fake store. */
export function account(id: string, more: Partial<Account> = {}): Account {
  const { passwordHash: _, ...sample } = sampleAccount({ id, username: id, name: undefined });
  return {
    ...sample,
    emails: [{ address: `${id}@example.org`, verified: true }],
    createdAt: noon,
    updatedAt: noon,
    ...more,
  };
}

/** A token of the fake store. */
export function token(accountId: string, id: string, more: Partial<PooledToken> = {}): Token {
  return sampleToken(accountId, {
    hash: `hash of ${id}`,
    id,
    createdAt: noon,
    endsAt: noon + 86_400_000,
    usedAt: noon,
    door: 'rest',
    address: '203.0.113.7',
    userAgent: 'curl/8',
    ...more,
  });
}

/** A mail of the fake store, with its text as long as it was not sent. */
export function keptMail(id: string, more: Partial<OutboxMail> = {}): World['mails'][number] {
  const about: OutboxMail = {
    id,
    kind: 'authentication-code',
    recipient: 'ada@example.org',
    subject: 'Authentication code',
    sealedBody: 'the sealed text',
    state: 'kept',
    madeAt: noon,
    dueAt: noon + 86_400_000,
    tries: 0,
    lastError: undefined,
    sentAt: undefined,
    ...more,
  };
  return {
    mail: about,
    body: about.state === 'sent' ? undefined : { text: 'Your code:\n\n    123-456\n', html: '<p>Your code</p>' },
  };
}

export interface World {
  accounts: Account[];
  tokens: Token[];
  mails: { readonly mail: OutboxMail; readonly body: MailBody | undefined }[];
  blocks: Block[];
  /** What clearing forgets. */
  failures: number;
  wrongCodes: number;
  /** What the app was asked to do, in order. */
  readonly asked: (readonly unknown[])[];
  closed: number;
  siteUrl: string;
}

function appOf(world: World): CliApp {
  const foldedBy = {
    id: (one: Account) => [one.id],
    username: (one: Account) => [one.username],
    email: (one: Account) => one.emails.map(({ address }) => address),
  };
  return {
    account: {
      find: async ({ by, value }) => world.accounts.find((one) => foldedBy[by](one).includes(value)),
      list: async ({ offset, count }) => ({
        accounts: world.accounts.slice(offset, count === 0 ? undefined : offset + count),
        total: world.accounts.length,
      }),
    },
    // `commands/audit.test.ts` calls the commands over a real store.
    audit: {
      glance: async () => ({ ended: true, any: true }),
      page: async () => ({ entries: [], next: undefined }),
      verify: async () => ({ held: true, entries: 0, first: 1, head: undefined, unsealed: 0, compared: true }),
      async *export() {
        yield* await Promise.resolve([]);
      },
    },
    // Who moves is tested over a real store, in test/import.test.ts.
    // `commands/applications.test.ts` calls the commands over a real store.
    application: {} as CliApp['application'],
    // `commands/ldap-sync.test.ts` calls it over a real store.
    directory: {} as CliApp['directory'],
    moving: {} as CliApp['moving'],
    // `commands/saml-import-metadata.test.ts` calls it over a real store.
    saml: { read: notHere, state: () => undefined },
    openId: {
      rotateKeys: async ({ atOnce }) => {
        world.asked.push(['rotateKeys', atOnce]);
        return await Promise.resolve('new-key');
      },
    },
    permissions: {
      roles: () =>
        ['admin', 'user', 'bot', 'owner'].map((id) => ({
          id,
          name: id,
          scope: id === 'owner' ? 'Subscriptions' : 'Users',
          description: '',
          protected: true,
          secondFactor: false,
        })),
    },
    // `commands/roles.test.ts` and `commands/settings.test.ts` call the commands over a real store.
    settings: { get: (id) => (id === 'Site_Url' ? world.siteUrl : 'user'), list: () => [] },
    host: {
      async createAccount(asked, caller) {
        world.asked.push(['createAccount', asked, caller.door]);
        if (world.accounts.some(({ username }) => username === asked.username)) {
          throw new Fault('username-taken', { username: asked.username });
        }
        const { username, name, roles, kind = 'user' } = asked;
        const emails = asked.email === undefined ? [] : [asked.email];
        return account(`id-of-${username}`, { username, name, roles, kind, emails });
      },
      roleExists: (id) => ['admin', 'user', 'bot'].includes(id),
      createRole: notHere,
      removeRole: notHere,
      giveRole: notHere,
      takeRole: notHere,
      changeSetting: notHere,
      resetSetting: notHere,
      addService: notHere,
      removeService: notHere,
      async setOpen(accountId, open, caller) {
        world.asked.push(['setOpen', accountId, open, caller.door]);
        const one = world.accounts.find(({ id }) => id === accountId);
        if (!open && one?.roles.includes('admin') === true) throw new Fault('last-administrator', { act: 'close' });
      },
      // `commands/users.test.ts` calls these over a real store.
      edit: async (one) => one,
      remove: async () => {},
      mailPasswordLink: async () => ({ held: true }),
      passwordViolations: async (plain) => (plain.length < 14 ? ['too-short'] : []),
      async setPassword(accountId, password, caller) {
        world.asked.push(['setPassword', accountId, password, caller.door]);
      },
      async makeToken(owner) {
        return { account: owner, token: token(owner.id, 'fresh', { pool: 'script' }), text: 'the-text', kind: 'token' };
      },
      async makePersonalToken(owner, asked) {
        world.asked.push(['makePersonalToken', owner.id, asked]);
        if (asked.name === 'taken') throw new Fault('personal-token-exists');
        return 'the-personal-text';
      },
      tokens: async (accountId) => world.tokens.filter((one) => one.accountId === accountId),
      async sessions({ accountId, offset, count }) {
        const live = world.tokens.filter(
          (one) => one.pool !== 'personal' && one.accountId === (accountId ?? one.accountId),
        );
        const page = live.slice(offset, offset + count).map((one) => ({ token: one, account: account(one.accountId) }));
        return { tokens: page, total: live.length };
      },
      async personalTokens({ offset, count }) {
        const all = world.tokens.filter(({ pool }) => pool === 'personal');
        const page = all.slice(offset, offset + count).map((one) => ({ token: one, account: account(one.accountId) }));
        return { tokens: page, total: all.length };
      },
      async endSession(id, caller) {
        world.asked.push(['endSession', id, caller.door]);
        const found = world.tokens.find((one) => one.id === id && one.pool !== 'personal');
        if (found === undefined) throw new Fault('session-unknown');
        return { account: account(found.accountId), token: found };
      },
      async endSessions(accountId, caller) {
        world.asked.push(['endSessions', accountId, caller.door]);
        return world.tokens.filter((one) => one.accountId === accountId && one.pool !== 'personal').length;
      },
      async endToken({ id }) {
        world.asked.push(['endToken', id]);
        return { held: true };
      },
      async endTokens(accountId) {
        world.asked.push(['endTokens', accountId]);
        return world.tokens.filter((one) => one.accountId === accountId).length;
      },
      async makeLoginCode(owner, minutes, caller) {
        world.asked.push(['makeLoginCode', owner.id, minutes, caller.door]);
        return { code: 'c0de'.repeat(16), endsAt: noon + minutes * 60_000 };
      },
      identities: async () => await Promise.resolve([]),
      async unlinkIdentity(owner, { provider, subject }, caller) {
        world.asked.push(['unlinkIdentity', owner.id, provider, subject, caller.door]);
      },
      async resetFactors(owner, caller) {
        world.asked.push(['resetFactors', owner.id, caller.door]);
      },
      blocks: async ({ offset, count }) => ({
        blocks: world.blocks.slice(offset, offset + count),
        total: world.blocks.length,
      }),
      async clearBlock(subject, caller) {
        world.asked.push(['clearBlock', subject, caller.door]);
        return { failures: world.failures, wrongCodes: world.wrongCodes };
      },
      administratorThere: async () => ({ held: true }),
      countAccounts: async () => world.accounts.length,
      mails: async (count) => world.mails.slice(0, count).map(({ mail }) => mail),
      mail: async (id) => world.mails.find(({ mail }) => mail.id === id)?.mail,
      showMail: async (id) => world.mails.find(({ mail }) => mail.id === id),
      async retryMail(id) {
        world.asked.push(['retryMail', id]);
        return world.mails.some(({ mail }) => mail.id === id && mail.state === 'failed');
      },
      async testMail(address) {
        world.asked.push(['testMail', address]);
        return address === 'ada@example.org' ? { held: true } : { held: false, because: 'The mail server was away.' };
      },
    },
  };
}

export const soundDatabase: DatabaseFindings = {
  name: 'SQLite 3.50.4',
  exists: true,
  schema: { found: 3, known: 3 },
  damage: [],
  unwritable: undefined,
  key: 'fits',
};

/** Probes of an installation where all is well. */
export function soundProbes(more: Partial<DoctorProbes> = {}): DoctorProbes {
  return {
    node: { version: '24.21.0', least: '24.15.0' },
    configuration: () => ({
      port: 3000,
      address: '127.0.0.1',
      rootUrl: 'https://chat.example.org',
      rootUrlGiven: true,
      database: { kind: 'sqlite', file: '/srv/countersign.db' },
      key: undefined,
      proxies: { trusted: undefined, hops: 1 },
      logLevel: 'info',
    }),
    database: async () => soundDatabase,
    keyFile: () => '/srv/countersign.key',
    now: () => noon,
    fileMode: () => 0o100600,
    freeBytes: () => 50 * 1024 ** 3,
    openFileLimit: () => 524_288,
    info: async () => ({
      status: 200,
      date: new Date(noon).toUTCString(),
      location: undefined,
      seenAddress: undefined,
      body: { version: '8.7.0', success: true },
    }),
    seenAddress: async () => '203.0.113.7',
    ...more,
  };
}

/** Of files, tested on files. */
export const notHere = async (): Promise<never> => {
  throw new Error('There is no file here.');
};

async function* pieces(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  yield bytes.subarray(0, 2);
  yield bytes.subarray(2);
}

/** Calls the command line over a fake store, and gives everything it said. */
export async function call(
  words: readonly string[],
  more: Partial<Omit<CliNeeds, 'stdin'>> & {
    readonly stdin?: string | Uint8Array;
    readonly world?: Partial<World>;
  } = {},
): Promise<{ code: number; out: string; err: string; world: World }> {
  const siteUrl = 'https://chat.example.org/';
  const { stdin = '', world: given, ...needs } = more;
  const world: World = {
    accounts: [account('ada')],
    tokens: [],
    mails: [],
    blocks: [],
    failures: 3,
    wrongCodes: 0,
    asked: [],
    closed: 0,
    siteUrl,
    ...given,
  };
  let out = '';
  let err = '';
  const code = await cli({
    argv: words,
    env: {},
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    stdin: pieces(stdin),
    openApp: async () => ({
      app: appOf(world),
      close: async () => {
        world.closed += 1;
      },
    }),
    serve: async () => 0,
    backUp: notHere,
    restore: notHere,
    settleRestored: notHere,
    doctor: soundProbes(),
    version: '1.2.3',
    ...needs,
  });
  return { code, out, err, world };
}
