// What it costs that an account has 10,000 live tokens, and that a table holds a million of them.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { verify } from '@node-rs/argon2';
import type { AccountSortField } from '../src/core/account/store.ts';
import type { Caller } from '../src/core/ports.ts';
import { addresses, addressOf } from './load/jobs.ts';
import { Load } from './load/load.ts';
import { resume, tokenCheck, tokenCheckOf } from './load/wire.ts';
import { type Bench, runBench } from './measure/bench.ts';
import { median, noiseOf } from './measure/figures.ts';
import { type Ground, openGround } from './measure/ground.ts';
import { cpuSecondsOf } from './measure/process.ts';
import { type Product, startProduct } from './measure/product.ts';
import {
  accountIdOf,
  firstHeavyToken,
  heavyAccount,
  newFolder,
  passwordDigest,
  storedPassword,
  tokenTextOf,
  usernameOf,
} from './measure/stores.ts';

const caller: Caller = { door: 'ddp', address: '127.0.0.1', userAgent: 'countersign-bench', requestId: 'bench' };

/** An act where there is little and where there is much. */
interface Pair {
  readonly what: string;
  readonly little: (n: number) => Promise<unknown>;
  readonly much: (n: number) => Promise<unknown>;
}

interface Grounds {
  readonly little: Ground;
  readonly much: Ground;
}

/**
 * @param beside seconds that the whole act takes besides, the same for both: its door, or its hash
 * @param mostMicros judged by how many µs more it takes where there is much, and not by the share of the whole
 * @param batch so often in a row, so that what is timed is longer than the clock is coarse
 */
async function compare(
  bench: Bench,
  { little, much }: Grounds,
  pair: Pair,
  { beside, batch, times, mostMicros }: { beside: number; batch: number; times: number; mostMicros?: number },
): Promise<void> {
  const [few, many]: [number[], number[]] = [[], []];
  for (let n = -Math.ceil(times / 5); n < times; n += 1) {
    const from = Math.abs(n) * batch;
    const one = await little.time(batch, async (k) => await pair.little(from + k));
    const two = await much.time(batch, async (k) => await pair.much(from + k));
    // The first ones warm up.
    if (n < 0) continue;
    few.push(one);
    many.push(two);
  }
  bench.figure(`${pair.what}: where there is one`, median(few) * 1e6, 'µs');
  bench.figure(`${pair.what}: where there are many`, median(many) * 1e6, 'µs');
  bench.figure(`${pair.what}: what it stands beside`, beside * 1e6, 'µs');
  bench.figure(`${pair.what}: spread`, Math.max(noiseOf(few), noiseOf(many)), '');
  const whole = (median(many) + beside) / (median(few) + beside);
  if (mostMicros === undefined) {
    bench.promise(`${pair.what}: whole`, whole, '×', { most: 1.05 });
    return;
  }
  bench.figure(`${pair.what}: whole`, whole, '×');
  bench.promise(`${pair.what}: more`, (median(many) - median(few)) * 1e6, 'µs', { most: mostMicros });
}

function mustHold(signed: object | undefined): void {
  if (signed === undefined) throw new Error('A token of the fixture is not there.');
}

function pairsOf({ little, much }: Grounds, tokens: number, tokensOfOne: number) {
  // Far apart, and more than the database keeps in its own memory; the warm-up brings them into the host's.
  const any = (n: number): number => ((n % 2_000) * 7919) % tokens;
  const heavyNumber = (n: number): number => firstHeavyToken + ((n * 7919) % tokensOfOne);
  const heavy = (n: number): string => tokenTextOf(heavyNumber(n));
  const check = async (ground: Ground, account: number, text: string): Promise<void> => {
    mustHold(await ground.app.session.authenticate(accountIdOf(account), text));
  };
  const continued = async (ground: Ground, token: number): Promise<void> => {
    const from = { ...caller, address: addressOf(token % addresses) };
    mustHold(await ground.app.session.resume(tokenTextOf(token), from));
  };
  const logIn = async (ground: Ground, account: number): Promise<void> => {
    const claim = { by: 'username', value: usernameOf(account) } as const;
    await ground.app.session.logIn(claim, { digest: passwordDigest }, caller);
  };
  const one = tokenTextOf(0);
  return {
    checks: [
      {
        what: 'token check not in memory, a table of many',
        little: async () => await check(little, 0, one),
        much: async (n: number) => await check(much, any(n), tokenTextOf(any(n))),
      },
      {
        what: 'token check not in memory, an account of many',
        little: async () => await check(little, 0, one),
        much: async (n: number) => await check(much, heavyAccount, heavy(n)),
      },
    ],
    resumes: [
      {
        what: 'resume, a table of many',
        little: async () => await continued(little, 0),
        much: async (n: number) => await continued(much, any(n)),
      },
      {
        what: 'resume, an account of many',
        little: async () => await continued(little, 0),
        much: async (n: number) => await continued(much, heavyNumber(n)),
      },
    ],
    logIns: [
      {
        what: 'log-in, a table of many',
        little: async () => await logIn(little, 0),
        much: async (n: number) => await logIn(much, heavyAccount + 1 + any(n)),
      },
      {
        what: 'log-in, an account of many',
        little: async () => await logIn(little, 0),
        much: async () => await logIn(much, heavyAccount),
      },
    ],
  };
}

/** Processor seconds that one token check in memory takes over HTTP, of both servers in turn. */
async function overHttp(bench: Bench, products: readonly Product[], requests: readonly string[][]): Promise<number> {
  const load = new Load();
  const spent = products.map((): number[] => []);
  try {
    const [rounds, seconds] = bench.short ? [2, 0.4] : [9, 1.5];
    for (let round = -1; round < rounds; round += 1) {
      for (const [n, { port, pid }] of products.entries()) {
        const before = cpuSecondsOf(pid);
        const ask = { port, requests: requests[n] ?? [], connections: 50, seconds };
        const { answers } = await load.do('requests', ask);
        if (answers.length !== 1 || answers[0]?.status !== 200) throw new Error('A token check was refused.');
        if (round >= 0) spent[n]?.push((cpuSecondsOf(pid) - before) / answers[0].count);
      }
    }
  } finally {
    load.stop();
  }
  const [few = [], table = [], account = []] = spent;
  const beside = (own: readonly number[]): number => median(own.map((one, n) => one / (few[n] ?? one)));
  bench.figure('token check over HTTP: processor where there is one', median(few) * 1e6, 'µs');
  bench.promise('token check over HTTP, a table of many', beside(table), '×', { most: 1.05 });
  bench.promise('token check over HTTP, an account of many', beside(account), '×', { most: 1.05 });
  return median(few);
}

/** Processor seconds that a resume on a new socket takes, while its token is in memory. */
async function overSockets(bench: Bench, { port, pid }: Product): Promise<number> {
  const load = new Load();
  const spent: number[] = [];
  try {
    const [rounds, seconds] = bench.short ? [2, 0.4] : [7, 1.5];
    for (let round = -2; round < rounds; round += 1) {
      const before = cpuSecondsOf(pid);
      const ask = { port, logins: [resume(0)], atOnce: 32, seconds, neverSleeps: true };
      const { done, failures } = await load.do('sign-ins', ask);
      if (failures.length > 0) throw new Error(`A resume failed: ${failures[0] ?? ''}`);
      if (round >= 0) spent.push((cpuSecondsOf(pid) - before) / done);
    }
  } finally {
    load.stop();
  }
  return median(spent);
}

const sortable: readonly AccountSortField[] = ['username', 'name', 'createdAt', 'lastLogInAt', 'open'];

/** Every order of the list must come out of an index: asked of the database itself, since time is a matter of size. */
async function listPages(bench: Bench, { much }: Grounds, file: string): Promise<void> {
  const database = new DatabaseSync(file, { readOnly: true });
  let sorted = 0;
  const times: number[] = [];
  for (const field of sortable) {
    for (const ascending of [true, false]) {
      much.statements();
      const page = { offset: 0, count: 50, sort: [{ field, ascending }] };
      await much.app.account.list(page);
      for (const sql of much.statements()) if (sortsTable(database, sql)) sorted += 1;
      times.push(await much.time(bench.short ? 1 : 5, async () => await much.app.account.list(page)));
    }
  }
  database.close();
  bench.figure('a page of 50 accounts with the total, median of all orders', median(times) * 1000, 'ms');
  bench.figure('the slowest order', Math.max(...times) * 1000, 'ms');
  bench.promise('orders of the list that sort the table', sorted, '', { most: 0 });
}

/** A page of all sessions must be cut and counted by an index that holds all it asks: tokens are long. */
async function sessionPages(bench: Bench, { much }: Grounds, file: string, deep: number): Promise<void> {
  const database = new DatabaseSync(file, { readOnly: true });
  let readWhole = 0;
  for (const [what, offset] of [
    ['the first page of 50 sessions with the total', 0],
    ['a page of 50 sessions far down', deep],
  ] as const) {
    const page = { accountId: undefined, ascending: false, offset, count: 50 };
    much.statements();
    await much.app.host.sessions(page);
    for (const sql of much.statements()) {
      const steps = database.prepare(`explain query plan ${sql}`).all();
      if (steps.some(({ detail }) => /^SCAN t(?! USING COVERING INDEX)/u.test(String(detail)))) readWhole += 1;
    }
    bench.figure(
      what,
      (await much.time(bench.short ? 1 : 5, async () => await much.app.host.sessions(page))) * 1000,
      'ms',
    );
  }
  database.close();
  bench.promise('pages of sessions that read the table', readWhole, '', { most: 0 });
}

/** To put a page in order is no sort of the table, and neither is to order those that are equal in all but one term. */
function sortsTable(database: DatabaseSync, sql: string): boolean {
  const steps = database.prepare(`explain query plan ${sql}`).all();
  const sorts = steps.filter(({ detail }) => /TEMP B-TREE FOR ORDER BY/u.test(String(detail)));
  return sorts.some((sort) =>
    steps.some(({ parent, detail }) => parent === sort['parent'] && /^SCAN (?:a|accounts)\b/u.test(String(detail))),
  );
}

async function hashSeconds(times: number): Promise<number> {
  const stored = await storedPassword();
  const seconds: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const startedAt = performance.now();
    await verify(stored, passwordDigest);
    seconds.push((performance.now() - startedAt) / 1000);
  }
  return median(seconds);
}

await runBench('growth', async (bench) => {
  const [accounts, tokensOfOne] = bench.short ? [20_000, 1_000] : [1_000_000, 10_000];
  const one = await newFolder({ accounts: 1, tokens: 1 });
  bench.atEnd(one.remove);
  const many = await newFolder({ accounts, tokens: accounts, tokensOfOne }, true);
  bench.atEnd(many.remove);
  bench.note(`One account with one token, and ${accounts + tokensOfOne} tokens of ${accounts} accounts, in turn.`);

  const product = { little: await startProduct(one), much: await startProduct(many) };
  // One token each: that a thousand accounts are a larger working set than one is no growth of a table.
  const some = [tokenCheckOf(100)];
  const heavy = [tokenCheck(accountIdOf(heavyAccount), tokenTextOf(firstHeavyToken))];
  const door = await overHttp(bench, [product.little, product.much, product.much], [[tokenCheckOf(0)], some, heavy]);
  const socket = await overSockets(bench, product.little);
  await product.little.stop();
  await product.much.stop();

  const files = { little: join(one.folder, 'countersign.db'), much: join(many.folder, 'countersign.db') };
  const grounds = { little: await openGround(files.little), much: await openGround(files.much) };
  bench.atEnd(grounds.little.close);
  bench.atEnd(grounds.much.close);
  const { checks, resumes, logIns } = pairsOf(grounds, accounts - heavyAccount - 1, tokensOfOne);
  bench.note('In this process, beside what one check in memory takes over HTTP, and a resume in memory on a socket.');
  const reads = { batch: 50, times: bench.short ? 10 : 200 };
  for (const pair of checks) await compare(bench, grounds, pair, { ...reads, beside: door, mostMicros: 25 });
  for (const pair of resumes) await compare(bench, grounds, pair, { ...reads, beside: socket });
  bench.note('Log-ins without their hash, beside what the hash takes by itself.');
  const writes = { beside: await hashSeconds(bench.short ? 5 : 50), batch: 1, times: bench.short ? 20 : 300 };
  for (const pair of logIns) await compare(bench, grounds, pair, writes);
  await listPages(bench, grounds, files.much);
  await sessionPages(bench, grounds, files.much, accounts - 1_000);
});
