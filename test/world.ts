import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp, type Parts } from '../src/app.ts';
import type { Account } from '../src/core/account/account.ts';
import { beginTrail } from '../src/core/audit/begin-trail.ts';
import type { Mail, Mailer } from '../src/core/mailer.ts';
import type { Hasher } from '../src/core/password/hasher.ts';
import { decoyOf } from '../src/core/password/prove.ts';
import type { Caller, Clock } from '../src/core/ports.ts';
import { openPresence } from '../src/core/presence/presence.ts';
import type { LoggedIn } from '../src/core/session/log-in.ts';
import { catalogue } from '../src/core/setting/catalogue.ts';
import { settingsFromEnvironment } from '../src/core/setting/environment.ts';
import { openPermissions } from '../src/core/setting/permissions.ts';
import { sealingSecrets } from '../src/core/setting/sealed-settings.ts';
import { openSettings } from '../src/core/setting/settings.ts';
import type { OpenedStore } from '../src/core/store.ts';
import { allFactors } from '../src/factors/index.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { filesIn } from '../src/lib/import-files.ts';
import { type Outbound, outboundOver } from '../src/lib/outbound.ts';
import { sealerOf } from '../src/lib/seal.ts';
import { systemRandom } from '../src/lib/system-random.ts';
import { casOf } from '../src/providers/cas/index.ts';
import { allProviders } from '../src/providers/index.ts';
import { openDirectory } from '../src/providers/ldap/open.ts';
import { fetchPictureOver } from '../src/providers/picture.ts';
import { samlOf } from '../src/providers/saml/index.ts';
import { setupOf } from '../src/providers/setup/index.ts';
import { openSqlite } from '../src/stores/sqlite/open.ts';
import { openFreshPostgres } from './postgres-world.ts';

/** A clock that stands until it is moved. */
export interface HandClock extends Clock {
  move(ms: number): void;
}

export function handClock(at = Date.parse('2026-08-20T10:00:00Z')): HandClock {
  let now = at;
  return {
    now: () => now,
    move: (ms) => {
      now += ms;
    },
  };
}

/** A hasher that costs nothing, counts, and can be held up; real ones are tested on their own. */
export interface CountingHasher extends Hasher {
  readonly checks: () => number;
}

function countingHasher(): CountingHasher {
  let checks = 0;
  const form = (digest: string): string => `test$${sha256Hex(`salt ${digest}`)}`;
  return {
    make: async (digest) => await Promise.resolve(form(digest)),
    async check(digest, stored) {
      checks += 1;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      // As with real ones, an older form is checked all the same.
      return { held: form(digest) === stored.replace(/^old\$/u, '') };
    },
    isCurrent: (stored) => ({ held: stored.startsWith('test$') }),
    load: () => ({ waiting: 0, running: 0, most: 1 }),
    checks: () => checks,
  };
}

/** A mailer that keeps what it is given, and delivers it as long as nobody says otherwise. */
export function mailerInto(mails: Mail[], delivers = true): Mailer {
  return {
    post: async (mail) => {
      mails.push(mail);
      await Promise.resolve();
    },
    serverSet: () => ({ held: delivers }),
    deliver: async (mail) => {
      mails.push(mail);
      return await Promise.resolve({ held: delivers });
    },
  };
}

export interface World {
  readonly app: App;
  readonly store: OpenedStore;
  readonly clock: HandClock;
  readonly hasher: CountingHasher;
  readonly failures: readonly Parameters<Parts['onFailure']>[0][];
  /** Every mail that was posted or delivered. */
  readonly mails: readonly Mail[];
  /** An account made by the host: `user` unless told otherwise. */
  add(username: string, more?: Partial<Parameters<App['host']['createAccount']>[0]>): Promise<Account>;
  signIn(username: string, password?: string): Promise<LoggedIn>;
  close(): Promise<void>;
}

/** The password of every account of a test world that is not told another. */
export const password = 'correct horse battery staple';

export function caller(more: Partial<Caller> = {}): Caller {
  return { door: 'rest', address: '203.0.113.9', userAgent: 'test/1', requestId: 'test', ...more };
}

/**
 * A whole product on a fresh embedded database, with injected clock and hasher; on PostgreSQL where the variable
 * `TEST_POSTGRES` holds the address of a server, as `endpoints-on-postgres.test.ts` sets it.
 * @param options.env settings as an operator gives them, for example `OVERWRITE_SETTING_API_Enable_CORS: 'true'`
 */
export async function openWorld(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly open?: (clock: Clock) => Promise<OpenedStore>;
    readonly parts?: Partial<Parts>;
    readonly clock?: HandClock;
    /** The way to other servers; the real one where nothing is said. */
    readonly outbound?: Outbound;
    /** The key of a store that a server has used. */
    readonly key?: Buffer;
  } = {},
): Promise<World> {
  const clock = options.clock ?? handClock();
  const folder = mkdtempSync(join(tmpdir(), 'countersign-world-'));
  // Before the store: where it refuses, nothing is left open.
  const environment = settingsFromEnvironment(options.env ?? {}, catalogue);
  const server = process.env['TEST_POSTGRES'];
  const open =
    options.open ??
    (async () =>
      server === undefined
        ? await openSqlite({ file: join(folder, 'test.db'), clock })
        : await openFreshPostgres(server, clock));
  const store = await open(clock);
  const random = systemRandom;
  const sealer = sealerOf(options.key ?? Buffer.alloc(32, 7));
  await beginTrail({ audit: store.audit, sealer, random });
  const settings = await openSettings({
    store: sealingSecrets(store.settings, sealer),
    events: store.events,
    clock,
    random,
    environment,
    rootUrl: 'http://localhost:3000',
  });
  const permissions = await openPermissions({ store: store.settings, events: store.events, clock, settings });
  const hasher = countingHasher();
  const failures: Parameters<Parts['onFailure']>[0][] = [];
  const used = options.parts?.hasher ?? hasher;
  const decoy = decoyOf(used);
  const mails: Mail[] = [];
  const directory = openDirectory(settings);
  const mailer = options.parts?.mailer ?? mailerInto(mails);
  const app = createApp({
    store,
    clock,
    random,
    hasher: used,
    decoy,
    settings,
    permissions,
    presence: openPresence({ clock, events: store.events, node: random.id() }),
    factors: allFactors({ clock, random, settings, store, sealer, mailer, hasher: used, decoy }),
    directory: directory.current,
    saml: samlOf({ settings, clock, random }),
    cas: casOf({ settings, outbound: outboundOver() }),
    providers: allProviders({ settings, outbound: options.outbound ?? outboundOver(), clock, random }),
    fetchPicture: fetchPictureOver(options.outbound ?? outboundOver()),
    setup: setupOf({
      settings,
      outbound: options.outbound ?? outboundOver(),
      clock,
      random,
      directory: options.parts?.directory ?? directory.current,
    }),
    sealer,
    mailer,
    mailDomains: { takesMail: async (domain) => await Promise.resolve({ held: !domain.endsWith('.invalid') }) },
    importFiles: filesIn(join(folder, 'imports')),
    tokenMaking: { on: false, secret: undefined },
    onFailure: (failure) => {
      failures.push(failure);
    },
    onLogIn: () => undefined,
    ...options.parts,
  });
  return {
    app,
    store,
    clock,
    hasher,
    failures,
    mails,
    add: async (username, more = {}) =>
      await app.host.createAccount(
        {
          username,
          name: username,
          email: { address: `${username}@example.com`, verified: true },
          password,
          roles: ['user'],
          byServer: true,
          ...more,
        },
        caller({ door: 'cli', address: '' }),
      ),
    signIn: async (username, given = password) =>
      await app.session.logIn({ by: 'username', value: username }, { plain: given }, caller()),
    close: async () => {
      await app.session.noticesSent();
      await app.external.picturesTaken();
      await app.directory.stop();
      await app.import.end();
      settings.close();
      permissions.close();
      await directory.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
