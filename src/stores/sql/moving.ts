import { type Belongings, identityKey, type MoveStore } from '../../core/administration/move-store.ts';
import { type AccountRow, accountColumns, accountOf, accountParts } from './account-row.ts';
import { writeAccounts } from './accounts.ts';
import type { SqlBackend, Write } from './backend.ts';
import { chunksOf } from './chunks.ts';
import { passkeyOf } from './passkeys.ts';
import type { Schema } from './schema.ts';
import type { Steps } from './steps.ts';
import { type TokenRow, tokenColumns, tokenOf } from './token-row.ts';
import { writeTokens } from './tokens.ts';

/** What is asked of one table in one statement. */
const size = 500;

export function moveStore({ read, write, dialect, duplicate }: SqlBackend, { record }: Steps): MoveStore {
  /** Those of the values that stand in a column. */
  async function among(values: readonly string[], ask: (some: readonly string[]) => Promise<readonly string[]>) {
    const found = new Set<string>();
    for (const some of chunksOf(values, size)) for (const value of await ask(some)) found.add(value);
    return found;
  }

  return {
    taken: async (wanted) => ({
      ids: await among(wanted.ids, async (some) =>
        (await read.selectFrom('accounts').select('id').where('id', 'in', some).execute()).map(({ id }) => id),
      ),
      usernames: await among(wanted.usernames, async (some) =>
        (await read.selectFrom('accounts').select('username_key').where('username_key', 'in', some).execute()).flatMap(
          (row) => (row.username_key === null ? [] : [row.username_key]),
        ),
      ),
      addresses: await among(wanted.addresses, async (some) =>
        (await read.selectFrom('account_emails').select('address_key').where('address_key', 'in', some).execute()).map(
          (row) => row.address_key,
        ),
      ),
      tokenHashes: await among(wanted.tokenHashes, async (some) =>
        (await read.selectFrom('tokens').select('hash').where('hash', 'in', some).execute()).map(({ hash }) => hash),
      ),
      passkeys: await among(wanted.passkeys, async (some) =>
        (await read.selectFrom('passkeys').select('id').where('id', 'in', some).execute()).map(({ id }) => id),
      ),
      // By subject, which is the rarer half; the other half is compared here.
      identities: await among([...new Set(wanted.identities.map(({ subject }) => subject))], async (some) =>
        (
          await read.selectFrom('identities').select(['provider', 'subject']).where('subject', 'in', some).execute()
        ).map(identityKey),
      ),
    }),

    bringIn: async (people, audit) => {
      try {
        return await write(async (inside) => {
          await writeAccounts(
            inside,
            // The row of the factors is written below, with everything that it holds.
            people.map(({ account }) => ({ ...account, secondFactors: { ...account.secondFactors, email: false } })),
          );
          await writeBelongings(inside, people);
          await writeTokens(
            inside,
            people.flatMap(({ tokens }) => tokens),
          );
          await record(inside, ...audit);
          for (const { account } of people) inside.announce({ kind: 'account-added', accountId: account.id });
          return 'done' as const;
        });
      } catch (cause) {
        if (duplicate(cause) !== undefined) return 'taken';
        throw cause;
      }
    },

    page: async (after, count, now) => {
      const rows = await read
        .selectFrom('accounts as a')
        .select(accountColumns)
        .select(accountParts(dialect))
        .select('a.password_hash as a_password_hash')
        .where('a.id', '>', after ?? '')
        .orderBy('a.id')
        .limit(count)
        .execute();
      return await belongingsOf(rows as readonly (AccountRow & { a_password_hash: string | null })[], now);
    },
  };

  async function belongingsOf(
    rows: readonly (AccountRow & { a_password_hash: string | null })[],
    now: number,
  ): Promise<readonly Belongings[]> {
    const ids = rows.map(({ a_id }) => a_id);
    if (ids.length === 0) return [];
    const tokens = await read
      .selectFrom('tokens as t')
      .select(tokenColumns)
      .where('t.account_id', 'in', ids)
      .where((eb) => eb.or([eb('t.ends_at', 'is', null), eb('t.ends_at', '>', now)]))
      .orderBy('t.created_at')
      .orderBy('t.id')
      .execute();
    const of = <Row extends { readonly account_id: string }>(all: readonly Row[]) => Map.groupBy(all, accountIdOf);
    const tokensOf = Map.groupBy(tokens as readonly TokenRow[], ({ t_account_id }) => t_account_id);
    const factors = of(await read.selectFrom('second_factors').selectAll().where('account_id', 'in', ids).execute());
    const passkeys = of(
      await read.selectFrom('passkeys').selectAll().where('account_id', 'in', ids).orderBy('created_at').execute(),
    );
    const identities = of(
      await read
        .selectFrom('identities')
        .selectAll()
        .where('account_id', 'in', ids)
        .orderBy('provider')
        .orderBy('subject')
        .execute(),
    );
    const former = of(
      await read.selectFrom('former_passwords').selectAll().where('account_id', 'in', ids).orderBy('at').execute(),
    );
    return rows.map((row) => {
      const id = row.a_id;
      const factor = factors.get(id)?.[0];
      const confirmed = factor !== undefined && factor.app_secret !== null && factor.app_begun_by === null;
      return {
        account: { ...accountOf(row), passwordHash: row.a_password_hash ?? undefined },
        tokens: (tokensOf.get(id) ?? []).map(tokenOf),
        app: confirmed && factor.app_secret !== null ? { sealedSecret: factor.app_secret } : undefined,
        backup:
          factor === undefined || factor.backup_salt === null
            ? undefined
            : { salt: factor.backup_salt, hashes: JSON.parse(factor.json_backup_codes) as string[] },
        passkeys: (passkeys.get(id) ?? []).map(passkeyOf),
        identities: (identities.get(id) ?? []).map(({ provider, subject, json_facts }) => ({
          provider,
          subject,
          facts: JSON.parse(json_facts) as Record<string, string>,
        })),
        formerPasswords: (former.get(id) ?? []).map(({ hash, at }) => ({ hash, at })),
      };
    });
  }
}

function accountIdOf({ account_id }: { readonly account_id: string }): string {
  return account_id;
}

async function writeBelongings({ db }: Write, people: readonly Belongings[]): Promise<void> {
  const factors = people.flatMap(factorRows);
  for (const rows of chunksOf(factors, size)) await db.insertInto('second_factors').values(rows).execute();
  const passkeys = people.flatMap(passkeyRows);
  for (const rows of chunksOf(passkeys, size)) await db.insertInto('passkeys').values(rows).execute();
  const identities = people.flatMap(identityRows);
  for (const rows of chunksOf(identities, size)) await db.insertInto('identities').values(rows).execute();
  const former = people.flatMap(({ account: { id }, formerPasswords }) =>
    formerPasswords.map(({ hash, at }) => ({ account_id: id, at, hash })),
  );
  for (const rows of chunksOf(former, size)) await db.insertInto('former_passwords').values(rows).execute();
}

function factorRows({ account, app, backup }: Belongings) {
  const { id, secondFactors } = account;
  if (app === undefined && backup === undefined && !secondFactors.email && !secondFactors.passkeyAlone) return [];
  return [
    {
      account_id: id,
      app_secret: app?.sealedSecret ?? null,
      backup_salt: backup?.salt ?? null,
      json_backup_codes: JSON.stringify(backup?.hashes ?? []),
      email_on: secondFactors.email ? 1 : 0,
      passkey_alone: secondFactors.passkeyAlone ? 1 : 0,
    },
  ];
}

function passkeyRows({ account, passkeys }: Belongings): Schema['passkeys'][] {
  return passkeys.map((key) => ({
    id: key.id,
    account_id: account.id,
    name: key.name,
    public_key: key.publicKey,
    sign_count: key.signCount,
    json_transports: JSON.stringify(key.transports),
    backed_up: key.backedUp ? 1 : 0,
    created_at: key.createdAt,
    used_at: key.usedAt ?? null,
  }));
}

function identityRows({ account, identities }: Belongings): Schema['identities'][] {
  return identities.map(({ provider, subject, facts }) => ({
    provider,
    subject,
    account_id: account.id,
    json_facts: JSON.stringify(facts),
    linked_at: account.createdAt,
    used_at: null,
    seen_at: null,
    shut_at: null,
  }));
}
