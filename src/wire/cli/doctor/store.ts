import type { WithApp } from '../needs.ts';
import { type Check, reasonOf, subject } from './check.ts';
import type { Configuration, DatabaseFindings, DoctorProbes } from './probes.ts';
import { samlChecks } from './saml.ts';

const mebibyte = 1_048_576;

/** The database, the disk it lies on, the key that seals its secrets, and the administrator. */
export async function storeChecks(
  probes: DoctorProbes,
  configuration: Configuration,
  withApp: WithApp,
): Promise<readonly Check[]> {
  const { database } = configuration;
  const opened = await lookedAt(probes);
  const disk = database.kind === 'sqlite' ? [fileCheck(probes, database.file), diskCheck(probes, database.file)] : [];
  if ('problem' in opened) return [opened.problem, ...disk.slice(1), ...keyChecks(probes, configuration, undefined)];
  const { found } = opened;
  if (!found.exists) return [opened.check, ...disk.slice(1), ...keyChecks(probes, configuration, found)];
  const current = found.schema.found === found.schema.known && (found.damage ?? []).length === 0;
  return [
    opened.check,
    schemaCheck(found),
    ...integrityChecks(found),
    writableCheck(found),
    ...disk,
    ...keyChecks(probes, configuration, found),
    ...(current ? await appChecks(probes, withApp) : []),
  ];
}

async function lookedAt(probes: DoctorProbes): Promise<{ problem: Check } | { check: Check; found: DatabaseFindings }> {
  const { ok, fail, warn } = subject('database', 'Database');
  try {
    const found = await probes.database();
    const check = found.exists
      ? ok(`${found.name} opens.`)
      : warn(`${found.name} has nothing of Countersign in it yet.`, 'The first start makes it: countersign serve.');
    return { check, found };
  } catch (cause) {
    return { problem: fail(reasonOf(cause), 'See DATABASE_URL, and whether this account may read what it names.') };
  }
}

function schemaCheck({ schema: { found, known } }: DatabaseFindings): Check {
  const { ok, warn, fail } = subject('schema', 'Schema');
  if (found === known) return ok(`The schema is at version ${found}, the one this version of Countersign knows.`);
  const differs = `The schema is at version ${found}, and this version of Countersign knows ${known}.`;
  return found < known
    ? warn(differs, 'The next start brings it up to date: make a backup first.')
    : fail(differs, 'Start the version that wrote it, or restore a backup made before the upgrade.');
}

function integrityChecks({ damage }: DatabaseFindings): readonly Check[] {
  if (damage === undefined) return [];
  const { ok, fail } = subject('integrity', 'Integrity');
  if (damage.length === 0) return [ok('The file is whole.')];
  const more = damage.length > 3 ? ` and ${damage.length - 3} more` : '';
  return [
    fail(
      `The file is damaged: ${damage.slice(0, 3).join('; ')}${more}.`,
      'Stop the server, keep a copy of the file with its -wal and -shm, restore a backup, and look at the disk.',
    ),
  ];
}

function writableCheck({ unwritable }: DatabaseFindings): Check {
  const { ok, fail } = subject('writable', 'Writing');
  return unwritable === undefined
    ? ok('The database can be written.')
    : fail(unwritable, 'Give the database and its folder to the account that runs Countersign.');
}

function fileCheck(probes: DoctorProbes, file: string): Check {
  const { ok, warn } = subject('database-file', 'Database file');
  const mode = probes.fileMode(file);
  if (mode === undefined || (mode & 0o077) === 0) return ok(`Only its owner may read ${file}.`);
  return warn(
    `${file} has mode ${octal(mode)}: other accounts of this machine may read password hashes.`,
    `chmod 600 ${file}`,
  );
}

function diskCheck(probes: DoctorProbes, file: string): Check {
  const { ok, warn, fail } = subject('disk', 'Disk space');
  const free = probes.freeBytes(file);
  if (free === undefined) return ok('The free space could not be read.');
  const found = `${Math.floor(free / mebibyte)} MiB are free where ${file} lies.`;
  const advice = 'Make room: a database that cannot grow refuses every sign-in.';
  if (free < 100 * mebibyte) return fail(found, advice);
  return free < 1024 * mebibyte ? warn(found, advice) : ok(found);
}

function keyChecks(
  probes: DoctorProbes,
  configuration: Configuration,
  found: DatabaseFindings | undefined,
): readonly Check[] {
  const source = keySourceCheck(probes, configuration, found);
  if (found?.exists !== true || source.level === 'fail') return [source];
  const { ok, fail } = subject('key-fits', 'Key and database');
  if (found.key === 'differs') {
    const advice = 'Bring back the key that belongs to this database: what it sealed cannot be read without it.';
    return [source, fail('The database was used with another key.', advice)];
  }
  const fits = found.key === 'fits' ? 'The key fits the database.' : 'The database has not been used with a key yet.';
  return [source, ok(fits)];
}

function keySourceCheck(
  probes: DoctorProbes,
  configuration: Configuration,
  found: DatabaseFindings | undefined,
): Check {
  const { ok, warn, fail } = subject('key', 'Key');
  if (configuration.key !== undefined) return ok('COUNTERSIGN_KEY gives the key.');
  const file = probes.keyFile();
  if (file === undefined) {
    return fail('COUNTERSIGN_KEY is not set.', 'PostgreSQL needs it: openssl rand -base64 32 makes one; keep a copy.');
  }
  const mode = probes.fileMode(file);
  if (mode === undefined) {
    if (found?.key === 'fits' || found?.key === 'differs') {
      return fail(`The key file ${file} is missing.`, 'Bring it back from a backup: it belongs to the database.');
    }
    return ok(`The key file ${file} will be made at the first start.`);
  }
  if ((mode & 0o077) !== 0) {
    return warn(`The key file ${file} has mode ${octal(mode)}: other accounts may read it.`, `chmod 600 ${file}`);
  }
  return ok(`The key file ${file} has mode ${octal(mode)}.`);
}

async function appChecks({ now }: DoctorProbes, withApp: WithApp): Promise<readonly Check[]> {
  const { ok, warn, fail } = subject('administrator', 'Administrator');
  try {
    const { administrator, accounts, saml, trail } = await withApp(async (app) => ({
      administrator: await app.host.administratorThere(),
      accounts: await app.host.countAccounts(),
      saml: app.saml.state(),
      trail: await app.audit.glance(),
    }));
    const there = administrator.held
      ? ok(`There is an enabled administrator; ${accounts} accounts in all.`)
      : warn('Nobody who has the role admin can sign in.', 'The next start makes one (ADMIN_USERNAME, ADMIN_PASS).');
    return [there, trailCheck(trail, accounts), ...samlChecks(saml, now())];
  } catch (cause) {
    return [fail(`Accounts cannot be read: ${reasonOf(cause)}`, 'Correct what is wrong above, and run this again.')];
  }
}

function trailCheck({ ended, any }: { readonly ended: boolean; readonly any: boolean }, accounts: number): Check {
  const { ok, warn, fail } = subject('audit', 'Audit trail');
  const advice = 'Keep a copy of the database, find out who can write to it, and see docs/guides/audit.md.';
  if (!ended) return fail('Its end is gone from the database, or was not written with the key of this server.', advice);
  if (!any && accounts > 0) {
    return warn(`It holds no entry, and there are ${accounts} accounts: it was emptied.`, advice);
  }
  return ok('It has its end: countersign audit verify checks all of it.');
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
