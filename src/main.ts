import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { type App, createApp, type Parts } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import type { Claim } from './core/account/account.ts';
import { HashQueue } from './core/password/hash-queue.ts';
import { openHasher } from './core/password/open-hasher.ts';
import { decoyOf } from './core/password/prove.ts';
import type { Caller } from './core/ports.ts';
import { openPresence } from './core/presence/presence.ts';
import { catalogue } from './core/setting/catalogue.ts';
import { type SettingEnvironment, settingsFromEnvironment } from './core/setting/environment.ts';
import { openPermissions } from './core/setting/permissions.ts';
import { sealingSecrets } from './core/setting/sealed-settings.ts';
import { openSettings } from './core/setting/settings.ts';
import type { OpenedStore } from './core/store.ts';
import { allFactors } from './factors/index.ts';
import { clientAddress } from './lib/client-address.ts';
import { keyFromFile } from './lib/key-file.ts';
import { logTo } from './lib/log-to.ts';
import { lowerWorkers } from './lib/lower-workers.ts';
import { Metrics } from './lib/metrics.ts';
import { refuseSocket, survive } from './lib/refuse-socket.ts';
import { sealerOf } from './lib/seal.ts';
import { systemClock } from './lib/system-clock.ts';
import { systemRandom } from './lib/system-random.ts';
import { openPostOffice, type PostOffice } from './mail/post-office.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One hash more at once than there are cores, so that none waits for the event loop; `main` gives libuv two threads more. */
const hashing = { atOnce: availableParallelism() + 1, waiting: 128 };

/** An open product without a door: what the server and the command line share. */
interface Product {
  readonly app: App;
  readonly store: OpenedStore;
  readonly mails: Pick<PostOffice, 'start'>;
  /** Makes what the first sign-in would else wait for. */
  readonly warm: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Hooks {
  readonly log: Logger;
  readonly onFailure: Parts['onFailure'];
  readonly onLogIn: Parts['onLogIn'];
}

async function openStore(config: Config): Promise<OpenedStore> {
  const clock = systemClock;
  if (config.database.kind === 'postgres') {
    const { openPostgres } = await import('./stores/postgres/open.ts');
    return await openPostgres({ url: config.database.url, clock });
  }
  const { openSqlite } = await import('./stores/sqlite/open.ts');
  return await openSqlite({ file: resolve(config.database.file), clock });
}

/** Where the key lies beside an embedded database; undefined with a server, where the environment must give it. */
function keyFileOf(config: Config): string | undefined {
  return config.database.kind === 'sqlite'
    ? join(dirname(resolve(config.database.file)), 'countersign.key')
    : undefined;
}

/** What is kept of the key in the store: enough to notice another key, not enough to learn it. */
function markOf(key: Buffer): string {
  return createHmac('sha256', key).update('countersign key mark').digest('base64');
}

/** @throws ConfigError when there is no key, or when it is not the one that the store was first used with */
async function fittingKey(config: Config, store: OpenedStore): Promise<Buffer> {
  const file = keyFileOf(config);
  let key: Buffer;
  if (config.key !== undefined) key = Buffer.from(config.key, 'base64');
  else if (file === undefined) throw new ConfigError('COUNTERSIGN_KEY is required with PostgreSQL.');
  else if (!existsSync(file) && (await store.noted('key-mark')) !== undefined) {
    throw new ConfigError(`The key file ${file} is missing: bring back the one that belongs to this database.`);
  } else key = keyFromFile(file);
  const mark = markOf(key);
  if ((await store.once('key-mark', mark)) !== mark) {
    throw new ConfigError(
      `${config.key === undefined ? `The key file ${file ?? ''}` : 'COUNTERSIGN_KEY'} is not the key that this database was first used with.`,
    );
  }
  return key;
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
    return { ...environment, overrides: new Map([...environment.overrides, ['Site_Url', config.rootUrl]]) };
  }
  if (stored?.source === 'initial' && stored.value !== config.rootUrl) {
    await store.settings.putSettings([{ ...stored, value: config.rootUrl }], []);
  }
  return environment;
}

/** @param use whether this process is the server, whose environment decides settings; the command line only reads them */
async function openProduct(
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
      sealer,
      mailer,
      tokenMaking: config.tokenMaking,
      onFailure,
      onLogIn,
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
        await app.session.flushUses();
        await store.close();
      },
    };
  } catch (cause) {
    await store.close();
    throw cause;
  }
}

/** Who asks, as far as the connection and the trusted proxies tell. */
function callerFrom(config: Config): (request: IncomingMessage) => { address: string; userAgent: string } {
  return (request) => {
    const forwarded = request.headers['x-forwarded-for'];
    return {
      address: clientAddress(
        request.socket.remoteAddress ?? '',
        Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
        config.proxies,
      ),
      userAgent: (request.headers['user-agent'] ?? '').slice(0, 512),
    };
  };
}

/** Writes sign-ins and refusals to the log and counts them; neither ever holds what was typed as a password. */
function heard(log: Logger, metrics: Metrics, app: () => App | undefined): Pick<Hooks, 'onFailure' | 'onLogIn'> {
  const logIns = metrics.counter('countersign_log_ins_total', 'Sign-ins by door and outcome.');
  return {
    onLogIn: ({ kind, caller, accountId, tokenId }) => {
      logIns.add({ door: caller.door, outcome: 'done', kind });
      const { door, address, requestId } = caller;
      log.info({ event: 'log-in', kind, door, address, requestId, accountId, tokenId }, 'signed in');
    },
    onFailure: ({ what, caller, claim, code }) => {
      if (what === 'log-in') logIns.add({ door: caller.door, outcome: code });
      const { door, address, requestId } = caller;
      log.info({ event: `${what}.refused`, code, door, address, requestId }, 'refused');
      const settings = app()?.settings;
      if (settings?.get('Login_Logs_Enabled') === true) log.info(failedLogInLine(settings, caller, claim));
    },
  };
}

/** The line that Rocket.Chat writes for a failed log-in (rest.md §19.2); each part has its own switch. */
function failedLogInLine(settings: App['settings'], caller: Caller, claim: Claim | undefined): string {
  const name = settings.get('Login_Logs_Username') ? (claim?.value.slice(0, 128) ?? 'unknown') : 'unknown';
  const address = settings.get('Login_Logs_ClientIp') ? caller.address : '-';
  const userAgent = settings.get('Login_Logs_UserAgent') ? caller.userAgent : '-';
  return `Failed login detected - Username[${name}] ClientAddress[${address}] ForwardedFor[-] XRealIp[-] UserAgent[${userAgent}]`;
}

function measure(metrics: Metrics, app: App, sockets: () => number): void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  metrics.gauge('countersign_sockets', 'Open realtime connections.', sockets);
  metrics.gauge('countersign_hash_queue_waiting', 'Passwords that wait to be hashed.', () => app.load().waiting);
  metrics.gauge('countersign_hash_queue_running', 'Passwords that are being hashed.', () => app.load().running);
  metrics.counterRead('countersign_token_checks_total', 'Tokens that were checked, by outcome.', () => {
    const { held, refused } = app.checks();
    return [
      { labels: { outcome: 'held' }, value: held },
      { labels: { outcome: 'refused' }, value: refused },
    ];
  });
  metrics.gauge('countersign_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  metrics.gauge('countersign_event_loop_delay_p99_seconds', 'Event-loop delay since it was last read.', () => {
    const seconds = delay.percentile(99) / 1e9;
    delay.reset();
    return Number.isFinite(seconds) ? seconds : 0;
  });
}

/** Work that goes on beside the doors; none of it keeps the process alive. */
function tend(app: App, log: Logger): () => void {
  const failed = (cause: unknown): void => {
    log.error({ err: cause }, 'background work failed; it is tried again');
  };
  const sweep = async (): Promise<void> => {
    // Small steps with pauses between them, so that nobody waits for a long one: 360,000 rows an hour.
    while ((await app.session.sweep()) > 0) await pause(250);
  };
  const timers = [
    setInterval(() => void sweep().catch(failed), 600_000),
    setInterval(() => void app.session.flushUses().catch(failed), 30_000),
    setInterval(() => void app.account.endStatuses().catch(failed), 10_000),
    setInterval(() => {
      app.presence.flush();
    }, 250),
    setInterval(() => {
      app.presence.beat();
    }, 10_000),
    setInterval(() => {
      app.session.tidy();
    }, 2_000),
  ];
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

async function pause(ms: number): Promise<void> {
  await new Promise((after) => {
    setTimeout(after, ms);
  });
}

/** Waits for SIGINT or SIGTERM. A terminal and npm both send the first, so a second one must find a listener too. */
async function told(): Promise<NodeJS.Signals> {
  return await new Promise((hear) => {
    process.on('SIGINT', hear);
    process.on('SIGTERM', hear);
  });
}

/**
 * Runs the doors until a signal comes.
 * @returns the exit code
 * @throws with one sentence when it cannot start
 */
async function serve(env: Environment): Promise<number> {
  let run: () => Promise<void>;
  try {
    run = await start(readConfig(env), env);
  } catch (cause) {
    const { openingErrorOf } = await import('./wire/cli/refusal.ts');
    throw openingErrorOf(cause);
  }
  await run();
  return 0;
}

/** Opens everything and listens. @returns what waits for the signal and then takes everything down */
async function start(config: Config, env: Environment): Promise<() => Promise<void>> {
  const log = logTo(process.stdout, config.logLevel);
  const metrics = new Metrics();
  let app: App | undefined;
  const product = await openProduct(config, env, 'server', { log, ...heard(log, metrics, () => app) });
  try {
    ({ app } = product);
    const doors = await openDoors(config, product.app, log, metrics);
    await makeFirstAccounts(config, product.app, log);
    const signal = told();
    const port = await listen(doors, config);
    const stopTending = tend(product.app, log);
    const stopMails = product.mails.start();
    log.info({ port, address: config.address, rootUrl: product.app.settings.get('Site_Url'), version }, 'listening');
    product.warm().catch((cause: unknown) => {
      log.error({ err: cause }, 'the first hash could not be made');
    });
    return async () => {
      log.info({ signal: await signal }, 'draining');
      stopTending();
      await Promise.race([Promise.all([doors.close(), stopMails()]), pause(drainMs)]);
      await product.close();
      log.info('stopped');
    };
  } catch (cause) {
    await product.close();
    throw cause;
  }
}

/** How long requests and sockets may take to end. */
const drainMs = 10_000;

interface Doors {
  readonly listen: (where: { readonly port: number; readonly host: string }) => Promise<string>;
  readonly close: () => Promise<void>;
}

async function openDoors(config: Config, app: App, log: Logger, metrics: Metrics): Promise<Doors> {
  const [{ restServer }, { ddpServer, webSocketDoor }, { sockJsDoor }] = await Promise.all([
    import('./wire/rest/server.ts'),
    import('./wire/ddp/server.ts'),
    import('./wire/sockjs/server.ts'),
  ]);
  const report = (sentence: string, facts: Readonly<Record<string, unknown>>): void => {
    const { cause, ...others } = facts;
    log.error({ ...others, ...(cause === undefined ? {} : { err: cause }) }, sentence);
  };
  const callerOf = callerFrom(config);
  const ddp = ddpServer({ app, random: systemRandom, log: report });
  measure(metrics, app, () => ddp.stats().sockets);
  const answers = metrics.histogram(
    'countersign_http_answer_seconds',
    'Answers of the JSON API by route and status.',
    [0.005, 0.025, 0.1, 0.5, 2.5],
  );
  const rest = await restServer({
    app,
    callMethod: ddp.callMethod,
    callerOf,
    config: {
      rootUrl: config.rootUrl,
      tokenSecretRequired: config.tokenMaking.secret !== undefined,
      version,
      metricsToken: config.metricsToken,
    },
    log: report,
    onAnswer: ({ route, verb, status, seconds }) => {
      answers.observe(seconds, { route, verb, status: String(status) });
    },
    metrics: () => metrics.text(),
  });
  const prefix = new URL(config.rootUrl).pathname.replace(/\/+$/u, '');
  const sockJs = sockJsDoor({ prefix, server: ddp, originOf: callerOf });
  const raw = webSocketDoor({ prefix, server: ddp, originOf: callerOf });
  const { server } = rest;
  const answerRest = server.listeners('request').map((listener) => listener as (...given: unknown[]) => void);
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (raw.handleRequest(request, response) || sockJs.handleRequest(request, response)) return;
    // Behind a path of its own (`https://example.org/chat`) the proxy may leave the path in or take it off.
    if (prefix !== '' && request.url?.startsWith(`${prefix}/`) === true) request.url = request.url.slice(prefix.length);
    for (const answer of answerRest) answer.call(server, request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    survive(socket);
    if (raw.handleUpgrade(request, socket, head) || sockJs.handleUpgrade(request, socket, head)) return;
    refuseSocket(socket, 'HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
  return {
    listen: rest.listen,
    close: async () => {
      await Promise.all([ddp.drain(), sockJs.close(), rest.close()]);
    },
  };
}

async function makeFirstAccounts(config: Config, app: App, log: Logger): Promise<void> {
  const first = await app.host.makeFirstAccounts(config.administrator, (sentence) => {
    log.warn(sentence);
  });
  if (first?.madeUpPassword === undefined) return;
  // Not through the log, which is kept and shipped: this is for the eyes at the terminal, once.
  process.stdout.write(
    `\nThe administrator ${first.account.username ?? ''} was made with the password  ${first.madeUpPassword}\nIt is shown only this once; change it after signing in.\n\n`,
  );
}

async function listen(doors: Doors, config: Config): Promise<number> {
  try {
    return Number(new URL(await doors.listen({ port: config.port, host: config.address })).port);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const where = `${config.address}:${config.port}`;
    if (code === 'EADDRINUSE') throw new ConfigError(`${where} is in use by another program: set PORT to a free one.`);
    if (code === 'EACCES') throw new ConfigError(`This user may not listen on ${where}: set PORT to 1024 or above.`);
    if (code === 'EADDRNOTAVAIL') {
      throw new ConfigError(`${config.address} is no address of this machine: set BIND_IP.`);
    }
    throw cause;
  }
}

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
  readonly config: { readonly node: string };
};
const { version } = manifest;

/** What doctor wants to know of the database; nothing is made or changed. */
async function examined(config: Config) {
  const { database } = config;
  const found =
    database.kind === 'sqlite'
      ? (await import('./stores/sqlite/examine.ts')).examineSqlite(resolve(database.file))
      : await (await import('./stores/postgres/examine.ts')).examinePostgres(database.url);
  return { ...found, key: fits(found.keyMark, storedKey(config)) };
}

function fits(mark: string | undefined, key: Buffer | undefined): 'fits' | 'differs' | 'unmarked' {
  if (mark === undefined) return 'unmarked';
  return key !== undefined && mark === markOf(key) ? 'fits' : 'differs';
}

/** The key that is there; none is made. */
function storedKey(config: Config): Buffer | undefined {
  if (config.key !== undefined) return Buffer.from(config.key, 'base64');
  const file = keyFileOf(config);
  return file !== undefined && existsSync(file) ? keyFromFile(file) : undefined;
}

/** The command line; everything but a plain start goes through it. */
async function commandLine(words: readonly string[], env: Environment): Promise<number> {
  const [{ cli }, { systemProbes }] = await Promise.all([
    import('./wire/cli/cli.ts'),
    import('./wire/cli/doctor/system-probes.ts'),
  ]);
  return await cli({
    argv: words,
    env,
    version,
    stdin: process.stdin,
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    serve: async () => await serve(env),
    openApp: async () => {
      const config = readConfig(env);
      const log = logTo(process.stderr, config.logLevel === 'info' ? 'error' : config.logLevel);
      return await openProduct(config, env, 'command-line', {
        log,
        onFailure: () => undefined,
        onLogIn: () => undefined,
      });
    },
    doctor: {
      ...systemProbes(),
      node: { version: process.versions.node, least: manifest.config.node },
      configuration: () => readConfig(env),
      keyFile: () => keyFileOf(readConfig(env)),
      database: async () => await examined(readConfig(env)),
    },
  });
}

async function main(words: readonly string[], env: Environment): Promise<number> {
  // Before anything uses a worker thread, which is when libuv reads it.
  process.env['UV_THREADPOOL_SIZE'] ??= String(Math.max(4, hashing.atOnce + 2));
  // The plain start does not load the command line: it has to answer soon.
  const plain = words.length === 0 || (words.length === 1 && words[0] === 'serve');
  if (!plain) return await commandLine(words, env);
  try {
    return await serve(env);
  } catch (cause) {
    const { tell } = await import('./wire/cli/refusal.ts');
    const stack = ['debug', 'trace'].includes((env['LOG_LEVEL'] ?? '').toLowerCase());
    process.stderr.write(`countersign: ${tell(cause, { stack }).message}\n`);
    return 1;
  }
}

// Through a link (`releases/current`) the name differs, the file does not.
const [, started] = process.argv;
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) {
  // Not only the exit code: a timer that is still running must not hold a stopped server up.
  process.exit(await main(process.argv.slice(2), process.env));
}
