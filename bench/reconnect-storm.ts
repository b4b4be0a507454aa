// Every client of a server that was away comes back at the same moment.
import { Load } from './load/load.ts';
import { resume } from './load/wire.ts';
import { runBench } from './measure/bench.ts';
import { median, quantile } from './measure/figures.ts';
import { cpuSecondsOf, mostOpenFiles, pause, pinning } from './measure/process.ts';
import { startProduct } from './measure/product.ts';
import { newFolder } from './measure/stores.ts';

await runBench('reconnect-storm', async (bench) => {
  const wanted = bench.short ? 500 : 10_000;
  const sockets = Math.min(wanted, mostOpenFiles() - 200);
  if (sockets < wanted) {
    bench.note(
      `A process may open ${mostOpenFiles()} files here (ulimit -n), so there are ${sockets} sockets instead of ${wanted}.`,
    );
  }
  bench.note(`All connect in the same moment, each for another account; ${pinning}.`);
  const { folder, remove } = await newFolder({ accounts: sockets, tokens: sockets });
  bench.atEnd(remove);
  const logins = Array.from({ length: sockets }, (_, n) => resume(n));
  const rounds = bench.short ? 1 : 3;
  const [seconds, p99, cpu]: [number[], number[], number[]] = [[], [], []];
  let failed = 0;
  for (let round = 0; round < rounds; round += 1) {
    // A server that has just started, as after a deployment: nothing is in memory.
    const product = await startProduct({ folder });
    const load = new Load();
    try {
      await pause(500);
      const before = cpuSecondsOf(product.pid);
      const result = await load.do('hold', { port: product.port, logins });
      cpu.push(((cpuSecondsOf(product.pid) - before) / sockets) * 1000);
      seconds.push(result.seconds);
      p99.push(quantile(result.latencies, 0.99));
      failed += result.failures.length;
      if (result.failures.length > 0) bench.note(`The first failure: ${result.failures[0] ?? ''}`);
      failed += (await load.do('release', {})).lost;
    } finally {
      load.stop();
      await product.stop();
    }
  }
  bench.figure('sockets', sockets, '');
  bench.figure('until all were signed in, median', median(seconds), 's');
  bench.figure('until one was signed in, p99, median', median(p99) / 1000, 's');
  bench.figure('processor, median', median(cpu), 'ms/resume');
  bench.promise(`failures in ${rounds} storms`, failed, '', { most: 0 });
});
