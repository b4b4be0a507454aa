import { type RawBuilder, sql } from 'kysely';
import type { TableDialect } from './dialect.ts';

type Statement = RawBuilder<unknown>;

/**
 * The schema as numbered steps, run in order and never back. A step that has been released is never edited: what it
 * got wrong, a later one mends.
 */
export const migrations: readonly ((dialect: TableDialect) => readonly Statement[])[] = [
  ({ exactText, countingKey, nullsFirst, clustered, forgettable }) => [
    sql`create table accounts (
      id ${exactText} not null constraint accounts_id primary key,
      username text,
      username_key ${exactText},
      name text,
      name_key ${exactText} not null,
      kind text not null,
      open integer not null,
      password_hash text,
      password_change integer not null,
      password_change_reason text,
      chosen_status text not null,
      status_text text not null,
      status_ends_at bigint,
      bio text,
      nickname text,
      language text,
      utc_offset double precision,
      json_preferences text not null,
      json_custom_fields text not null,
      created_at bigint not null,
      updated_at bigint not null,
      last_log_in_at bigint not null,
      most_interactive integer not null,
      most_script integer not null
    )`,
    sql`create unique index accounts_username on accounts (username_key ${nullsFirst})`,
    sql`create index accounts_by_name on accounts (name_key, username_key ${nullsFirst})`,
    sql`create index accounts_by_creation on accounts (created_at, username_key ${nullsFirst})`,
    sql`create index accounts_by_log_in on accounts (last_log_in_at, username_key ${nullsFirst})`,
    sql`create index accounts_by_status_end on accounts (status_ends_at) where status_ends_at is not null`,
    sql`create index accounts_by_open on accounts (open, username_key ${nullsFirst})`,
    sql`create table account_emails (
      address_key ${exactText} not null constraint account_emails_address primary key,
      account_id ${exactText} not null references accounts (id) on delete cascade,
      position integer not null,
      address text not null,
      verified integer not null
    )`,
    // All of an account's addresses are in the index: reading an account looks at no further page.
    sql`create index account_emails_of_account on account_emails (account_id, position, address, verified)`,
    sql`create table account_roles (
      account_id ${exactText} not null references accounts (id) on delete cascade,
      role_id ${exactText} not null,
      position integer not null,
      constraint account_roles_once primary key (account_id, role_id)
    ) ${clustered}`,
    sql`create index account_roles_of_role on account_roles (role_id, account_id)`,
    sql`create table tokens (
      hash ${exactText} not null constraint tokens_hash primary key,
      id ${exactText} not null constraint tokens_id unique,
      account_id ${exactText} not null references accounts (id) on delete cascade,
      pool text not null,
      name text,
      last_part text not null,
      skips_second_factor integer not null,
      created_at bigint not null,
      ends_at bigint,
      used_at bigint not null,
      trust_client text,
      trust_until bigint,
      door text not null,
      address text not null,
      user_agent text not null
    )`,
    // Sessions have no name, and no place here.
    sql`create unique index tokens_name on tokens (account_id, name) where name is not null`,
    sql`create index tokens_of_pool on tokens (account_id, pool, used_at)`,
    sql`create index tokens_by_end on tokens (ends_at)`,
    sql`create ${forgettable} table failures (
      id ${countingKey},
      key ${exactText} not null,
      at bigint not null
    )`,
    sql`create index failures_of_key on failures (key, at)`,
    sql`create index failures_by_time on failures (at)`,
    sql`create table devices (
      account_id ${exactText} not null references accounts (id) on delete cascade,
      device_key ${exactText} not null,
      seen_at bigint not null,
      constraint devices_once primary key (account_id, device_key)
    ) ${clustered}`,
    sql`create table settings (
      id ${exactText} not null constraint settings_id primary key,
      json_value text not null,
      source text not null,
      updated_at bigint not null
    )`,
    sql`create table roles (
      id ${exactText} not null constraint roles_id primary key,
      name text not null,
      scope text not null,
      description text not null,
      protected integer not null,
      second_factor integer not null
    )`,
    sql`create table permissions (
      id ${exactText} not null constraint permissions_id primary key,
      json_roles text not null,
      updated_at bigint not null
    )`,
    // No foreign key: what happened to an account is told long after it is gone.
    sql`create table audit (
      seq ${countingKey},
      at bigint not null,
      what text not null,
      outcome text not null,
      account_id ${exactText},
      actor_id ${exactText},
      door text not null,
      address text not null,
      user_agent text not null,
      json_facts text not null
    )`,
    sql`create index audit_of_account on audit (account_id, seq)`,
    sql`create table meta (
      name ${exactText} not null constraint meta_name primary key,
      value text not null
    )`,
    // Whoever takes an administrator away locks this row first, so that two at once cannot take the last two.
    sql`insert into meta (name, value) values ('administrators', 'lock')`,
  ],
  ({ exactText }) => [
    sql`alter table tokens add column enrols_only integer not null default 0`,
    // No row: the account has set up nothing, and nothing was ever asked of it.
    sql`create table second_factors (
      account_id ${exactText} not null constraint second_factors_account primary key
        references accounts (id) on delete cascade,
      app_secret text,
      app_begun_by ${exactText},
      app_step bigint not null default 0,
      backup_salt text,
      json_backup_codes text not null default '[]',
      email_on integer not null default 0,
      email_code text,
      email_code_ends_at bigint not null default 0,
      email_code_wrong integer not null default 0,
      emails_sent integer not null default 0,
      emails_sent_since bigint not null default 0,
      wrong_codes integer not null default 0,
      required_since bigint,
      passkey_alone integer not null default 0
    )`,
    sql`create table passkeys (
      id ${exactText} not null constraint passkeys_id primary key,
      account_id ${exactText} not null references accounts (id) on delete cascade,
      name text not null,
      public_key text not null,
      sign_count bigint not null,
      json_transports text not null,
      backed_up integer not null,
      created_at bigint not null,
      used_at bigint
    )`,
    sql`create index passkeys_of_account on passkeys (account_id, created_at)`,
    // Things that are good once, and soon over: what a browser must sign, a log-in that waits for its second factor.
    sql`create table challenges (
      hash ${exactText} not null constraint challenges_hash primary key,
      kind text not null,
      account_id ${exactText} references accounts (id) on delete cascade,
      json_facts text not null,
      ends_at bigint not null
    )`,
    sql`create index challenges_by_end on challenges (ends_at)`,
    sql`create index challenges_of_account on challenges (account_id)`,
    sql`create table outbox (
      id ${exactText} not null constraint outbox_id primary key,
      kind text not null,
      recipient text not null,
      subject text not null,
      sealed_body text not null,
      state text not null,
      made_at bigint not null,
      due_at bigint not null,
      tries integer not null,
      last_error text,
      sent_at bigint
    )`,
    sql`create index outbox_by_due on outbox (state, due_at)`,
    sql`create index outbox_by_time on outbox (made_at)`,
  ],
  ({ exactText, nullsFirst, forgettable }) => [
    sql`alter table accounts add column closed_because text`,
    sql`alter table accounts add column sign_up_reason text`,
    sql`alter table accounts add column avatar_tag text`,
    // With the id at their end a page far down a list is found without a look at the accounts before it.
    ...(['name', 'creation', 'log_in', 'open'] as const).map((by) => sql`drop index ${sql.ref(`accounts_by_${by}`)}`),
    sql`create index accounts_by_username on accounts (username_key ${nullsFirst}, id)`,
    sql`create index accounts_by_name on accounts (name_key, username_key ${nullsFirst}, id)`,
    sql`create index accounts_by_creation on accounts (created_at, username_key ${nullsFirst}, id)`,
    sql`create index accounts_by_log_in on accounts (last_log_in_at, username_key ${nullsFirst}, id)`,
    sql`create index accounts_by_open on accounts (open, username_key ${nullsFirst}, id)`,
    sql`alter table accounts add column password_change_since bigint`,
    sql`create table avatars (
      account_id ${exactText} not null constraint avatars_account primary key
        references accounts (id) on delete cascade,
      media_type text not null,
      base64 text not null
    )`,
    // Who somebody is elsewhere: the name-space of a provider and the subject that it calls them by.
    sql`create table identities (
      provider ${exactText} not null,
      subject ${exactText} not null,
      account_id ${exactText} not null references accounts (id) on delete cascade,
      json_facts text not null,
      linked_at bigint not null,
      constraint identities_once primary key (provider, subject)
    )`,
    sql`create index identities_of_account on identities (account_id)`,
    sql`create table former_passwords (
      account_id ${exactText} not null references accounts (id) on delete cascade,
      at bigint not null,
      hash text not null
    )`,
    sql`create index former_passwords_of_account on former_passwords (account_id, at)`,
    sql`alter table tokens add column factor text`,
    sql`alter table tokens add column json_scopes text`,
    sql`alter table tokens add column json_addresses text`,
    sql`alter table tokens add column warned_at bigint`,
    sql`alter table roles add column updated_at bigint not null default 0`,
    // Clients that keep a copy of the roles ask which are gone.
    sql`create table removed_roles (
      id ${exactText} not null constraint removed_roles_id primary key,
      name text not null,
      removed_at bigint not null
    )`,
    // Whoever changes roles or permissions locks this row first: each sees what the one before has written.
    sql`insert into meta (name, value) values ('roles', 'lock')`,
    // Lists are cut and counted by these alone (with the name, which they would else look up); always written at its end,
    // the first costs a sign-in next to nothing.
    sql`create index tokens_by_creation on tokens (created_at, id, ends_at, name) where name is null`,
    sql`create index tokens_personal_by_creation on tokens (created_at, id, ends_at, name) where name is not null`,
    sql`create index tokens_to_warn on tokens (ends_at) where name is not null and warned_at is null`,
    // The place in the chain, and the seal over the entry and all before it; null until the entry is sealed.
    sql`alter table audit add column position bigint`,
    sql`alter table audit add column seal text`,
    // Each entry is in one of the two: where it waits, or where its place is.
    sql`create index audit_unsealed on audit (seq) where position is null`,
    sql`create unique index audit_position on audit (position) where position is not null`,
    sql`create index audit_by_time on audit (at, seq)`,
    // The ends of the chain. Whoever seals or prunes locks the head first.
    sql`insert into meta (name, value) values ('audit-head', ''), ('audit-anchor', '')`,
    sql`create ${forgettable} table call_counts (
      key ${exactText} not null constraint call_counts_key primary key,
      calls integer not null,
      ends_at bigint not null
    )`,
    sql`create index call_counts_by_end on call_counts (ends_at)`,
  ],
  ({ exactText }) => [
    // Directories are asked for all their people: whom a run did not see is missing there. No index is of the marks: each
    // run writes them all, and reads them all once.
    sql`alter table identities add column used_at bigint`,
    sql`alter table identities add column seen_at bigint`,
    sql`alter table identities add column shut_at bigint`,
    // Which session of a provider stands behind a token of ours: when the provider ends one, we end the other.
    sql`create table provider_sessions (
      token_hash ${exactText} not null constraint provider_sessions_token primary key
        references tokens (hash) on delete cascade,
      provider ${exactText} not null,
      subject ${exactText} not null,
      session ${exactText} not null
    )`,
    sql`create index provider_sessions_of_subject on provider_sessions (provider, subject, session)`,
    sql`create index provider_sessions_of_session on provider_sessions (provider, session)`,
    // A browser stays signed in by a cookie that is good at our pages alone, for as long as the session behind it.
    sql`create table page_sessions (
      hash ${exactText} not null constraint page_sessions_hash primary key,
      token_hash ${exactText} not null references tokens (hash) on delete cascade,
      made_at bigint not null,
      kind text not null
    )`,
    sql`create index page_sessions_of_token on page_sessions (token_hash)`,
    // The figures of the dashboard are counted by these, and the outbox is shown by the second.
    sql`create index accounts_waiting on accounts (id) where closed_because = 'waits-for-approval'`,
    sql`create index outbox_by_state on outbox (state, made_at, id)`,
    // How far a run over a directory has come, and how the last one went.
    sql`create table sync_states (
      name ${exactText} not null constraint sync_states_name primary key,
      json_value text not null,
      updated_at bigint not null
    )`,
    // Other services whose people sign in here.
    sql`create table applications (
      id ${exactText} not null constraint applications_id primary key,
      client_id ${exactText} not null constraint applications_client unique,
      name text not null,
      active integer not null,
      sealed_secret text not null,
      json_redirects text not null,
      json_options text not null,
      creator_id ${exactText} not null,
      creator_username text,
      created_at bigint not null,
      updated_at bigint not null
    )`,
    sql`create table application_consents (
      account_id ${exactText} not null references accounts (id) on delete cascade,
      application_id ${exactText} not null references applications (id) on delete cascade,
      scopes text not null,
      given_at bigint not null,
      constraint application_consents_once primary key (account_id, application_id)
    )`,
    sql`create index application_consents_of_application on application_consents (application_id)`,
    sql`create table application_codes (
      hash ${exactText} not null constraint application_codes_hash primary key,
      application_id ${exactText} not null references applications (id) on delete cascade,
      account_id ${exactText} not null references accounts (id) on delete cascade,
      family ${exactText} not null,
      json_facts text not null,
      ends_at bigint not null,
      used_at bigint
    )`,
    sql`create index application_codes_by_end on application_codes (ends_at)`,
    sql`create index application_codes_of_account on application_codes (account_id)`,
    sql`create index application_codes_of_application on application_codes (application_id)`,
    // A pair of tokens; refreshing makes a new pair of the same family, and the old one ends.
    sql`create table application_tokens (
      access_hash ${exactText} not null constraint application_tokens_access primary key,
      refresh_hash ${exactText} not null constraint application_tokens_refresh unique,
      application_id ${exactText} not null references applications (id) on delete cascade,
      account_id ${exactText} not null references accounts (id) on delete cascade,
      family ${exactText} not null,
      scopes text not null,
      created_at bigint not null,
      access_ends_at bigint not null,
      refresh_ends_at bigint not null,
      replaced_at bigint
    )`,
    sql`create index application_tokens_of_family on application_tokens (family)`,
    sql`create index application_tokens_of_account on application_tokens (account_id)`,
    sql`create index application_tokens_of_application on application_tokens (application_id)`,
    sql`create index application_tokens_by_end on application_tokens (refresh_ends_at)`,
    // What the OpenID provider keeps; what it holds is sealed.
    sql`create table openid_records (
      kind text not null,
      hash ${exactText} not null,
      sealed_payload text not null,
      grant_id ${exactText},
      uid ${exactText},
      user_code ${exactText},
      account_id ${exactText} references accounts (id) on delete cascade,
      used_at bigint,
      ends_at bigint,
      constraint openid_records_once primary key (kind, hash)
    )`,
    sql`create index openid_records_of_grant on openid_records (grant_id)`,
    sql`create index openid_records_of_uid on openid_records (uid)`,
    sql`create index openid_records_of_account on openid_records (account_id)`,
    sql`create index openid_records_by_end on openid_records (ends_at)`,
    sql`create table signing_keys (
      kid ${exactText} not null constraint signing_keys_kid primary key,
      sealed_key text not null,
      made_at bigint not null,
      retired_at bigint
    )`,
    // Whoever adds a signing key locks this row first.
    sql`insert into meta (name, value) values ('signing-keys', 'lock')`,
  ],
  () => [
    // Whom too many wrong codes have locked is found without a look at everybody who has a second factor.
    sql`create index second_factors_wrong on second_factors (wrong_codes) where wrong_codes > 0`,
  ],
];
