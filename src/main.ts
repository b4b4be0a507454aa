import { once } from 'node:events';
import { readFileSync, realpathSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { App } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { logTo } from './lib/log-to.ts';
import { Metrics } from './lib/metrics.ts';
import { openPageFiles } from './lib/page-files.ts';
import { type Doors, openDoors } from './main/doors.ts';
import { heard } from './main/hear.ts';
import { keyFileOf } from './main/key.ts';
import { operatorOf } from './main/operator.ts';
import { type Environment, hashing, openProduct } from './main/product.ts';
import { pause, tend } from './main/tend.ts';
import { tendAudit } from './main/tend-audit.ts';
import { tendDirectory } from './main/tend-directory.ts';
import { tendImports } from './main/tend-imports.ts';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
  readonly config: { readonly node: string };
};
const { version } = manifest;

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
    const pages = openPageFiles(fileURLToPath(new URL('../build/pages', import.meta.url)));
    const doors = await openDoors(config, product.app, version, log, metrics, pages);
    await makeFirstAccounts(config, product.app, log);
    const signal = told();
    const port = await listen(doors, config);
    const stopTending = tend(product.app, log);
    const stopAudit = tendAudit(product.app, log);
    const stopDirectory = tendDirectory(product.app, log);
    const stopImports = tendImports(product.app, log);
    const stopMails = product.mails.start();
    log.info({ port, address: config.address, rootUrl: product.app.settings.get('Site_Url'), version }, 'listening');
    product.warm().catch((cause: unknown) => {
      log.error({ err: cause }, 'the first hash could not be made');
    });
    return async () => {
      log.info({ signal: await signal }, 'draining');
      stopTending();
      stopAudit();
      stopDirectory();
      stopImports();
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

/** The command line; everything but a plain start goes through it. */
async function commandLine(words: readonly string[], env: Environment): Promise<number> {
  const [{ cli }, { systemProbes }] = await Promise.all([
    import('./wire/cli/cli.ts'),
    import('./wire/cli/doctor/system-probes.ts'),
  ]);
  let unwritten: string | undefined;
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    // The reader has seen enough: `countersign audit export | head`.
    if (cause.code === 'EPIPE' && unwritten === undefined) process.exit(0);
    process.stderr.write(
      `countersign: Standard output takes no more (${cause.code ?? cause.message}).${unwritten === undefined ? '' : ` ${unwritten}`}\n`,
    );
    process.exit(1);
  });
  const code = await cli({
    argv: words,
    env,
    operator: operatorOf(env),
    version,
    stdin: process.stdin,
    stdout: (text) => process.stdout.write(text),
    stdoutDrained: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
    },
    ifUnwritten: (sentence) => {
      unwritten = sentence;
    },
    stderr: (text) => process.stderr.write(text),
    terminal: process.stderr.isTTY && process.stderr.columns > 0 ? process.stderr : undefined,
    serve: async () => await serve(env),
    openApp: async (how) => {
      const { trialPlace } = await import('./main/trial-place.ts');
      const place = how?.trial === true ? trialPlace(readConfig(env)) : undefined;
      const config = place?.config ?? readConfig(env);
      const log = logTo(process.stderr, config.logLevel === 'info' ? 'error' : config.logLevel);
      const { mustBeThere } = await import('./main/must-be-there.ts');
      const made = place === undefined ? await mustBeThere(config, how?.makes === true) : undefined;
      const product = await openProduct(config, env, 'command-line', {
        log,
        onFailure: () => undefined,
        onLogIn: () => undefined,
      });
      return {
        app: product.app,
        made,
        close: async () => {
          await product.close();
          place?.remove();
        },
      };
    },
    backUp: async (target, caller) => await (await import('./main/backup.ts')).backUp(readConfig(env), target, caller),
    restore: async (backup, how, caller) =>
      await (await import('./main/backup.ts')).restore(readConfig(env), backup, how, caller),
    settleRestored: async (how, caller) =>
      await (await import('./main/backup.ts')).settleRestored(readConfig(env), how, caller),
    doctor: {
      ...systemProbes(),
      node: { version: process.versions.node, least: manifest.config.node },
      configuration: () => readConfig(env),
      keyFile: () => keyFileOf(readConfig(env)),
      database: async () => await (await import('./main/examine.ts')).examined(readConfig(env)),
    },
  });
  // What could not be written is heard of between two turns only.
  await nextTurn();
  return code;
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
