import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { Account } from '../../core/account/account.ts';
import { foldName } from '../../core/account/names.ts';
import {
  type AccountFilter,
  type AccountPage,
  type AccountSortField,
  mostFound,
  type SearchField,
} from '../../core/account/store.ts';
import { accountColumns, accountOf, accountParts } from './account-row.ts';
import type { SqlDialect } from './dialect.ts';
import type { Schema } from './schema.ts';

/** Accounts with all that stands in other tables. */
export function accountsIn(db: Kysely<Schema>, dialect: SqlDialect) {
  return db.selectFrom('accounts as a').select(accountColumns).select(accountParts(dialect));
}

/** One page of the accounts that fit, and how many fit. */
export async function listAccounts(
  read: Kysely<Schema>,
  dialect: SqlDialect,
  page: AccountPage,
): Promise<{ accounts: Account[]; total: number }> {
  const { only = {} } = page;
  const isFiltered = only.search === undefined && Object.values(only).some((wanted) => wanted !== undefined);
  if (!isFiltered) {
    const [accounts, total] = await Promise.all([pageOf(read, dialect, page, 'filter'), totalOf(read, page)]);
    return { accounts, total };
  }
  // How many fit says which way to them is short.
  const total = await totalOf(read, page);
  return { accounts: await pageOf(read, dialect, page, total <= few ? 'filter' : 'order'), total };
}

/** So many accounts are sorted in no time. */
const few = 2_000;

/**
 * What leads to the accounts that fit: an index of what is asked of them, or the one in whose order they are shown, where
 * what is asked is only looked at. The databases choose badly here, since few and many look the same to them.
 */
type Way = 'filter' | 'order';

async function totalOf(read: Kysely<Schema>, page: AccountPage): Promise<number> {
  const { email, only: { roles, ...others } = {} } = page;
  const isOfRoles = email === undefined && roles !== undefined;
  const counted =
    isOfRoles && Object.values(others).every((wanted) => wanted === undefined)
      ? holdersOf(read, roles).select((eb) => eb.fn.count<number>('r.account_id').distinct().as('total'))
      : fitting(read, page, 'filter').select(({ fn }) => fn.countAll<number>().as('total'));
  return (await counted.executeTakeFirst())?.total ?? 0;
}

async function pageOf(read: Kysely<Schema>, dialect: SqlDialect, page: AccountPage, way: Way): Promise<Account[]> {
  const orders = ordersOf(page.sort);
  // The page is cut by an index alone; only its own accounts are then read whole.
  let ids = fitting(read, page, way).select('a.id');
  for (const order of orders) ids = ids.orderBy(order);
  // SQLite knows no offset without a limit, and PostgreSQL no limit that means all.
  ids = ids.limit(page.count === 0 ? everything : page.count).offset(page.offset);
  let rows = accountsIn(read, dialect).where('a.id', 'in', read.selectFrom(ids.as('page')).select('page.id'));
  for (const order of orders) rows = rows.orderBy(order);
  return (await rows.execute()).map(accountOf);
}

const everything = 2 ** 31;

type Accounts = SelectQueryBuilder<{ a: Schema['accounts'] }, 'a', object>;

function accountsOf(read: Kysely<Schema>): Accounts {
  return read.selectFrom('accounts as a') as Accounts;
}

function fitting(read: Kysely<Schema>, { email, only = {}, sort }: AccountPage, way: Way) {
  let accounts = accountsOf(read);
  if (email !== undefined) {
    const owner = read.selectFrom('account_emails').select('account_id').where('address_key', '=', foldName(email));
    accounts = accounts.where('a.id', 'in', owner);
  }
  const { search } = only;
  // What is found is so little that the filters need not be asked again, and any order is cheap.
  if (search !== undefined) return accounts.where('a.id', 'in', found(read, search, only));
  // The index of open accounts is in the order of usernames, too.
  return filtered(read, accounts, only, { way, byOpen: (sort[0]?.field ?? 'username') === 'username' });
}

function filtered(
  read: Kysely<Schema>,
  all: Accounts,
  only: AccountFilter,
  { way, byOpen }: { readonly way: Way; readonly byOpen: boolean },
): Accounts {
  let accounts = all;
  const { open, closedBecause, hasLoggedIn, kind, roles, except = [] } = only;
  // No index is of a sum: so the database walks the one that it is meant to.
  const number = (column: 'a.open' | 'a.last_log_in_at', isIndexed: boolean) =>
    isIndexed ? sql<number>`${sql.ref(column)}` : sql<number>`(${sql.ref(column)} + 0)`;
  const isOpen = closedBecause === undefined ? open : false;
  if (isOpen !== undefined) {
    accounts = accounts.where(number('a.open', way === 'filter' || byOpen), '=', isOpen ? 1 : 0);
  }
  if (closedBecause === 'untold') {
    // Clients know no word for what a directory closed.
    accounts = accounts.where(({ or, eb }) =>
      or([eb('a.closed_because', 'is', null), eb('a.closed_because', '=', 'directory')]),
    );
  }
  if (closedBecause !== undefined && closedBecause !== 'untold') {
    accounts = accounts.where('a.closed_because', '=', closedBecause);
  }
  if (hasLoggedIn !== undefined) {
    accounts = accounts.where(number('a.last_log_in_at', way === 'filter'), hasLoggedIn ? '>' : '=', 0);
  }
  if (kind !== undefined) accounts = accounts.where('a.kind', '=', kind);
  if (except.length > 0) accounts = accounts.where('a.id', 'not in', except);
  if (roles === undefined) return accounts;
  const holders = holdersOf(read, roles);
  if (way === 'filter') return accounts.where('a.id', 'in', holders.select('r.account_id'));
  return accounts.where(({ exists }) => exists(holders.select('r.role_id').where(sql<boolean>`r.account_id = a.id`)));
}

function holdersOf(read: Kysely<Schema>, roles: readonly string[]) {
  const all = read.selectFrom('account_roles as r');
  return roles.length === 0 ? all.where(sql<boolean>`1 = 0`) : all.where('r.role_id', 'in', roles);
}

type Ids = SelectQueryBuilder<Schema, never, { id: string }>;

function found(read: Kysely<Schema>, search: NonNullable<AccountFilter['search']>, only: AccountFilter): Ids {
  const from = foldName(search.term);
  // No character stands behind this one.
  const to = `${from}\u{10FFFF}`;
  const all = (): Accounts => filtered(read, accountsOf(read), only, { way: 'order', byOpen: false });
  const by: Readonly<Record<SearchField, () => Ids>> = {
    username: () => first(all().where('a.username_key', '>=', from).where('a.username_key', '<', to), 'a.username_key'),
    name: () => first(all().where('a.name_key', '>=', from).where('a.name_key', '<', to), 'a.name_key'),
    email: () => {
      const owners = read
        .selectFrom('account_emails as e')
        .select('e.account_id')
        .where('e.address_key', '>=', from)
        .where('e.address_key', '<', to)
        .orderBy('e.address_key')
        .limit(mostFound);
      const ids = read.selectFrom(owners.as('o')).select('o.account_id');
      return all().where('a.id', 'in', ids).select('a.id') as unknown as Ids;
    },
  };
  const [some, ...more] = search.fields.map((field) => by[field]());
  let union = some ?? first(all().where(sql<boolean>`1 = 0`), 'a.username_key');
  for (const other of more) union = union.union(other);
  return union;

  function first(matching: Accounts, column: 'a.username_key' | 'a.name_key'): Ids {
    const ids = matching.select('a.id').orderBy(column).limit(mostFound);
    return read.selectFrom(ids.as('f')).select('f.id') as unknown as Ids;
  }
}

const sortColumns: Readonly<Record<AccountSortField, string>> = {
  username: 'a.username_key',
  name: 'a.name_key',
  createdAt: 'a.created_at',
  lastLogInAt: 'a.last_log_in_at',
  open: 'a.open',
};

/**
 * Ties are broken by username in the direction of the last field, so that one index gives the whole order. Accounts
 * without a username come first going up and last going down, on either database.
 */
function ordersOf(sort: AccountPage['sort']) {
  const last = sort.at(-1)?.ascending ?? true;
  const named = sort.some(({ field }) => field === 'username');
  const fields = named ? sort : [...sort, { field: 'username', ascending: last } as const];
  const order = (column: string, ascending: boolean) =>
    ascending ? sql`${sql.ref(column)} asc nulls first` : sql`${sql.ref(column)} desc nulls last`;
  return [...fields.map(({ field, ascending }) => order(sortColumns[field], ascending)), order('a.id', last)];
}
