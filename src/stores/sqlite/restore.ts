import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Restored } from '../../core/administration/restored.ts';
import { recordOf } from '../../core/audit/record.ts';
import type { Caller, Clock } from '../../core/ports.ts';
import { migrations } from '../sql/migrations.ts';
import { StoreFault } from '../store-fault.ts';
import { copyInto, madeAtName, mustBeWhole, toDisk } from './backup.ts';
import { asOpeningFault } from './errors.ts';
import { makeFile } from './files.ts';
import { openSqlite } from './open.ts';

export interface Restoring {
  /** The database in whose place the backup comes; it need not exist. */
  readonly file: string;
  readonly backup: string;
  /** What is kept of the key that opens the secrets: another key's backup is refused. */
  readonly keyMark: string;
  /** Sessions come back as well; they end else. */
  readonly keepSessions: boolean;
  readonly clock: Clock;
  readonly caller: Caller;
}

/**
 * Puts a backup in the place of an embedded database. The backup is checked first and prepared beside it, so that the
 * change itself is one renaming. What has ended since the backup was made stays ended as far as the database that is
 * there tells; sessions, codes and waiting mails of the backup end in any case, unless sessions are asked for.
 * @throws StoreFault with one sentence for the operator; the database is as it was then
 */
export async function restoreSqlite(restoring: Restoring): Promise<Restored> {
  const { file, backup, clock, caller } = restoring;
  const madeAt = mustBeBackup(restoring);
  mustBeAlone(file);
  const part = `${file}.${randomBytes(6).toString('hex')}.restore`;
  try {
    makeFile(part);
    // Not the bytes of the file: a copy that was made by hand may have its newest pages in a log beside it.
    copyInto(backup, part);
    // Brings the schema of an older version up to date, so that the statements below fit.
    await (await openSqlite({ file: part, clock })).close();
    const told = ended(part, restoring);
    const store = await openSqlite({ file: part, clock });
    const who = { at: clock.now(), caller, actorId: undefined, accountId: undefined };
    const facts = { compared: told.compared, sessions: told.sessionsKept, ...(madeAt === undefined ? {} : { madeAt }) };
    await store.audit.append([recordOf('store.restore', who, facts)]);
    await store.close();
    singleFile(part);
    toDisk(part);
    const aside = exchange(part, file, clock.now());
    return { madeAt, aside, ...told };
  } catch (cause) {
    throw asOpeningFault(cause, backup);
  } finally {
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${part}${ending}`, { force: true });
  }
}

/** @returns when it was made, if it says so. @throws StoreFault */
function mustBeBackup({ backup, keyMark }: Restoring): number | undefined {
  if (!existsSync(backup)) throw new StoreFault('file-unusable', `${backup} is not there.`);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(backup, { readOnly: true });
    const ours = database.prepare(`select name from sqlite_schema where name in ('migrations', 'meta')`).all();
    if (ours.length < 2) throw new StoreFault('foreign-database', `${backup} is no backup of Countersign.`);
    mustBeWhole(database, backup);
    const found = Number(database.prepare('select max(number) as number from migrations').get()?.['number'] ?? 0);
    if (found > migrations.length) {
      throw new StoreFault(
        'newer-schema',
        `${backup} was written by a newer version of Countersign (schema ${found}, this version knows ${migrations.length}): restore it with that version.`,
      );
    }
    const mark = metaOf(database, 'key-mark');
    if (mark !== undefined && mark !== keyMark) {
      throw new StoreFault(
        'file-unusable',
        `${backup} was made with another key: bring back the key file that belongs to it, or set COUNTERSIGN_KEY.`,
      );
    }
    const madeAt = Number(metaOf(database, madeAtName) ?? Number.NaN);
    return madeAt >= 0 && madeAt <= latest ? madeAt : undefined;
  } catch (cause) {
    throw asOpeningFault(cause, backup);
  } finally {
    database?.close();
  }
}

function metaOf(database: DatabaseSync, name: string): string | undefined {
  const value = database.prepare('select value from meta where name = ?').get(name)?.['value'];
  return typeof value === 'string' ? value : undefined;
}

/**
 * Nobody can leave the write-ahead log while somebody else has the file open: so this finds a server that runs, and
 * afterwards the file stands for itself.
 * @returns the connection, which holds the file until it is closed; undefined where there is no file, or a broken one
 * @throws StoreFault `locked`
 */
function held(file: string): DatabaseSync | undefined {
  if (!existsSync(file)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('pragma journal_mode = delete');
    database.exec('begin exclusive');
    return database;
  } catch (cause) {
    database?.close();
    const fault = asOpeningFault(cause, file);
    // What is broken is what a backup is for.
    if (fault instanceof StoreFault && fault.code === 'not-a-database') return undefined;
    if (fault instanceof StoreFault && fault.code === 'locked') {
      throw new StoreFault('locked', `${file} is in use: stop the server first, then restore.`, cause);
    }
    throw fault;
  }
}

function mustBeAlone(file: string): void {
  held(file)?.close();
}

/** Puts the new file in the place of the old one, which keeps its content under another name. */
function exchange(part: string, file: string, now: number): string | undefined {
  const hold = held(file);
  try {
    if (!existsSync(file)) {
      renameSync(part, file);
      toDisk(dirname(file));
      return undefined;
    }
    const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/gu, '');
    let aside = `${file}.before-restore-${stamp}`;
    while (existsSync(aside)) aside += '-again';
    try {
      linkSync(file, aside);
    } catch {
      // A file system without links: for a moment there is no database then.
      renameSync(file, aside);
    }
    // A log that a broken database left belongs to it, and must not be read with the new file.
    for (const ending of ['-wal', '-shm']) {
      if (existsSync(`${file}${ending}`)) renameSync(`${file}${ending}`, `${aside}${ending}`);
    }
    renameSync(part, file);
    toDisk(dirname(file));
    return aside;
  } finally {
    hold?.close();
  }
}

function singleFile(part: string): void {
  const database = new DatabaseSync(part);
  try {
    database.exec('pragma journal_mode = delete');
  } finally {
    database.close();
  }
}

/** The last moment that a date can hold. */
const latest = 8_640_000_000_000_000;

type Counts = Omit<Restored, 'madeAt' | 'aside'>;

/** Ends in the copy what must not come back; one transaction over it. */
function ended(part: string, restoring: Restoring): Counts {
  const { file, keyMark, keepSessions, clock } = restoring;
  const database = new DatabaseSync(part, { enableForeignKeyConstraints: true });
  const count = (query: string): number => Number(database.prepare(query).get()?.['n'] ?? 0);
  const change = (statement: string): number => Number(database.prepare(statement).run().changes);
  try {
    const compared = attached(database, file, keyMark);
    database.exec('begin immediate');
    change(`delete from tokens where ends_at <= ${clock.now()}`);
    const isSession = `pool in ('interactive', 'script')`;
    const sessions = count(`select count(*) as n from tokens where ${isSession}`);
    const sessionsRevived =
      compared && keepSessions
        ? count(`select count(*) as n from tokens t where ${isSession} and not exists (
            select 1 from present.tokens p where p.hash = t.hash)`)
        : 0;
    if (!keepSessions) change(`delete from tokens where ${isSession}`);
    // What is good once may have been used since.
    change('delete from challenges');
    // Each of them is replaced once in an hour, so that those of then are good for nothing, or revoked since.
    for (const table of ['application_codes', 'application_tokens', 'openid_records']) change(`delete from ${table}`);
    change('update second_factors set email_code = null');
    change(`update tokens set trust_client = null, trust_until = null`);
    // Mails that waited then have been sent, or have nobody waiting for them now.
    change(`delete from outbox where state != 'sent'`);
    const told = compared ? carriedOver(count, change) : nothingCompared;
    // As closing does.
    change('delete from tokens where account_id in (select id from accounts where open = 0)');
    change(`update second_factors set passkey_alone = 0
      where account_id not in (select account_id from passkeys)`);
    const counts = {
      compared,
      accounts: count('select count(*) as n from accounts'),
      sessionsEnded: keepSessions ? 0 : sessions,
      sessionsKept: count(`select count(*) as n from tokens where ${isSession}`),
      sessionsRevived,
      personalTokensKept: count(`select count(*) as n from tokens where pool = 'personal'`),
      ...told,
    };
    database.exec('commit');
    return counts;
  } finally {
    database.close();
  }
}

/** Whether the database that is there can be read beside the copy: it must be whole enough, and of the same key. */
function attached(database: DatabaseSync, file: string, keyMark: string): boolean {
  if (!existsSync(file)) return false;
  try {
    database.prepare('attach database ? as present').run(file);
    const mark = database.prepare(`select value from present.meta where name = 'key-mark'`).get()?.['value'];
    const found = database.prepare('select max(number) as number from present.migrations').get()?.['number'];
    // Of another schema the statements below might not fit.
    if (mark === keyMark && found === migrations.length) return true;
  } catch {
    // Damaged, or no database: what a backup is for.
  }
  return false;
}

const nothingCompared = {
  personalTokensEnded: 0,
  accountsClosed: 0,
  accountsBack: 0,
  accountsLost: 0,
  oldPasswords: 0,
  administratorsAgain: 0,
  waysInEnded: 0,
  backupCodesEnded: 0,
  factorsLost: 0,
} as const;

/** Takes over from `present` what has ended since, and counts what has not. */
function carriedOver(count: (query: string) => number, change: (statement: string) => number) {
  const known = (table: string): string => `exists (select 1 from present.accounts k where k.id = ${table}.account_id)`;
  change(`delete from application_consents where ${known('application_consents')} and not exists (
    select 1 from present.application_consents p where p.account_id = application_consents.account_id
      and p.application_id = application_consents.application_id)`);
  // A secret that was replaced since has leaked, as far as anybody knows.
  change(`update applications set active = 0 where exists (select 1 from present.applications p
    where p.id = applications.id and (p.active = 0 or p.sealed_secret != applications.sealed_secret))`);
  const confirmed = 'app_secret is not null and app_begun_by is null';
  return {
    // Also those of accounts that were deleted: their tokens ended with them.
    personalTokensEnded: change(`delete from tokens where pool = 'personal' and not exists (
      select 1 from present.tokens p where p.hash = tokens.hash)`),
    accountsClosed: change(`update accounts set open = 0, closed_because = (
        select p.closed_because from present.accounts p where p.id = accounts.id)
      where open = 1 and exists (select 1 from present.accounts p where p.id = accounts.id and p.open = 0)`),
    accountsBack: count(`select count(*) as n from accounts a where not exists (
      select 1 from present.accounts p where p.id = a.id)`),
    accountsLost: count(`select count(*) as n from present.accounts p where not exists (
      select 1 from accounts a where a.id = p.id)`),
    oldPasswords: count(`select count(*) as n from accounts a join present.accounts p on p.id = a.id
      where a.password_hash is not p.password_hash`),
    administratorsAgain: count(`select count(*) as n from account_roles r where r.role_id = 'admin' and not exists (
      select 1 from present.account_roles p where p.account_id = r.account_id and p.role_id = 'admin')`),
    waysInEnded:
      change(`delete from passkeys where ${known('passkeys')} and not exists (
        select 1 from present.passkeys p where p.id = passkeys.id)`) +
      change(`delete from identities where ${known('identities')} and not exists (
        select 1 from present.identities p where p.provider = identities.provider
          and p.subject = identities.subject and p.account_id = identities.account_id)`),
    backupCodesEnded: change(`update second_factors set json_backup_codes = coalesce((
        select json_group_array(c.value) from json_each(second_factors.json_backup_codes) c
        where c.value in (select d.value from present.second_factors p, json_each(p.json_backup_codes) d
          where p.account_id = second_factors.account_id)), '[]')
      where ${known('second_factors')} and exists (
        select 1 from json_each(second_factors.json_backup_codes) c
        where c.value not in (select d.value from present.second_factors p, json_each(p.json_backup_codes) d
          where p.account_id = second_factors.account_id))`),
    factorsLost: count(`select count(*) as n from accounts a where (
        exists (select 1 from present.second_factors p where p.account_id = a.id and p.${confirmed.replace(' and ', ' and p.')})
        and not exists (select 1 from second_factors f where f.account_id = a.id and ${confirmed})
      ) or (
        exists (select 1 from present.passkeys p where p.account_id = a.id)
        and not exists (select 1 from passkeys k where k.account_id = a.id)
      ) or (
        exists (select 1 from present.second_factors p where p.account_id = a.id and p.email_on = 1)
        and not exists (select 1 from second_factors f where f.account_id = a.id and f.email_on = 1)
      )`),
  };
}
