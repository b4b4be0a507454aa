import type { DatabaseSync } from 'node:sqlite';
import type { Restored } from '../../core/administration/restored.ts';
import type { Moment } from '../../core/ports.ts';
import type { CommonPast } from './common-past.ts';

type Counts = Pick<
  Restored,
  | 'uncompared'
  | 'personalTokensEnded'
  | 'accountsClosed'
  | 'accountsBack'
  | 'accountsLost'
  | 'oldPasswords'
  | 'administratorsAgain'
  | 'waysInEnded'
  | 'backupCodesEnded'
  | 'factorsLost'
  | 'consentsEnded'
  | 'applicationsOff'
>;

export interface CarriedOver {
  readonly counts: Counts;
  /** The accounts that were closed. */
  readonly closed: readonly string[];
}

const noCounts: Counts = {
  uncompared: 0,
  personalTokensEnded: 0,
  accountsClosed: 0,
  accountsBack: 0,
  accountsLost: 0,
  oldPasswords: 0,
  administratorsAgain: 0,
  waysInEnded: 0,
  backupCodesEnded: 0,
  factorsLost: 0,
  consentsEnded: 0,
  applicationsOff: 0,
};

export const nothingCarriedOver: CarriedOver = { counts: noCounts, closed: [] };

const lossesOfRoles = ['account.role.take', 'account.role.replace', 'account.edit', 'account.remove'];

/**
 * What the present database can say of the backup: conditions in SQL. Where the two have their whole past in common,
 * whatever differs has changed since the backup. Where they went apart, only what was there at that moment can be missing
 * because it ended; and of a state it must be told by the trails who changed it, and who did so last.
 */
function judged(past: CommonPast) {
  const partly = past.kind === 'partly' ? past : undefined;
  const told = (trail: 'main' | 'present', account: string, what: readonly string[]): string =>
    `select 1 from ${trail}.audit e where e.account_id = ${account} and e.seq > ${partly?.seq ?? 0}
      and e.outcome = 'done' and e.what in (${what.map((one) => `'${one}'`).join(', ')})`;
  return {
    /** It was there when both were one. What was brought in from elsewhere has the dates that it had there. */
    wasThere: (made: string, account: string): string =>
      partly === undefined
        ? 'true'
        : `(${made} <= ${partly.until} and not exists (${told('main', account, ['account.bring-in'])}))`,
    /** The same of the present database. */
    cameSince: (made: string, account: string): string =>
      partly === undefined
        ? 'true'
        : `(${made} > ${partly.until} or exists (${told('present', account, ['account.bring-in'])}))`,
    /** The backup has it as it was when both were one, as far as its trail tells. */
    isAsThen: (account: string, ...what: readonly string[]): string =>
      partly === undefined ? 'true' : `not exists (${told('main', account, what)})`,
    /** It was the present database that changed it. */
    changedSince: (account: string, ...what: readonly string[]): string =>
      partly === undefined ? 'true' : `exists (${told('present', account, what)})`,
    /** The account, open in the backup and closed in the present database, was closed later than it was opened. */
    closedLast: (account: string): string =>
      partly === undefined
        ? 'true'
        : `not exists (${told('main', account, ['account.open', 'account.bring-in'])} and e.at > coalesce((
            select max(c.at) from present.audit c where c.account_id = ${account} and c.seq > ${partly.seq}
              and c.outcome = 'done' and c.what = 'account.close'), -1))`,
    applicationWasThere: (application: string): string =>
      partly === undefined
        ? 'true'
        : `(${application}.created_at <= ${partly.until} and not exists (select 1 from main.audit e
            where e.seq > ${partly.seq} and e.what = 'application.bring-in'
              and json_extract(e.json_facts, '$.application') = ${application}.client_id))`,
    /** The secret of the backup, which differs, is not one that came later than whatever happened in the present database. */
    secretIsOld: (application: string): string => {
      if (partly === undefined) return 'true';
      const since = `e.seq > ${partly.seq} and json_extract(e.json_facts, '$.application') = ${application}.client_id`;
      return `not exists (select 1 from main.audit e where ${since}
        and e.what in ('application.new-secret', 'application.bring-in') and e.at > coalesce((
          select max(e.at) from present.audit e where ${since} and (e.what = 'application.new-secret'
            or (e.what = 'application.edit' and json_extract(e.json_facts, '$.active') = 0))), -1))`;
    },
    /** Of two that differ. */
    isLater: (changed: string, other: string): string => (partly === undefined ? 'true' : `${changed} >= ${other}`),
  };
}

/**
 * Takes over from the present database (attached as `present`) what has ended there since, and counts what has not.
 * Runs inside a transaction over the copy of the backup.
 */
export function carryOver(database: DatabaseSync, past: CommonPast, now: Moment): CarriedOver {
  const count = (query: string): number => Number(database.prepare(query).get()?.['n'] ?? 0);
  const change = (statement: string): number => Number(database.prepare(statement).run().changes);
  const by = judged(past);
  const known = (table: string): string => `exists (select 1 from present.accounts k where k.id = ${table}.account_id)`;
  const wasThere = (table: string, made: string): string => by.wasThere(`${table}.${made}`, `${table}.account_id`);
  const gone = {
    // Also those of accounts that were deleted: their tokens ended with them.
    tokens: `pool = 'personal' and not exists (select 1 from present.tokens p where p.hash = tokens.hash)`,
    passkeys: `not exists (select 1 from present.passkeys p where p.id = passkeys.id)`,
    identities: `not exists (select 1 from present.identities p where p.provider = identities.provider
      and p.subject = identities.subject and p.account_id = identities.account_id)`,
    consents: `not exists (select 1 from present.application_consents p
      where p.account_id = application_consents.account_id
        and p.application_id = application_consents.application_id)`,
  };
  const closed = accountsClosed(database, by, now);
  const counts = {
    uncompared:
      count(`select count(*) as n from tokens where ${gone.tokens} and not ${wasThere('tokens', 'created_at')}`) +
      count(`select count(*) as n from passkeys where ${gone.passkeys} and not ${wasThere('passkeys', 'created_at')}`) +
      count(`select count(*) as n from identities where ${gone.identities}
        and not ${wasThere('identities', 'linked_at')}`),
    consentsEnded: change(`delete from application_consents where ${known('application_consents')}
      and ${gone.consents} and ${wasThere('application_consents', 'given_at')}`),
    applicationsOff: applicationsOff(change, by, now),
    personalTokensEnded: change(`delete from tokens where ${gone.tokens} and ${wasThere('tokens', 'created_at')}`),
    accountsClosed: closed.length,
    accountsBack: count(`select count(*) as n from accounts a where ${by.wasThere('a.created_at', 'a.id')}
      and not exists (select 1 from present.accounts p where p.id = a.id)`),
    accountsLost: count(`select count(*) as n from present.accounts p where ${by.cameSince('p.created_at', 'p.id')}
      and not exists (select 1 from accounts a where a.id = p.id)`),
    oldPasswords: count(`select count(*) as n from accounts a join present.accounts p on p.id = a.id
      where a.password_hash is not p.password_hash and ${by.changedSince('a.id', 'password.change', 'password.reset')}`),
    administratorsAgain: count(`select count(*) as n from account_roles r where r.role_id = 'admin'
      and not exists (select 1 from present.account_roles p where p.account_id = r.account_id and p.role_id = 'admin')
      and ${by.changedSince('r.account_id', ...lossesOfRoles)}`),
    waysInEnded:
      change(`delete from passkeys where ${known('passkeys')} and ${gone.passkeys}
        and ${wasThere('passkeys', 'created_at')}`) +
      change(`delete from identities where ${known('identities')} and ${gone.identities}
        and ${wasThere('identities', 'linked_at')}`),
    backupCodesEnded: backupCodesEnded(change, by),
    factorsLost: factorsLost(count, by),
  };
  newestSigningKeys(change, count);
  return { counts, closed };
}

type Judged = ReturnType<typeof judged>;

/** A secret that was replaced since has leaked, as far as anybody knows. */
function applicationsOff(change: (statement: string) => number, by: Judged, now: Moment): number {
  return change(`update applications set active = 0, updated_at = ${now} where active = 1 and (
    exists (select 1 from present.applications p where p.id = applications.id and (
      (p.sealed_secret = applications.sealed_secret and p.active = 0
        and ${by.isLater('p.updated_at', 'applications.updated_at')})
      or (p.sealed_secret != applications.sealed_secret and ${by.secretIsOld('applications')})))
    or (not exists (select 1 from present.applications p where p.id = applications.id)
      and ${by.applicationWasThere('applications')}))`);
}

/** @returns their ids */
function accountsClosed(database: DatabaseSync, by: Judged, now: Moment): readonly string[] {
  const closed = database
    .prepare(
      `update accounts set open = 0, updated_at = ${now}, closed_because = (
        select p.closed_because from present.accounts p where p.id = accounts.id)
      where open = 1 and exists (select 1 from present.accounts p where p.id = accounts.id and p.open = 0)
        and ${by.closedLast('accounts.id')} returning id`,
    )
    .all();
  return closed.map(({ id }) => String(id));
}

/** Of one set, codes only go. Another set takes its place: whose is the later one, the trail of the backup tells. */
function backupCodesEnded(change: (statement: string) => number, by: Judged): number {
  const account = 'second_factors.account_id';
  const left = `select d.value from present.second_factors p, json_each(p.json_backup_codes) d
    where p.account_id = ${account}`;
  return change(`update second_factors set json_backup_codes = coalesce((
      select json_group_array(c.value) from json_each(second_factors.json_backup_codes) c where c.value in (${left})), '[]')
    where exists (select 1 from present.accounts k where k.id = ${account})
      and exists (select 1 from json_each(second_factors.json_backup_codes) c where c.value not in (${left}))
      and (${by.isAsThen(account, 'factor.codes', 'factor.add', 'account.bring-in')} or exists (
        select 1 from present.second_factors p
        where p.account_id = ${account} and p.backup_salt is second_factors.backup_salt))`);
}

function factorsLost(count: (query: string) => number, by: Judged): number {
  const app = (row: string): string => `${row}.app_secret is not null and ${row}.app_begun_by is null`;
  return count(`select count(*) as n from accounts a where ${by.changedSince('a.id', 'factor.add', 'account.bring-in')}
    and ((
      exists (select 1 from present.second_factors p where p.account_id = a.id and ${app('p')})
      and not exists (select 1 from second_factors f where f.account_id = a.id and ${app('f')})
    ) or (
      exists (select 1 from present.passkeys p where p.account_id = a.id)
      and not exists (select 1 from passkeys k where k.account_id = a.id)
    ) or (
      exists (select 1 from present.second_factors p where p.account_id = a.id and p.email_on = 1)
      and not exists (select 1 from second_factors f where f.account_id = a.id and f.email_on = 1)
    ))`);
}

/** A key that was replaced since signs nothing any more: whichever side made the last one has the keys that count. */
function newestSigningKeys(change: (statement: string) => number, count: (query: string) => number): void {
  const newest = (trail: string): number => count(`select coalesce(max(made_at), 0) as n from ${trail}.signing_keys`);
  if (newest('present') <= newest('main')) return;
  change('delete from main.signing_keys');
  change(`insert into main.signing_keys (kid, sealed_key, made_at, retired_at)
    select kid, sealed_key, made_at, retired_at from present.signing_keys`);
}
