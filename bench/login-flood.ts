// Token checks while far more people sign in than can be served, and what becomes of those who sign in.
import type { RequestResult } from './load/jobs.ts';
import { Load } from './load/load.ts';
import { passwordLogIn, tokenCheckOf } from './load/wire.ts';
import { type Bench, runBench } from './measure/bench.ts';
import { median, quantile } from './measure/figures.ts';
import { startProduct } from './measure/product.ts';
import { newFolder } from './measure/stores.ts';

const accounts = 4_000;
const overload = 5;

interface Loads {
  readonly checks: Load;
  readonly logIns: Load;
}

/** Token checks as they come from the world: at a rate, answered or not. */
async function checkTokens(load: Load, port: number, seconds: number): Promise<readonly number[]> {
  const requests = Array.from({ length: 500 }, (_, n) => tokenCheckOf(n));
  const result = await load.do('requests', { port, requests, connections: 200, rate: 400, seconds });
  const [only] = result.answers;
  if (result.answers.length !== 1 || only?.status !== 200 || result.broken + result.unsent > 0) {
    throw new Error(`A token check failed: ${JSON.stringify(result).slice(0, 200)}`);
  }
  return only.latencies;
}

/** The most sign-ins a second, with no more at a time than are answered soon. */
async function peakOf({ logIns }: Loads, port: number, requests: readonly string[], seconds: number): Promise<number> {
  const result = await logIns.do('requests', { port, requests, connections: 8, seconds, addresses: 200 });
  return (result.answers.find(({ status }) => status === 200)?.count ?? 0) / result.seconds;
}

function tellFlood(bench: Bench, floods: readonly RequestResult[], peaks: readonly number[], seconds: number): void {
  const of = (wanted: (status: number) => boolean) =>
    floods.flatMap(({ answers }) => answers.filter(({ status }) => wanted(status)));
  const count = (answers: RequestResult['answers']): number => answers.reduce((sum, one) => sum + one.count, 0);
  const [done, refused, others] = [
    of((status) => status === 200),
    of((status) => status === 503),
    of((status) => status !== 200 && status !== 503),
  ];
  const silent = refused.reduce((sum, one) => sum + one.withoutRetryAfter, 0);
  const broken = floods.reduce((sum, one) => sum + one.broken + one.unsent, 0);
  bench.figure('under overload: signed in', count(done) / (seconds * floods.length), 'sign-ins/s');
  bench.figure('under overload: refused', count(refused) / (seconds * floods.length), 'refusals/s');
  bench.figure(
    'under overload: sign-in, p99',
    quantile(
      done.flatMap(({ latencies }) => latencies),
      0.99,
    ),
    'ms',
  );
  const goodput = floods.map(({ answers, seconds: took }, n) => {
    const rate = (answers.find(({ status }) => status === 200)?.count ?? 0) / took;
    return rate / (peaks[n] ?? rate);
  });
  bench.promise(`goodput at ${overload} times the peak, beside the peak`, median(goodput), '×', { least: 0.9 });
  const waits = refused.flatMap(({ latencies }) => latencies);
  bench.promise('refusals, p99', quantile(waits, 0.99), 'ms', { most: 50 });
  bench.promise('refusals without Retry-After', silent, '', { most: 0 });
  bench.promise('answers that are neither, and connections without one', count(others) + broken, '', { most: 0 });
}

await runBench('login-flood', async (bench) => {
  const { folder, remove } = await newFolder({ accounts, tokens: accounts });
  bench.atEnd(remove);
  const { port, stop } = await startProduct({ folder, cores: 'all' });
  bench.atEnd(stop);
  const loads: Loads = { checks: new Load(), logIns: new Load() };
  bench.atEnd(() => {
    loads.checks.stop();
    loads.logIns.stop();
  });
  const requests = Array.from({ length: accounts }, (_, n) => passwordLogIn(n));
  const [rounds, seconds] = bench.short ? [1, 1.5] : [5, 5];
  bench.note('The server uses every core, so the flood, the checks and their clients all compete for them.');
  await checkTokens(loads.checks, port, 1);
  await peakOf(loads, port, requests, 1);

  const [unloaded, flooded]: [number[], number[]] = [[], []];
  const [peaks, floods]: [number[], RequestResult[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    unloaded.push(quantile(await checkTokens(loads.checks, port, seconds), 0.99));
    // With the checks beside it, as in the flood: what they take is no loss by the flood.
    const [peak] = await Promise.all([
      peakOf(loads, port, requests, seconds),
      checkTokens(loads.checks, port, seconds),
    ]);
    peaks.push(peak);
    const flood = { port, requests, connections: 2_000, rate: overload * peak, seconds, addresses: 200 };
    const [result, latencies] = await Promise.all([
      loads.logIns.do('requests', flood),
      checkTokens(loads.checks, port, seconds),
    ]);
    floods.push(result);
    flooded.push(quantile(latencies, 0.99));
  }
  bench.figure('peak of sign-ins, median', median(peaks), 'sign-ins/s');
  bench.figure('token check unloaded, p99, median', median(unloaded), 'ms');
  const [before, during] = [median(unloaded), median(flooded)];
  bench.figure('token check under the flood beside unloaded, p99', during / before, '×');
  const held = during <= 2 * before || during <= 40;
  bench.promiseEither('token check under the flood, p99', during, 'ms', held, 'at most 2 × unloaded, or 40 ms');
  tellFlood(bench, floods, peaks, seconds);
});
