// What a page of the lists of people, and of their sessions, costs at 100,000 accounts and 200,000 sessions: the first one, a
// deep one, and beside 1,000 accounts.

import { join } from 'node:path';
import type { AccountPage } from '../src/core/account/store.ts';
import { type Bench, runBench } from './measure/bench.ts';
import { median, noiseOf } from './measure/figures.ts';
import { type Ground, openGround } from './measure/ground.ts';
import { newFolder } from './measure/stores.ts';

/** A page of the administration screens, and what is promised of it. */
interface Listed {
  readonly what: string;
  readonly page: Partial<AccountPage> | 'sessions' | 'personal tokens';
  /** Undefined where there are no deep pages, since a search finds so many and no more. */
  readonly deep: { readonly most: number } | undefined;
  /** Milliseconds of the first page. */
  readonly mostMs: number;
}

const search = (term: string) => ({ search: { term, fields: ['username', 'name', 'email'] as const } });

const lists: readonly Listed[] = [
  { what: 'users.list', page: {}, deep: { most: 8 }, mostMs: 15 },
  {
    what: 'users.list, the last to sign in first',
    page: { sort: [{ field: 'lastLogInAt', ascending: false }] },
    deep: { most: 8 },
    mostMs: 15,
  },
  { what: 'listByStatus, the open ones', page: { only: { open: true } }, deep: { most: 8 }, mostMs: 25 },
  { what: 'listByStatus, the closed ones', page: { only: { open: false } }, deep: undefined, mostMs: 15 },
  {
    what: 'listByStatus, by name, never signed in',
    page: { only: { hasLoggedIn: false }, sort: [{ field: 'name', ascending: true }] },
    deep: { most: 8 },
    mostMs: 60,
  },
  {
    what: 'listByStatus, of a role that all hold',
    page: { only: { roles: ['user'] } },
    deep: { most: 8 },
    mostMs: 100,
  },
  { what: 'listByStatus, of a role that few hold', page: { only: { roles: ['admin'] } }, deep: undefined, mostMs: 15 },
  { what: 'search that finds ten', page: { only: search('user.9999') }, deep: undefined, mostMs: 15 },
  { what: 'search that all fit', page: { only: search('user') }, deep: undefined, mostMs: 60 },
  {
    what: 'autocomplete',
    page: { count: 10, only: { open: true, ...search('user.7') } },
    deep: undefined,
    mostMs: 60,
  },
  { what: 'sessions/list.all', page: 'sessions', deep: { most: 8 }, mostMs: 25 },
  { what: 'personalTokens.list.all', page: 'personal tokens', deep: undefined, mostMs: 15 },
];

const count = 50;

/** Asks for a part of a list. @returns how many there are in all */
async function ask({ app, store }: Ground, page: Listed['page'], offset: number): Promise<number> {
  if (typeof page === 'object') {
    return (await app.account.list({ offset, count, sort: [], ...page })).total;
  }
  const of = page === 'sessions' ? 'sessions' : 'personal';
  const asked = { accountId: undefined, ascending: false, offset, count };
  return (await store.tokens.page(of, asked, app.clock.now())).total;
}

/** Rounds in turn, so that a slow moment meets all of them. */
async function measure(bench: Bench, few: Ground, many: Ground, { what, page, deep, mostMs }: Listed): Promise<void> {
  const total = await ask(many, page, 0);
  const last = Math.max(0, total - count);
  const times: { few: number[]; many: number[]; deep: number[] } = { few: [], many: [], deep: [] };
  const rounds = bench.short ? 3 : 15;
  for (let round = -1; round < rounds; round += 1) {
    const one = await few.time(3, async () => await ask(few, page, 0));
    const two = await many.time(3, async () => await ask(many, page, 0));
    const three = deep === undefined ? two : await many.time(3, async () => await ask(many, page, last));
    // The first one warms up.
    if (round < 0) continue;
    times.few.push(one);
    times.many.push(two);
    times.deep.push(three);
  }
  bench.figure(`${what}: among 1,000`, median(times.few) * 1000, 'ms');
  bench.promise(`${what}: first page`, median(times.many) * 1000, 'ms', { most: mostMs });
  bench.figure(`${what}: beside 1,000`, median(times.many) / median(times.few), '×');
  bench.figure(`${what}: spread`, noiseOf(times.many), '');
  if (deep === undefined) return;
  bench.figure(`${what}: last page`, median(times.deep) * 1000, 'ms');
  bench.promise(`${what}: last page beside the first`, median(times.deep) / median(times.many), '×', deep);
}

await runBench('list-pages', async (bench) => {
  const accounts = bench.short ? 20_000 : 100_000;
  const little = await newFolder({ accounts: 1_000, tokens: 2_000 });
  bench.atEnd(little.remove);
  const much = await newFolder({ accounts, tokens: 2 * accounts }, true);
  bench.atEnd(much.remove);
  bench.note(`Pages of 50 with the number of all, in this process, of 1,000 and of ${accounts} accounts in turn.`);
  const few = await openGround(join(little.folder, 'countersign.db'));
  bench.atEnd(few.close);
  const many = await openGround(join(much.folder, 'countersign.db'));
  bench.atEnd(many.close);
  for (const list of lists) await measure(bench, few, many, list);
});
