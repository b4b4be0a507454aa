import type { Door } from '../../core/ports.ts';
import type { Pool, Token } from '../../core/session/token.ts';
import type { SqlBackend, Write } from './backend.ts';
import type { Schema } from './schema.ts';

/** The columns of `tokens as t` from which a `Token` is made, under names that no other table uses. */
export const tokenColumns = [
  't.hash as t_hash',
  't.id as t_id',
  't.account_id as t_account_id',
  't.pool as t_pool',
  't.name as t_name',
  't.last_part as t_last_part',
  't.skips_second_factor as t_skips_second_factor',
  't.enrols_only as t_enrols_only',
  't.created_at as t_created_at',
  't.ends_at as t_ends_at',
  't.used_at as t_used_at',
  't.trust_client as t_trust_client',
  't.trust_until as t_trust_until',
  't.door as t_door',
  't.address as t_address',
  't.user_agent as t_user_agent',
  't.factor as t_factor',
  't.json_scopes as t_json_scopes',
  't.json_addresses as t_json_addresses',
] as const;

/** What `tokenColumns` gives. */
export type TokenRow = {
  [Name in Exclude<keyof Schema['tokens'], 'warned_at'> as `t_${Name}`]: Schema['tokens'][Name];
};

/** The token that a row tells of. */
export function tokenOf(row: TokenRow): Token {
  return {
    hash: row.t_hash,
    id: row.t_id,
    accountId: row.t_account_id,
    pool: row.t_pool as Pool,
    name: row.t_name ?? undefined,
    lastPart: row.t_last_part,
    skipsSecondFactor: row.t_skips_second_factor === 1,
    enrolsOnly: row.t_enrols_only === 1,
    createdAt: row.t_created_at,
    endsAt: row.t_ends_at ?? undefined,
    usedAt: row.t_used_at,
    trust:
      row.t_trust_client === null || row.t_trust_until === null
        ? undefined
        : { client: row.t_trust_client, until: row.t_trust_until },
    door: row.t_door as Door,
    address: row.t_address,
    userAgent: row.t_user_agent,
    factor: row.t_factor ?? undefined,
    scopes: listOf(row.t_json_scopes),
    addresses: listOf(row.t_json_addresses),
  };
}

export function rowOfToken(token: Token): Schema['tokens'] {
  return {
    hash: token.hash,
    id: token.id,
    account_id: token.accountId,
    pool: token.pool,
    name: token.name ?? null,
    last_part: token.lastPart,
    skips_second_factor: token.skipsSecondFactor ? 1 : 0,
    enrols_only: token.enrolsOnly ? 1 : 0,
    created_at: token.createdAt,
    ends_at: token.endsAt ?? null,
    used_at: token.usedAt,
    trust_client: token.trust?.client ?? null,
    trust_until: token.trust?.until ?? null,
    door: token.door,
    address: token.address,
    user_agent: token.userAgent,
    factor: token.factor ?? null,
    json_scopes: token.scopes === undefined ? null : JSON.stringify(token.scopes),
    json_addresses: token.addresses === undefined ? null : JSON.stringify(token.addresses),
    warned_at: null,
  };
}

function listOf(json: string | null): readonly string[] | undefined {
  return json === null ? undefined : (JSON.parse(json) as string[]);
}

/** The statement that writes one token. */
export function insertTokens({ hot }: SqlBackend): (token: Token, inside: Write) => Promise<void> {
  const insert = hot<Schema['tokens'], never>('token_insert', (db, given) =>
    db.insertInto('tokens').values({
      hash: given.hash,
      id: given.id,
      account_id: given.account_id,
      pool: given.pool,
      name: given.name,
      last_part: given.last_part,
      skips_second_factor: given.skips_second_factor,
      enrols_only: given.enrols_only,
      created_at: given.created_at,
      ends_at: given.ends_at,
      used_at: given.used_at,
      trust_client: given.trust_client,
      trust_until: given.trust_until,
      door: given.door,
      address: given.address,
      user_agent: given.user_agent,
      factor: given.factor,
      json_scopes: given.json_scopes,
      json_addresses: given.json_addresses,
    }),
  );
  return async (token, inside) => {
    await insert(rowOfToken(token), inside);
  };
}
