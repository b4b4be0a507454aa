import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pause, pin, serverCore, unpin } from './process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm start` runs, made anew where the sources have changed. */
function entry(): string {
  execFileSync('node', [join(root, 'scripts', 'ensure.mjs'), '--dev', '--server'], { cwd: root, stdio: 'inherit' });
  return join(root, 'build', 'entry.mjs');
}

let main: string | undefined;

export interface ProductOptions {
  /** With a `countersign.db`, or empty. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Bound to the core for servers unless every core is asked for. */
  readonly cores?: 'one' | 'all';
}

/** Countersign itself, in a process of its own. */
export interface Product {
  readonly port: number;
  readonly pid: number;
  /** Milliseconds from the start of the process until it listened. */
  readonly listeningAfter: number;
  stop(): Promise<void>;
}

/** Clients here all come from one machine, and far too often for the limits that hold in the world. */
const withoutRates = {
  OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
  OVERWRITE_SETTING_DDP_Rate_Limit_IP_Enabled: 'false',
};

/** Starts the server as an operator would, with its log in a file, and waits until it listens. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const logFile = join(options.folder, `log.${process.hrtime.bigint()}`);
  const log = openSync(logFile, 'w');
  main ??= entry();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [main, 'serve'], {
    cwd: options.folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      // As `npm start` does.
      NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)),
      PORT: '0',
      DATABASE_URL: `sqlite:${join(options.folder, 'countersign.db')}`,
      ADMIN_USERNAME: 'root.admin',
      ADMIN_PASS: 'an administrator of measurements',
      ...withoutRates,
      ...options.env,
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const pid = child.pid ?? 0;
  // Not yet to one core where that would be measured: the start may use what there is.
  unpin(pid);
  const port = await listening(child, logFile);
  const listeningAfter = performance.now() - startedAt;
  if (options.cores !== 'all') pin(pid, serverCore);
  return {
    port,
    pid,
    listeningAfter,
    stop: async () => {
      await end(child);
    },
  };
}

async function listening(child: ChildProcess, logFile: string): Promise<number> {
  for (const until = performance.now() + 60_000; ; ) {
    const log = readFileSync(logFile, 'utf8');
    const port = /"port":(\d+).*"msg":"listening"/u.exec(log)?.[1];
    if (port !== undefined) return Number(port);
    const ended = child.exitCode ?? child.signalCode;
    if (ended !== null) throw new Error(`The server ended with ${ended} before it listened:\n${log}`);
    if (performance.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`The server did not listen within a minute:\n${log}`);
    }
    await pause(1);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(timer);
}
