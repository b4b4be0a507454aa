import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Restored } from '../../core/administration/restored.ts';
import { recordOf } from '../../core/audit/record.ts';
import type { AuditEntry } from '../../core/audit-entry.ts';
import type { Caller, Clock, Moment } from '../../core/ports.ts';
import { migrations } from '../sql/migrations.ts';
import { spent } from '../sql/spent.ts';
import type { SqlStore } from '../sql/store.ts';
import { StoreFault } from '../store-fault.ts';
import { copyInto, madeAtName, mustBeWhole, toDisk } from './backup.ts';
import { carryOver, nothingCarriedOver } from './carry-over.ts';
import { type CommonPast, commonPast } from './common-past.ts';
import { asCopyingFault, asOpeningFault } from './errors.ts';
import { exchange, mustBeAlone } from './exchange.ts';
import { giveAway, makeFile, placeOf } from './files.ts';
import { openSqlite } from './open.ts';
import { witnessOf } from './witness.ts';

export interface Restoring {
  /** The database in whose place the backup comes; it need not exist. */
  readonly file: string;
  readonly backup: string;
  /** What is kept of the key that opens the secrets: another key's backup is refused. */
  readonly keyMark: string;
  /** Sessions come back as well; they end else. */
  readonly keepSessions: boolean;
  /** Personal tokens end, whatever the comparison says. */
  readonly endPersonal?: boolean;
  readonly clock: Clock;
  readonly caller: Caller;
  /** Whatever else an opened database of an older version needs. */
  readonly ready?: (store: SqlStore) => Promise<void>;
}

/**
 * Puts a backup in the place of an embedded database. The backup is checked first and prepared beside it, so that the
 * change itself is one renaming. What has ended since the backup was made stays ended as far as the database that is
 * there tells; sessions, codes and waiting mails of the backup end in any case, unless sessions are asked for.
 * @throws StoreFault with one sentence for the operator; the database is as it was then
 */
export async function restoreSqlite(restoring: Restoring): Promise<Restored> {
  const { backup, keyMark, keepSessions, clock, caller } = restoring;
  // Through links, so that they stay, and the new file lies on the disk of the old one.
  const file = placeOf(restoring.file);
  const madeAt = mustBeBackup(backup, keyMark);
  mustBeAnother(backup, file);
  mustBeAlone(file);
  const part = `${file}.${randomBytes(6).toString('hex')}.restore`;
  const present = `${part}-present`;
  try {
    makeFile(part);
    // Not the bytes of the file: a copy that was made by hand may have its newest pages in a log beside it.
    copyInto(backup, part);
    // Brings the schema of an older version up to date, so that the statements below fit.
    const updated = await openSqlite({ file: part, clock });
    await restoring.ready?.(updated);
    await updated.close();
    const witness = await witnessOf(file, present, { keyMark, clock });
    const endPersonal = restoring.endPersonal === true;
    const { told, closed } = ended(part, witness, { keepSessions, endPersonal, now: clock.now() });
    const store = await openSqlite({ file: part, clock });
    const who = { at: clock.now(), caller, actorId: undefined };
    await store.audit.append([
      // By these a later restoration sees who was closed, and when.
      ...closed.map((accountId) => recordOf('account.close', { ...who, accountId }, { because: 'restore' })),
      recordOf('store.restore', { ...who, accountId: undefined }, factsOf(told, madeAt)),
    ]);
    await store.close();
    singleFile(part);
    giveAway(part, file);
    toDisk(part);
    const aside = exchange(part, file, clock.now());
    return { madeAt, aside, ...told };
  } catch (cause) {
    throw asCopyingFault(cause, backup, dirname(file));
  } finally {
    for (const name of [part, present]) {
      for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${name}${ending}`, { force: true });
    }
  }
}

function factsOf(told: Counts, madeAt: number | undefined): AuditEntry['facts'] {
  return {
    compared: told.compared,
    ...(told.comparedUntil === undefined ? {} : { comparedUntil: told.comparedUntil }),
    ...(madeAt === undefined ? {} : { madeAt }),
    sessions: told.sessionsKept,
    personalTokensEnded: told.personalTokensEnded,
    accountsClosed: told.accountsClosed,
    waysInEnded: told.waysInEnded,
    backupCodesEnded: told.backupCodesEnded,
    consentsEnded: told.consentsEnded,
    applicationsOff: told.applicationsOff,
  };
}

/** @returns when it was made, if it says so. @throws StoreFault */
function mustBeBackup(backup: string, keyMark: string): number | undefined {
  if (!existsSync(backup)) throw new StoreFault('file-unusable', `${backup} is not there.`);
  if (!statSync(backup).isFile()) throw new StoreFault('file-unusable', `${backup} is no file.`);
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
    const at = Number(metaOf(database, madeAtName) ?? Number.NaN);
    return at >= 0 && at <= latest ? at : undefined;
  } catch (cause) {
    throw asOpeningFault(cause, backup);
  } finally {
    database?.close();
  }
}

/** The last moment that a date can hold. */
const latest = 8_640_000_000_000_000;

function metaOf(database: DatabaseSync, name: string): string | undefined {
  const value = database.prepare('select value from meta where name = ?').get(name)?.['value'];
  return typeof value === 'string' ? value : undefined;
}

/** @throws StoreFault */
function mustBeAnother(backup: string, file: string): void {
  if (!existsSync(file)) return;
  const [one, other] = [statSync(backup), statSync(file)];
  if (one.ino !== other.ino || one.dev !== other.dev) return;
  throw new StoreFault('file-unusable', `${backup} is the database that is in place: name a backup of it.`);
}

function singleFile(part: string): void {
  const database = new DatabaseSync(part);
  try {
    database.exec('pragma journal_mode = delete');
  } finally {
    database.close();
  }
}

type Counts = Omit<Restored, 'madeAt' | 'aside'>;

/** Ends in the copy what must not come back; one transaction over it. */
function ended(
  part: string,
  witness: string | undefined,
  how: { readonly keepSessions: boolean; readonly endPersonal: boolean; readonly now: Moment },
): { readonly told: Counts; readonly closed: readonly string[] } {
  const { keepSessions, endPersonal, now } = how;
  const database = new DatabaseSync(part, { enableForeignKeyConstraints: true });
  const count = (query: string): number => Number(database.prepare(query).get()?.['n'] ?? 0);
  const change = (statement: string): number => Number(database.prepare(statement).run().changes);
  try {
    if (witness !== undefined) database.prepare('attach database ? as present').run(witness);
    const past: CommonPast = witness === undefined ? { kind: 'none' } : commonPast(database);
    const compared = past.kind !== 'none';
    const comparedUntil = past.kind === 'partly' ? past.until : undefined;
    database.exec('begin immediate');
    change(`delete from tokens where ends_at <= ${now}`);
    const isSession = `pool in ('interactive', 'script')`;
    const sessions = count(`select count(*) as n from tokens where ${isSession}`);
    const sessionsRevived =
      compared && keepSessions
        ? count(`select count(*) as n from tokens t where ${isSession} and created_at <= ${comparedUntil ?? now}
            and not exists (select 1 from present.tokens p where p.hash = t.hash)`)
        : 0;
    if (!keepSessions) change(`delete from tokens where ${isSession}`);
    for (const statement of spent) change(statement);
    const { counts, closed } = compared ? carryOver(database, past, now) : nothingCarriedOver;
    const personalEnded = endPersonal ? change(`delete from tokens where pool = 'personal'`) : 0;
    // As closing does.
    change('delete from tokens where account_id in (select id from accounts where open = 0)');
    change(`update second_factors set passkey_alone = 0
      where account_id not in (select account_id from passkeys)`);
    const told = {
      compared,
      comparedUntil,
      accounts: count('select count(*) as n from accounts'),
      administrators: count(`select count(*) as n from accounts a join account_roles r on r.account_id = a.id
        where r.role_id = 'admin' and a.open = 1 and a.kind = 'user'`),
      sessionsEnded: keepSessions ? 0 : sessions,
      sessionsKept: count(`select count(*) as n from tokens where ${isSession}`),
      sessionsRevived,
      personalTokensKept: count(`select count(*) as n from tokens where pool = 'personal'`),
      ...counts,
      personalTokensEnded: counts.personalTokensEnded + personalEnded,
    };
    database.exec('commit');
    return { told, closed };
  } finally {
    database.close();
  }
}
