// Sign-ins with a password over REST and over sockets, beside the raw rate of their hash on all cores.
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { Load } from './load/load.ts';
import { passwordLogIn, realtimePassword } from './load/wire.ts';
import { runBench } from './measure/bench.ts';
import { median, noiseOf } from './measure/figures.ts';
import { cpuSecondsOf, startBaseline, unpin } from './measure/process.ts';
import { startProduct } from './measure/product.ts';
import { newFolder, passwordDigest, storedPassword } from './measure/stores.ts';

const accounts = 2_000;
/** Enough to keep every core busy, and few enough that nobody is refused. */
const inFlight = 8;

async function rawRate(port: number, seconds: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: `/${seconds}` }, (response) => {
      text(response).then((body) => {
        resolve(Number(body));
      }, reject);
    }).on('error', reject);
  });
}

await runBench('password-logins', async (bench) => {
  const { folder, remove } = await newFolder({ accounts, tokens: 0 });
  bench.atEnd(remove);
  const product = await startProduct({ folder, cores: 'all' });
  bench.atEnd(product.stop);
  const raw = await startBaseline(new URL('./baseline/raw-hash.ts', import.meta.url), {
    stored: await storedPassword(),
    digest: passwordDigest,
    inFlight,
  });
  bench.atEnd(raw.stop);
  unpin(raw.pid);
  const load = new Load();
  bench.atEnd(() => {
    load.stop();
  });
  const { port } = product;
  const people = Array.from({ length: accounts }, (_, n) => n);
  const requests = people.map(passwordLogIn);
  const logins = people.map(realtimePassword);
  const overRest = async (seconds: number): Promise<number> => {
    const result = await load.do('requests', { port, requests, connections: inFlight, seconds });
    const done = result.answers.find(({ status }) => status === 200)?.count ?? 0;
    const refused = result.answers.filter(({ status }) => status !== 200);
    if (refused.length > 0) throw new Error(`Log-ins were refused: ${refused.map(({ status }) => status).join(', ')}`);
    return done / result.seconds;
  };
  const overSockets = async (seconds: number): Promise<number> => {
    const { done, failures, seconds: took } = await load.do('sign-ins', { port, logins, atOnce: inFlight, seconds });
    if (failures.length > 0) throw new Error(`Log-ins were refused: ${failures[0] ?? ''}`);
    return done / took;
  };

  bench.note(
    `${inFlight} at a time, all on every core, in turn; the load takes its share of the cores from the server.`,
  );
  const [rounds, seconds] = bench.short ? [2, 0.6] : [11, 2];
  await rawRate(raw.port, 0.3);
  // At some hundred sign-ins a second it takes a while until the code of the server is compiled, here as anywhere.
  const warmUp = bench.short ? 0.5 : 8;
  await overRest(warmUp);
  await overSockets(warmUp);
  const rates = { raw: [] as number[], rest: [] as number[], sockets: [] as number[] };
  // Processor time of one hash and of one sign-in: what others take from the cores does not change it.
  const cpu = { raw: [] as number[], rest: [] as number[], sockets: [] as number[] };
  const spentBy = async (pid: number, rate: () => Promise<number>, into: number[]): Promise<number> => {
    const before = cpuSecondsOf(pid);
    const startedAt = performance.now();
    const found = await rate();
    into.push(((cpuSecondsOf(pid) - before) / (found * ((performance.now() - startedAt) / 1000))) * 1000);
    return found;
  };
  for (let round = 0; round < rounds; round += 1) {
    // The raw rate stands between the two others, so that a slow moment meets all three.
    rates.rest.push(await spentBy(product.pid, async () => await overRest(seconds), cpu.rest));
    rates.raw.push(await spentBy(raw.pid, async () => await rawRate(raw.port, seconds), cpu.raw));
    rates.sockets.push(await spentBy(product.pid, async () => await overSockets(seconds), cpu.sockets));
  }
  bench.figure('raw hash, median', median(rates.raw), 'hashes/s');
  bench.figure('over REST, median', median(rates.rest), 'sign-ins/s');
  bench.figure('over sockets, a new one each, median', median(rates.sockets), 'sign-ins/s');
  bench.figure('processor of one raw hash, median', median(cpu.raw), 'ms');
  bench.figure('processor of a sign-in over REST, median', median(cpu.rest), 'ms');
  bench.figure('processor of a sign-in over sockets, median', median(cpu.sockets), 'ms');
  const perCore = (own: readonly number[]): number => median(own.map((spent, n) => (cpu.raw[n] ?? spent) / spent));
  bench.figure('sign-ins a core-second over REST, beside the raw hash', perCore(cpu.rest), '×');
  bench.figure('sign-ins a core-second over sockets, beside the raw hash', perCore(cpu.sockets), '×');
  bench.figure('spread of the raw rate', noiseOf(rates.raw), '');
  const besideRaw = (own: readonly number[]): number => median(own.map((rate, n) => rate / (rates.raw[n] ?? rate)));
  bench.promise('over REST, beside the raw hash', besideRaw(rates.rest), '×', { least: 0.8 });
  bench.promise('over sockets, beside the raw hash', besideRaw(rates.sockets), '×', { least: 0.7 });
});
