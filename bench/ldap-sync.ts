// Brings 20,000 people of a real OpenLDAP in step, as the command line does it: the first run, a second one without any
// change, and a look at a hundred changes; beside a bare read of the same entries in the same run.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../test/server.ts';
import { openSlapd, type Slapd, slapdMissing } from '../test/slapd.ts';
import { personLdif } from '../test/slapd-ldif.ts';
import { systemProgram } from '../test/system-package.ts';
import { runBench } from './measure/bench.ts';
import { pin, serverCore } from './measure/process.ts';
import { type Watched, watched } from './measure/watched.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const bareRead = fileURLToPath(new URL('baseline/paged-read.ts', import.meta.url));
const filter = '(&(objectClass=inetOrgPerson)(department=bench))';
const pageSize = 250;
/** What a run asks of each entry. */
const attributes = [
  'objectGUID',
  'uidNumber',
  'uid',
  'mail',
  'cn',
  'userAccountControl',
  'pwdAccountLockedTime',
  'modifyTimestamp',
];

const settings = {
  LDAP_BaseDN: 'ou=people,dc=example,dc=test',
  LDAP_User_Search_Filter: filter,
  LDAP_Search_Page_Size: String(pageSize),
  LDAP_Background_Sync_Disable_Missing_Users: 'true',
};

/** Long ago, and one of them later: a look at changes sees that one again, and those. */
const ageOf = (n: number): string => `modifyTimestamp: ${n === 0 ? '2026' : '2025'}0101000000Z`;

function load(slapd: Slapd, folder: string, people: number): void {
  const entries = Array.from({ length: people }, (_, n) => {
    const uid = `person${n}`;
    return personLdif(uid, ['department: bench', `cn: Person ${n}`, `mail: ${uid}@example.test`, ageOf(n)]);
  });
  const file = join(folder, 'people.ldif');
  writeFileSync(file, entries.join(''));
  const who = ['-x', '-H', `ldap://127.0.0.1:${slapd.port}`, '-D', 'cn=admin,dc=example,dc=test', '-w', 'admin-secret'];
  const program = systemProgram('ldapmodify', ['ldap-utils']);
  if ('missing' in program) throw new Error(program.missing);
  execFileSync(program.path, ['-a', '-e', 'relax', ...who, '-f', file], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function change(from: number, count: number): string {
  return Array.from({ length: count }, (_, n) => {
    const dn = `uid=person${from + n},ou=people,dc=example,dc=test`;
    return `dn: ${dn}\nchangetype: modify\nreplace: cn\ncn: Changed ${n}\n\n`;
  }).join('');
}

interface Run extends Watched {
  readonly seconds: number;
  readonly counts: Readonly<Record<string, unknown>>;
}

async function run(folder: string, ...more: readonly string[]): Promise<Run> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [main, 'ldap', 'sync', '--json', ...more], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  pin(child.pid ?? 0, serverCore);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const seen = await watched(child);
  const seconds = (performance.now() - startedAt) / 1000;
  if (child.exitCode !== 0) throw new Error(`The run failed:\n${said}`);
  return { seconds, counts: JSON.parse(said) as Run['counts'], ...seen };
}

function bareSeconds(port: number, people: number): number {
  const words = [bareRead, String(port), filter, String(pageSize), ...attributes];
  const told = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as Record<string, number>;
  if (told['entries'] !== people) throw new Error(`The bare read saw ${told['entries']} people.`);
  return told['seconds'] ?? 0;
}

function mustBe(counts: Run['counts'], wanted: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (counts[name] !== value) throw new Error(`${name} is ${String(counts[name])}, not ${String(value)}.`);
  }
}

await runBench('ldap-sync', async (bench) => {
  const missing = slapdMissing();
  if (missing !== undefined) {
    bench.note(`Nothing was measured: ${missing}.`);
    return;
  }
  const people = bench.short ? 1_000 : 20_000;
  const changes = 100;
  const slapd = await openSlapd();
  bench.atEnd(slapd.stop);
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-sync-'));
  bench.atEnd(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  load(slapd, folder, people);
  // Settings of the environment are kept when the server starts.
  const own = Object.fromEntries(Object.entries(settings).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));
  const server = await startServer({ folder, env: { ...slapd.env, ...own } });
  await server.stop();

  const bare = bareSeconds(slapd.port, people);
  const first = await run(folder);
  mustBe(first.counts, { seen: people, created: people, skippedCount: 0 });
  const again = await run(folder);
  mustBe(again.counts, { seen: people, unchanged: people, closed: 0 });
  await slapd.apply(change(10, changes));
  const delta = await run(folder, '--delta');
  mustBe(delta.counts, { full: false, seen: changes + 1, updated: changes });

  bench.figure(`a bare paged read of ${people.toLocaleString('en')} people`, bare, 's');
  bench.figure('the first run, which makes them all, beside the bare read', first.seconds / bare, '×');
  bench.figure('a run without a change, beside the bare read', again.seconds / bare, '×');
  bench.figure('processor time of the first run', first.cpuSeconds, 's');
  bench.figure('processor time of a run without a change', again.cpuSeconds, 's');
  bench.promise('the first run', first.seconds, 's', { most: 180 });
  bench.promise('a run without a change', again.seconds, 's', { most: 60 });
  bench.promise(`a look at ${changes} changes`, delta.seconds, 's', { most: 5 });
  bench.promise('memory of its own', first.peakMiB, 'MiB', { most: 320 });
  bench.promise('memory beyond that of the first half', first.peakMiB - first.firstHalfMiB, 'MiB', { most: 64 });
});
