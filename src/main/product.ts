import { availableParallelism, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { type App, createApp, type Parts } from '../app.ts';
import { type Config, ConfigError } from '../config.ts';
import { beginTrail } from '../core/audit/begin-trail.ts';
import { HashQueue } from '../core/password/hash-queue.ts';
import { openHasher } from '../core/password/open-hasher.ts';
import { decoyOf } from '../core/password/prove.ts';
import { openPresence } from '../core/presence/presence.ts';
import { catalogue } from '../core/setting/catalogue.ts';
import { type SettingEnvironment, settingsFromEnvironment } from '../core/setting/environment.ts';
import { openPermissions } from '../core/setting/permissions.ts';
import { sealingSecrets } from '../core/setting/sealed-settings.ts';
import { openSettings } from '../core/setting/settings.ts';
import type { OpenedStore } from '../core/store.ts';
import { allFactors } from '../factors/index.ts';
import { filesIn } from '../lib/import-files.ts';
import { lowerWorkers } from '../lib/lower-workers.ts';
import { takesMail } from '../lib/mail-domains.ts';
import { outboundOver } from '../lib/outbound.ts';
import { sealerOf } from '../lib/seal.ts';
import { systemClock } from '../lib/system-clock.ts';
import { systemRandom } from '../lib/system-random.ts';
import { openPostOffice, type PostOffice } from '../mail/post-office.ts';
import { casOf } from '../providers/cas/index.ts';
import { allProviders } from '../providers/index.ts';
import { openDirectory } from '../providers/ldap/open.ts';
import { fetchPictureOver } from '../providers/picture.ts';
import { samlOf } from '../providers/saml/index.ts';
import { setupOf } from '../providers/setup/index.ts';
import { fittingKey } from './key.ts';
import { endAudit } from './tend-audit.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One hash more at once than there are cores, so that none waits for the event loop; `main` gives libuv two threads more. */
export const hashing = { atOnce: availableParallelism() + 1, waiting: 128 };

/** An open product without a door: what the server and the command line share. */
export interface Product {
  readonly app: App;
  readonly store: OpenedStore;
  readonly mails: Pick<PostOffice, 'start'>;
  /** Makes what the first sign-in would else wait for. */
  readonly warm: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Hooks {
  readonly log: Logger;
  readonly onFailure: Parts['onFailure'];
  readonly onLogIn: Parts['onLogIn'];
}

async function openStore(config: Config): Promise<OpenedStore> {
  const clock = systemClock;
  if (config.database.kind === 'postgres') {
    const { openPostgres } = await import('../stores/postgres/open.ts');
    return await openPostgres({ url: config.database.url, clock });
  }
  const { openSqlite } = await import('../stores/sqlite/open.ts');
  return await openSqlite({ file: resolve(config.database.file), clock });
}

/** Beside the embedded database, where there is room; else in the system's folder, apart from other servers there. */
function importFolder({ database, port }: Config): string {
  if (database.kind === 'sqlite') return `${resolve(database.file)}.imports`;
  return join(tmpdir(), `countersign-imports-${userInfo().uid}-${port}`);
}

/**
 * A `ROOT_URL` that is given holds until an administrator changes `Site_Url`; the one that is guessed from the port
 * follows the port (decision 4).
 */
async function withRootUrl(
  config: Config,
  environment: SettingEnvironment,
  store: OpenedStore,
): Promise<SettingEnvironment> {
  if (environment.overrides.has('Site_Url')) return environment;
  const stored = (await store.settings.settings()).find(({ id }) => id === 'Site_Url');
  if (config.rootUrlGiven) {
    if (stored?.source === 'administrator') return environment;
    const overrides = new Map([...environment.overrides, ['Site_Url', config.rootUrl] as const]);
    return { ...environment, overrides, passing: new Set(['Site_Url']) };
  }
  if (stored?.source === 'initial' && stored.value !== config.rootUrl) {
    await store.settings.putSettings([{ ...stored, value: config.rootUrl }], []);
  }
  return environment;
}

/** @param use whether this process is the server, whose environment decides settings; the command line only reads them */
export async function openProduct(
  config: Config,
  env: Environment,
  use: 'server' | 'command-line',
  hooks: Hooks,
): Promise<Product> {
  const clock = systemClock;
  const random = systemRandom;
  // Read before the store is opened, so that a bad value changes nothing.
  const given = settingsFromEnvironment(env, catalogue);
  if (config.database.kind === 'postgres' && config.key === undefined) {
    throw new ConfigError('COUNTERSIGN_KEY is required with PostgreSQL.');
  }
  const store = await openStore(config);
  try {
    const sealer = sealerOf(await fittingKey(config, store));
    await beginTrail({ audit: store.audit, sealer, random });
    const { events } = store;
    const say = (sentence: string, facts: Readonly<Record<string, unknown>>): void => {
      hooks.log.warn(facts, sentence);
    };
    for (const { variable } of given.unlisted) hooks.log.warn({ variable }, 'setting-not-listed');
    const decides = use === 'server';
    const environment = decides ? await withRootUrl(config, given, store) : given;
    const parts = { store: sealingSecrets(store.settings, sealer), events, clock, log: say };
    const settings = await openSettings({ ...parts, random, environment, rootUrl: config.rootUrl, decides });
    const permissions = await openPermissions({ ...parts, settings });
    const presence = openPresence({ clock, events, node: random.id() });
    const { outbox } = store;
    const mailer = openPostOffice({ outbox, sealer, clock, random, settings, server: config.mail, log: say });
    const queue = new HashQueue(hashing);
    const hasher = openHasher({
      queue,
      method: () => (settings.get('Countersign_Password_Hash') === 'bcrypt' ? 'bcrypt' : 'argon2id'),
    });
    const decoy = decoyOf(hasher);
    const { onFailure, onLogIn } = hooks;
    const directory = openDirectory(settings);
    const app = createApp({
      store,
      clock,
      random,
      hasher,
      decoy,
      settings,
      permissions,
      presence,
      factors: allFactors({ clock, random, settings, store, sealer, mailer, hasher, decoy }),
      directory: directory.current,
      saml: samlOf({ settings, clock, random }),
      cas: casOf({ settings, outbound: outboundOver() }),
      providers: allProviders({ settings, outbound: outboundOver(), clock, random }),
      fetchPicture: fetchPictureOver(outboundOver()),
      setup: setupOf({ settings, outbound: outboundOver(), clock, random, directory: directory.current }),
      sealer,
      mailer,
      mailDomains: { takesMail },
      importFiles: filesIn(importFolder(config)),
      tokenMaking: config.tokenMaking,
      onFailure,
      onLogIn,
      log: say,
    });
    return {
      app,
      store,
      mails: mailer,
      warm: async () => {
        await decoy();
        lowerWorkers();
      },
      close: async () => {
        settings.close();
        permissions.close();
        await directory.close();
        await app.session.noticesSent();
        await app.external.picturesTaken();
        await app.session.flushUses();
        await app.session.settled();
        await app.directory.stop();
        await app.import.end();
        await endAudit(app, hooks.log, use);
        await store.close();
      },
    };
  } catch (cause) {
    await store.close();
    throw cause;
  }
}
