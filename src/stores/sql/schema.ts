import type { Generated } from 'kysely';

/** 0 or 1: the databases disagree about booleans, and agree about small integers. */
export type Bit = number;

/** Moments are milliseconds since 1970 in `bigint` columns; a column named `json_…` holds JSON text that we parse. */
export interface Schema {
  accounts: {
    id: string;
    username: string | null;
    /** `foldName(username)`. */
    username_key: string | null;
    name: string | null;
    /** `foldName(name)`, `''` for none: lists are sorted by it. */
    name_key: string;
    kind: string;
    open: Bit;
    password_hash: string | null;
    password_change: Bit;
    password_change_reason: string | null;
    password_change_since: number | null;
    chosen_status: string;
    status_text: string;
    status_ends_at: number | null;
    bio: string | null;
    nickname: string | null;
    language: string | null;
    utc_offset: number | null;
    json_preferences: string;
    json_custom_fields: string;
    created_at: number;
    updated_at: number;
    /** 0 for never, so that both databases sort it alike. */
    last_log_in_at: number;
    /** Why it is closed, where that matters later: see `Account.closedBecause`. */
    closed_because: string | null;
    sign_up_reason: string | null;
    avatar_tag: string | null;
    /** No fewer than the account's live tokens of the pool (`pool-size.ts`). */
    most_interactive: number;
    most_script: number;
  };
  account_emails: {
    /** `foldName(address)`. */
    address_key: string;
    account_id: string;
    position: number;
    address: string;
    verified: Bit;
  };
  account_roles: {
    account_id: string;
    role_id: string;
    position: number;
  };
  tokens: {
    hash: string;
    id: string;
    account_id: string;
    pool: string;
    name: string | null;
    last_part: string;
    skips_second_factor: Bit;
    enrols_only: Bit;
    created_at: number;
    ends_at: number | null;
    used_at: number;
    trust_client: string | null;
    trust_until: number | null;
    door: string;
    address: string;
    user_agent: string;
    factor: string | null;
    json_scopes: string | null;
    json_addresses: string | null;
    /** When its owner was told that it ends soon. */
    warned_at: number | null;
  };
  avatars: {
    account_id: string;
    media_type: string;
    base64: string;
  };
  identities: {
    provider: string;
    subject: string;
    account_id: string;
    json_facts: string;
    linked_at: number;
    /** When somebody last signed in with it. */
    used_at: number | null;
    /** When a run over the directory last saw it. */
    seen_at: number | null;
    /** The same moment where the directory had disabled or locked the person. */
    shut_at: number | null;
  };
  provider_sessions: {
    token_hash: string;
    provider: string;
    subject: string;
    /** What the provider calls the session; `''` where it has no name for it. */
    session: string;
  };
  page_sessions: {
    /** Of what the cookie holds. */
    hash: string;
    token_hash: string;
    made_at: number;
    /** The kind of the proof. */
    kind: string;
  };
  sync_states: {
    name: string;
    json_value: string;
    updated_at: number;
  };
  applications: {
    id: string;
    client_id: string;
    name: string;
    active: Bit;
    sealed_secret: string;
    json_redirects: string;
    json_options: string;
    creator_id: string;
    creator_username: string | null;
    created_at: number;
    updated_at: number;
  };
  application_consents: {
    account_id: string;
    application_id: string;
    /** Separated by blanks. */
    scopes: string;
    given_at: number;
  };
  application_codes: {
    hash: string;
    application_id: string;
    account_id: string;
    /** What is made of it bears the same. */
    family: string;
    json_facts: string;
    ends_at: number;
    used_at: number | null;
  };
  application_tokens: {
    access_hash: string;
    refresh_hash: string;
    application_id: string;
    account_id: string;
    family: string;
    scopes: string;
    created_at: number;
    access_ends_at: number;
    refresh_ends_at: number;
    /** When a newer pair took its place. */
    replaced_at: number | null;
  };
  openid_records: {
    kind: string;
    hash: string;
    sealed_payload: string;
    grant_id: string | null;
    uid: string | null;
    user_code: string | null;
    account_id: string | null;
    used_at: number | null;
    ends_at: number | null;
  };
  signing_keys: {
    kid: string;
    sealed_key: string;
    made_at: number;
    retired_at: number | null;
  };
  former_passwords: {
    account_id: string;
    at: number;
    hash: string;
  };
  second_factors: {
    account_id: string;
    /** Sealed. */
    app_secret: string | null;
    /** The hash of the token that began; null once a first code has confirmed it. */
    app_begun_by: string | null;
    /** The last time step that was used. */
    app_step: Generated<number>;
    backup_salt: string | null;
    /** Hashes of those that are left. */
    json_backup_codes: Generated<string>;
    email_on: Generated<Bit>;
    email_code: string | null;
    email_code_ends_at: Generated<number>;
    email_code_wrong: Generated<number>;
    emails_sent: Generated<number>;
    emails_sent_since: Generated<number>;
    wrong_codes: Generated<number>;
    required_since: number | null;
    passkey_alone: Generated<Bit>;
  };
  passkeys: {
    /** The credential's id, base64url. */
    id: string;
    account_id: string;
    name: string;
    /** COSE, base64url. */
    public_key: string;
    sign_count: number;
    json_transports: string;
    backed_up: Bit;
    created_at: number;
    used_at: number | null;
  };
  challenges: {
    /** base64 of SHA-256 of what the client holds. */
    hash: string;
    kind: string;
    account_id: string | null;
    json_facts: string;
    ends_at: number;
  };
  outbox: {
    id: string;
    kind: string;
    recipient: string;
    subject: string;
    sealed_body: string;
    state: string;
    made_at: number;
    due_at: number;
    tries: number;
    last_error: string | null;
    sent_at: number | null;
  };
  failures: {
    id: Generated<number>;
    /** What it counts against, see `failure-keys.ts`. */
    key: string;
    at: number;
  };
  call_counts: {
    key: string;
    calls: number;
    ends_at: number;
  };
  devices: {
    account_id: string;
    device_key: string;
    seen_at: number;
  };
  settings: {
    id: string;
    json_value: string;
    source: string;
    updated_at: number;
  };
  roles: {
    id: string;
    name: string;
    scope: string;
    description: string;
    protected: Bit;
    second_factor: Bit;
    updated_at: Generated<number>;
  };
  removed_roles: {
    id: string;
    name: string;
    removed_at: number;
  };
  permissions: {
    id: string;
    json_roles: string;
    updated_at: number;
  };
  audit: {
    seq: Generated<number>;
    at: number;
    what: string;
    outcome: string;
    account_id: string | null;
    actor_id: string | null;
    door: string;
    address: string;
    user_agent: string;
    json_facts: string;
    /** Its place in the chain; null until it is sealed. */
    position: Generated<number | null>;
    seal: Generated<string | null>;
  };
  meta: {
    name: string;
    value: string;
  };
  migrations: {
    number: number;
    at: number;
  };
}

/** Every unique constraint whose breach is an answer and not a bug, with the columns by which SQLite names it. */
export const uniques = {
  accounts_id: 'accounts.id',
  accounts_username: 'accounts.username_key',
  account_emails_address: 'account_emails.address_key',
  tokens_name: 'tokens.account_id, tokens.name',
  tokens_hash: 'tokens.hash',
  tokens_id: 'tokens.id',
  passkeys_id: 'passkeys.id',
  identities_once: 'identities.provider, identities.subject',
} as const;

export type Unique = keyof typeof uniques;
