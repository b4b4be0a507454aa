import { type Expression, type Kysely, sql } from 'kysely';
import { foldName } from '../../core/account/names.ts';
import type { Moment } from '../../core/ports.ts';
import type { Known, TokenStore } from '../../core/session/store.ts';
import { type AccountRow, accountColumns, accountOf, accountParts } from './account-row.ts';
import type { SqlBackend } from './backend.ts';
import { type KeptRow, keptColumns, keptOf } from './factor-row.ts';
import { accountKey, addressKeyOf, devicePart, nameKey, passKeyOf } from './failure-keys.ts';
import type { Schema } from './schema.ts';

/**
 * The most failures that are read for one key. Whoever is blocked counts no further ones, so a list is about as long as
 * its limit; this bounds what a limit that was just lowered would read.
 */
const mostFailures = 1_000;

type Given = {
  value: string;
  nameKey: string;
  devicePart: string;
  deviceKey: string;
  addressKey: string;
  accountSince: number;
  addressSince: number;
};

/** An outer join: every column of the account is NULL where none matched. */
type KnownRow = { [Column in keyof AccountRow]: AccountRow[Column] | null } & {
  password_hash: string | null;
  device_known: number;
  account_failures: string | null;
  address_failures: string | null;
  device_failures: string | null;
} & KeptRow;

/** The reads that a log-in begins with: each is one statement, and the same one whether an account matches or not. */
export function knownReads({
  hot,
  dialect,
}: SqlBackend): Pick<TokenStore, 'known' | 'addressFailures' | 'accountFailures' | 'passFailures'> {
  const timesOf = (key: Expression<string>, since: number) => sql<string | null>`(
    select cast(${dialect.jsonOfRows}(f.at) as text) from (
      select at from failures where key = ${key} and at >= ${since} order by at desc limit ${sql.lit(mostFailures)}
    ) as f
  )`;

  const knownBy = (by: 'id' | 'username' | 'email') =>
    hot<Given, KnownRow>(`known_by_${by}`, (db: Kysely<Schema>, given) => {
      const matched = {
        id: sql<boolean>`a.id = ${given.value}`,
        username: sql<boolean>`a.username_key = ${given.value}`,
        email: sql<boolean>`a.id = (select m.account_id from account_emails m where m.address_key = ${given.value})`,
      }[by];
      const subject = sql<string>`coalesce('a:' || a.id, ${given.nameKey})`;
      return db
        .selectFrom(sql<{ one: number }>`(select 1 as one)`.as('always'))
        .leftJoin('accounts as a', (join) => join.on(matched))
        .leftJoin('second_factors as f', 'f.account_id', 'a.id')
        .select(accountColumns)
        .select(accountParts(dialect))
        .select(keptColumns)
        .select([
          'a.password_hash as password_hash',
          sql<number>`case when exists (
            select 1 from devices d where d.account_id = a.id and d.device_key = ${given.deviceKey}
          ) then 1 else 0 end`.as('device_known'),
          timesOf(subject, given.accountSince).as('account_failures'),
          timesOf(sql<string>`${given.addressKey}`, given.addressSince).as('address_failures'),
          timesOf(sql<string>`${subject} || '|' || ${given.devicePart}`, given.accountSince).as('device_failures'),
        ])
        .$castTo<KnownRow>();
    });
  const known = { id: knownBy('id'), username: knownBy('username'), email: knownBy('email') };

  const failures = hot<{ key: string; since: number }, { times: string | null }>('failures_of', (db, given) =>
    db.selectNoFrom(timesOf(sql<string>`${given.key}`, given.since).as('times')),
  );
  const failuresOf = async (key: string, since: Moment): Promise<readonly Moment[]> =>
    timesIn((await failures({ key, since }))[0]?.times ?? null);

  return {
    known: async ({ claim, addressKey, deviceKey, accountSince, addressSince }) => {
      const [row] = await known[claim.by]({
        value: claim.by === 'id' ? claim.value : foldName(claim.value),
        nameKey: nameKey(claim),
        devicePart: devicePart(deviceKey),
        deviceKey,
        addressKey: addressKeyOf(addressKey),
        accountSince,
        addressSince,
      });
      if (row === undefined) throw new Error('A query that always gives a row gave none.');
      return knownOf(row);
    },
    addressFailures: async (addressKey, since) => await failuresOf(addressKeyOf(addressKey), since),
    passFailures: async ({ addressKey, deviceKey }, since) => await failuresOf(passKeyOf(addressKey, deviceKey), since),
    accountFailures: async (accountId, since) => await failuresOf(accountKey(accountId), since),
  };
}

function knownOf(row: KnownRow): Known {
  return {
    account: isAccount(row) ? accountOf(row) : undefined,
    passwordHash: row.password_hash ?? undefined,
    kept: keptOf(row),
    failures: {
      account: timesIn(row.account_failures),
      address: timesIn(row.address_failures),
      device: timesIn(row.device_failures),
    },
    deviceKnown: row.device_known === 1,
  };
}

function isAccount(row: KnownRow): row is KnownRow & AccountRow {
  return row.a_id !== null;
}

function timesIn(json: string | null): readonly Moment[] {
  if (json === null || json === '[]') return [];
  // An aggregate promises no order.
  return (JSON.parse(json) as Moment[]).sort((one, other) => other - one);
}
