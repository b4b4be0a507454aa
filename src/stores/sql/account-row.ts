import { sql } from 'kysely';
import {
  type Account,
  type AccountKind,
  type Email,
  noSecondFactors,
  type SecondFactors,
  type Status,
} from '../../core/account/account.ts';
import { foldName } from '../../core/account/names.ts';
import type { AccountChanges, NewAccount } from '../../core/account/store.ts';
import type { SqlDialect } from './dialect.ts';
import type { Schema } from './schema.ts';

/** The columns of `accounts as a` from which an `Account` is made, under names that no other table uses. */
export const accountColumns = [
  'a.id as a_id',
  'a.username as a_username',
  'a.name as a_name',
  'a.kind as a_kind',
  'a.open as a_open',
  'a.password_change as a_password_change',
  'a.password_change_reason as a_password_change_reason',
  'a.password_change_since as a_password_change_since',
  'a.chosen_status as a_chosen_status',
  'a.status_text as a_status_text',
  'a.status_ends_at as a_status_ends_at',
  'a.bio as a_bio',
  'a.nickname as a_nickname',
  'a.language as a_language',
  'a.utc_offset as a_utc_offset',
  'a.json_preferences as a_json_preferences',
  'a.json_custom_fields as a_json_custom_fields',
  'a.created_at as a_created_at',
  'a.updated_at as a_updated_at',
  'a.last_log_in_at as a_last_log_in_at',
  'a.closed_because as a_closed_because',
  'a.sign_up_reason as a_sign_up_reason',
  'a.avatar_tag as a_avatar_tag',
] as const;

type Column = (typeof accountColumns)[number];
type Selected<C extends string> = C extends `a.${infer Name}` ? Name : never;

/** What `accountColumns` and `accountParts` give. */
export type AccountRow = {
  [C in Column as C extends `${string} as ${infer Alias}` ? Alias : never]: C extends `${infer From} as ${string}`
    ? Schema['accounts'][Selected<From> & keyof Schema['accounts']]
    : never;
} & { a_has_password: number; a_second_factors: number; a_json_emails: string | null; a_json_roles: string | null };

/**
 * The parts of an `Account` that stand in other tables, or that are computed; beside `accountColumns`. Their order is
 * made here and not by the database: sorting inside an aggregate costs SQLite more than the rest of the query.
 */
export function accountParts({ jsonOfRows, jsonOfValues }: SqlDialect) {
  return [
    sql<number>`case when a.password_hash is null then 0 else 1 end`.as('a_has_password'),
    // One number, a bit for each: nearly every account has none.
    sql<number>`coalesce((
      select (case when f.app_secret is not null and f.app_begun_by is null then 1 else 0 end)
        + 2 * f.email_on + 4 * f.passkey_alone
      from second_factors f where f.account_id = a.id
    ), 0) + case when exists (select 1 from passkeys p where p.account_id = a.id) then 8 else 0 end`.as(
      'a_second_factors',
    ),
    sql<string | null>`(
      select cast(${jsonOfRows}(${jsonOfValues}(e.position, e.address, e.verified)) as text)
      from account_emails e where e.account_id = a.id
    )`.as('a_json_emails'),
    sql<string | null>`(
      select cast(${jsonOfRows}(${jsonOfValues}(r.position, r.role_id)) as text)
      from account_roles r where r.account_id = a.id
    )`.as('a_json_roles'),
  ] as const;
}

/** The account that a row tells of. */
export function accountOf(row: AccountRow): Account {
  return {
    id: row.a_id,
    username: row.a_username ?? undefined,
    name: row.a_name ?? undefined,
    kind: row.a_kind as AccountKind,
    emails: emailsOf(row.a_json_emails),
    roles: rolesOf(row.a_json_roles),
    open: row.a_open === 1,
    closedBecause: (row.a_closed_because ?? undefined) as Account['closedBecause'],
    signUpReason: row.a_sign_up_reason ?? undefined,
    avatarTag: row.a_avatar_tag ?? undefined,
    hasPassword: row.a_has_password === 1,
    secondFactors: secondFactorsOf(Number(row.a_second_factors)),
    passwordChange:
      row.a_password_change === 1
        ? { reason: row.a_password_change_reason ?? undefined, since: row.a_password_change_since ?? row.a_created_at }
        : undefined,
    chosenStatus: row.a_chosen_status as Status,
    statusText: row.a_status_text,
    statusEndsAt: row.a_status_ends_at ?? undefined,
    bio: row.a_bio ?? undefined,
    nickname: row.a_nickname ?? undefined,
    language: row.a_language ?? undefined,
    utcOffset: row.a_utc_offset ?? undefined,
    preferences: objectOf(row.a_json_preferences),
    customFields: objectOf(row.a_json_custom_fields),
    createdAt: row.a_created_at,
    updatedAt: row.a_updated_at,
    lastLogInAt: row.a_last_log_in_at === 0 ? undefined : row.a_last_log_in_at,
  };
}

/** The row of a new account; its addresses and roles have rows of their own. */
export function rowOfAccount(account: NewAccount): Schema['accounts'] {
  return {
    id: account.id,
    username: account.username ?? null,
    username_key: account.username === undefined ? null : foldName(account.username),
    name: account.name ?? null,
    name_key: account.name === undefined ? '' : foldName(account.name),
    kind: account.kind,
    open: account.open ? 1 : 0,
    password_hash: account.passwordHash ?? null,
    password_change: account.passwordChange === undefined ? 0 : 1,
    password_change_reason: account.passwordChange?.reason ?? null,
    password_change_since:
      account.passwordChange === undefined ? null : (account.passwordChange.since ?? account.createdAt),
    chosen_status: account.chosenStatus,
    status_text: account.statusText,
    status_ends_at: account.statusEndsAt ?? null,
    bio: account.bio ?? null,
    nickname: account.nickname ?? null,
    language: account.language ?? null,
    utc_offset: account.utcOffset ?? null,
    json_preferences: JSON.stringify(account.preferences),
    json_custom_fields: JSON.stringify(account.customFields),
    created_at: account.createdAt,
    updated_at: account.updatedAt,
    last_log_in_at: account.lastLogInAt ?? 0,
    closed_because: account.closedBecause ?? null,
    sign_up_reason: account.signUpReason ?? null,
    avatar_tag: account.avatarTag ?? null,
    most_interactive: 0,
    most_script: 0,
  };
}

/** The columns that a change writes. */
export function changedColumns(changes: AccountChanges): Partial<Schema['accounts']> {
  return {
    ...(changes.chosenStatus === undefined ? {} : { chosen_status: changes.chosenStatus }),
    ...(changes.statusText === undefined ? {} : { status_text: changes.statusText }),
    ...('statusEndsAt' in changes ? { status_ends_at: changes.statusEndsAt ?? null } : {}),
    ...(changes.preferences === undefined ? {} : { json_preferences: JSON.stringify(changes.preferences) }),
    ...(changes.utcOffset === undefined ? {} : { utc_offset: changes.utcOffset }),
    ...(changes.language === undefined ? {} : { language: changes.language }),
  };
}

export function rowsOfEmails(account: {
  readonly id: string;
  readonly emails: readonly Email[];
}): Schema['account_emails'][] {
  return account.emails.map((email, position) => ({
    address_key: foldName(email.address),
    account_id: account.id,
    position,
    address: email.address,
    verified: email.verified ? 1 : 0,
  }));
}

export function rowsOfRoles(account: {
  readonly id: string;
  readonly roles: readonly string[];
}): Schema['account_roles'][] {
  return [...new Set(account.roles)].map((roleId, position) => ({ account_id: account.id, role_id: roleId, position }));
}

function secondFactorsOf(bits: number): SecondFactors {
  if (bits === 0) return noSecondFactors;
  const has = (bit: number): boolean => Math.floor(bits / bit) % 2 === 1;
  return { app: has(1), email: has(2), passkeyAlone: has(4), passkey: has(8) };
}

const none: readonly never[] = Object.freeze([]);
const nothing: Readonly<Record<string, unknown>> = Object.freeze({});

function emailsOf(json: string | null): readonly Email[] {
  return inOrder<[position: number, address: string, verified: number]>(json).map(([, address, verified]) => ({
    address,
    verified: verified === 1,
  }));
}

function rolesOf(json: string | null): readonly string[] {
  return inOrder<[position: number, roleId: string]>(json).map(([, roleId]) => roleId);
}

function inOrder<Row extends readonly [position: number, ...rest: unknown[]]>(json: string | null): readonly Row[] {
  if (json === null || json === '[]') return none;
  const rows = JSON.parse(json) as Row[];
  return rows.length === 1 ? rows : rows.sort(([one], [other]) => one - other);
}

function objectOf(json: string): Readonly<Record<string, unknown>> {
  return json === '{}' ? nothing : (JSON.parse(json) as Record<string, unknown>);
}
