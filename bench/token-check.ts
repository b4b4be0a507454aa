// What `GET /api/v1/me` costs beside better-auth's session check and beside the least that it could cost.

import type { RequestResult } from './load/jobs.ts';
import { Load } from './load/load.ts';
import { request, tokenCheckOf } from './load/wire.ts';
import { type Bench, runBench } from './measure/bench.ts';
import { median, noiseOf } from './measure/figures.ts';
import { cpuSecondsOf, pinning, startBaseline } from './measure/process.ts';
import { startProduct } from './measure/product.ts';
import { accountIdOf, newFolder, tokenTextOf } from './measure/stores.ts';

const people = 1_000;

interface Contender {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly requests: readonly string[];
}

/** One window of load on one server. */
interface Window {
  readonly rate: number;
  readonly cpuMicros: number;
  readonly busy: number;
}

async function window(load: Load, contender: Contender, seconds: number): Promise<Window> {
  const before = cpuSecondsOf(contender.pid);
  const result = await load.do('requests', { ...contender, connections: 50, seconds });
  const cpu = cpuSecondsOf(contender.pid) - before;
  const done = answered(result, contender.name);
  return { rate: done / result.seconds, cpuMicros: (cpu / done) * 1e6, busy: cpu / result.seconds };
}

function answered(result: RequestResult, name: string): number {
  const [only] = result.answers;
  if (result.answers.length !== 1 || only?.status !== 200 || result.broken > 0) {
    throw new Error(`${name} did not answer every request: ${JSON.stringify(result).slice(0, 300)}`);
  }
  return only.count;
}

async function contendersOf(bench: Bench, load: Load): Promise<readonly Contender[]> {
  const { folder, remove } = await newFolder({ accounts: people, tokens: people });
  bench.atEnd(remove);
  const product = await startProduct({ folder });
  bench.atEnd(product.stop);
  const requests = Array.from({ length: people }, (_, n) => tokenCheckOf(n));
  const once = { port: product.port, requests, connections: 1, seconds: 0.5 };
  const bytes = (await load.do('requests', once)).answers[0]?.bytes ?? 0;
  bench.figure('size of an answer, head and body', bytes, 'bytes');
  const known = Array.from({ length: people }, (_, n) => ({ accountId: accountIdOf(n), token: tokenTextOf(n) }));
  // The bare server writes fewer headers, and makes up for them in the body.
  const bare = await startBaseline(new URL('./baseline/bare-http.ts', import.meta.url), {
    people: known,
    bodyBytes: bytes - 170,
  });
  bench.atEnd(bare.stop);
  const better = await startBaseline(new URL('./baseline/better-auth.ts', import.meta.url), { accounts: 20 });
  bench.atEnd(better.stop);
  return [
    { name: 'countersign', port: product.port, pid: product.pid, requests },
    { name: 'bare node:http', port: bare.port, pid: bare.pid, requests },
    {
      name: 'better-auth',
      port: better.port,
      pid: better.pid,
      requests: (better.tokens ?? []).map((token) =>
        request('GET /api/auth/get-session', [`Authorization: Bearer ${token}`]),
      ),
    },
  ];
}

await runBench('token-check', async (bench) => {
  const load = new Load();
  bench.atEnd(() => {
    load.stop();
  });
  bench.note(`Rounds of all three in turn; ${pinning}.`);
  const contenders = await contendersOf(bench, load);
  const [rounds, seconds] = bench.short ? [2, 0.5] : [9, 2];
  for (const contender of contenders) await window(load, contender, bench.short ? 0.5 : 3);
  const windows = contenders.map((): Window[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [n, contender] of contenders.entries()) windows[n]?.push(await window(load, contender, seconds));
  }
  for (const [n, { name }] of contenders.entries()) {
    const all = windows[n] ?? [];
    bench.figure(`${name}: best of ${rounds} windows`, Math.max(...all.map(({ rate }) => rate)), 'requests/s');
    bench.figure(`${name}: processor, median`, median(all.map(({ cpuMicros }) => cpuMicros)), 'µs/request');
    bench.figure(`${name}: share of its core used, median`, median(all.map(({ busy }) => busy)), '');
    bench.figure(`${name}: spread of the processor figure`, noiseOf(all.map(({ cpuMicros }) => cpuMicros)), '');
  }
  const [own = [], bare = [], better = []] = windows;
  const ratio = (other: readonly Window[], of: (one: Window, two: Window) => number): number =>
    median(own.map((one, n) => of(one, other[n] ?? one)));
  bench.figure(
    'rate beside bare node:http',
    ratio(bare, (one, two) => one.rate / two.rate),
    '×',
  );
  bench.figure(
    'rate beside better-auth',
    ratio(better, (one, two) => one.rate / two.rate),
    '×',
  );
  // What a core could answer if it did nothing else: other work on the machine does not change it.
  const perCore = (one: Window, two: Window): number => two.cpuMicros / one.cpuMicros;
  bench.promise('requests a core-second, beside better-auth', ratio(better, perCore), '×', { least: 12 });
  bench.promise('requests a core-second, beside bare node:http', ratio(bare, perCore), '×', { least: 0.6 });
});
