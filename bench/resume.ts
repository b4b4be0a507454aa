// Continuing a session on a new socket, beside a server that answers the same frames and looks at nothing.
import { Load } from './load/load.ts';
import { resume } from './load/wire.ts';
import { runBench } from './measure/bench.ts';
import { median, noiseOf, quantile } from './measure/figures.ts';
import { cpuSecondsOf, pinning, startBaseline } from './measure/process.ts';
import { startProduct } from './measure/product.ts';
import { newFolder } from './measure/stores.ts';

interface Window {
  readonly rate: number;
  readonly cpuMillis: number;
  readonly p99: number;
}

await runBench('resume', async (bench) => {
  // So many that none is still in memory when it comes again.
  const people = bench.short ? 2_000 : 60_000;
  const { folder, remove } = await newFolder({ accounts: people, tokens: people }, !bench.short);
  bench.atEnd(remove);
  const product = await startProduct({ folder });
  bench.atEnd(product.stop);
  const load = new Load();
  bench.atEnd(() => {
    load.stop();
  });
  const frames = await load.do('record', { port: product.port, login: resume(0) });
  const bytes = [...frames.greeting, ...frames.connected, ...frames.login].reduce((sum, one) => sum + one.length, 0);
  bench.figure('frames of a resume', frames.greeting.length + frames.connected.length + frames.login.length, '');
  bench.figure('size of these frames', bytes, 'bytes');
  const canned = await startBaseline(new URL('./baseline/canned-sockets.ts', import.meta.url), frames);
  bench.atEnd(canned.stop);
  bench.note(`Each on a new socket and for another account that is not in memory; ${pinning}.`);

  let next = 0;
  const window = async (server: { port: number; pid: number }, seconds: number): Promise<Window> => {
    const share = people / (bench.short ? 1 : 4);
    const logins = Array.from({ length: share }, (_, n) => resume((next + n) % people));
    next = (next + share) % people;
    const before = cpuSecondsOf(server.pid);
    const result = await load.do('sign-ins', { port: server.port, logins, atOnce: 32, seconds, neverSleeps: true });
    const cpu = cpuSecondsOf(server.pid) - before;
    if (result.failures.length > 0) throw new Error(`A resume failed: ${result.failures[0] ?? ''}`);
    const { done } = result;
    return { rate: done / result.seconds, cpuMillis: (cpu / done) * 1000, p99: quantile(result.latencies, 0.99) };
  };
  const [rounds, seconds] = bench.short ? [2, 0.6] : [9, 2];
  await window(product, seconds);
  await window(canned, seconds);
  const [own, least]: [Window[], Window[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    own.push(await window(product, seconds));
    least.push(await window(canned, seconds));
  }
  bench.figure('countersign: best window', Math.max(...own.map(({ rate }) => rate)), 'resumes/s');
  bench.figure('canned: best window', Math.max(...least.map(({ rate }) => rate)), 'resumes/s');
  bench.figure('countersign: p99 at 32 at a time, median', median(own.map(({ p99 }) => p99)), 'ms');
  bench.figure('canned: processor, median', median(least.map(({ cpuMillis }) => cpuMillis)), 'ms/resume');
  bench.figure('spread of the processor figure', noiseOf(own.map(({ cpuMillis }) => cpuMillis)), '');
  const beside = median(own.map(({ rate }, n) => rate / (least[n]?.rate ?? rate)));
  const perCore = median(own.map(({ cpuMillis }, n) => (least[n]?.cpuMillis ?? cpuMillis) / cpuMillis));
  bench.figure('rate beside the canned server', beside, '×');
  bench.promise('resumes a core-second, beside the canned server', perCore, '×', { least: 0.5 });
  const more = median(own.map(({ cpuMillis }, n) => cpuMillis - (least[n]?.cpuMillis ?? 0)));
  bench.figure('processor, median', median(own.map(({ cpuMillis }) => cpuMillis)), 'ms/resume');
  bench.promise('processor beyond the canned server, median', more, 'ms/resume', { most: 0.2 });
});
