// Token checks while 100,000 tokens that have ended are deleted.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Load } from './load/load.ts';
import { tokenCheckOf } from './load/wire.ts';
import { runBench } from './measure/bench.ts';
import { median, noiseOf, quantile } from './measure/figures.ts';
import { pause, pinning } from './measure/process.ts';
import { startProduct } from './measure/product.ts';
import { newFolder } from './measure/stores.ts';

const NODE_OPTIONS = `--import=${fileURLToPath(new URL('./measure/sweep-soon.ts', import.meta.url))}`;
const people = 1_000;

await runBench('sweep', async (bench) => {
  const expired = bench.short ? 5_000 : 100_000;
  const rounds = bench.short ? 1 : 3;
  const windowSeconds = bench.short ? 0.5 : 4;
  const windows = bench.short ? 1 : 3;
  const requests = Array.from({ length: people }, (_, n) => tokenCheckOf(n));
  const load = new Load();
  bench.atEnd(() => {
    load.stop();
  });
  bench.note(`1,000 checks a second; the sweep begins nine seconds after the start; ${pinning}.`);
  const [quiet, sweeping, rates]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    const { folder, remove } = await newFolder({ accounts: people, tokens: people, expired }, true);
    const product = await startProduct({ folder, env: { NODE_OPTIONS } });
    const database = new DatabaseSync(join(folder, 'countersign.db'), { readOnly: true });
    const count = database.prepare('select count(*) as n from tokens where ends_at < ?');
    const left = (): number => Number(count.get(Date.now())?.['n']);
    const p99 = async (seconds: number): Promise<number> => {
      const { answers } = await load.do('requests', {
        port: product.port,
        requests,
        connections: 50,
        rate: 1_000,
        seconds,
      });
      if (answers.length !== 1 || answers[0]?.status !== 200) throw new Error('A token check was refused.');
      return quantile(answers[0].latencies, 0.99);
    };
    try {
      // What is compiled, and how much room young objects have, has settled by then.
      await p99(bench.short ? 0.4 : 3);
      quiet.push(await p99(windowSeconds));
      if (left() !== expired) throw new Error('The sweep began too early to be measured.');
      while (left() === expired) await pause(5);
      // It goes on for a minute and more, each second like the others.
      const startedAt = performance.now();
      const before = left();
      for (let window = 0; window < windows && left() > 0; window += 1) sweeping.push(await p99(windowSeconds));
      rates.push((before - left()) / ((performance.now() - startedAt) / 1000));
      if (left() === before) throw new Error('Nothing was swept meanwhile.');
    } finally {
      database.close();
      await product.stop();
      remove();
    }
  }
  bench.figure('swept meanwhile, median', median(rates), 'tokens/s');
  bench.figure('token check before, p99, median', median(quiet), 'ms');
  bench.figure('spread of it', noiseOf(quiet), '');
  const [before, during] = [median(quiet), median(sweeping)];
  bench.figure('token check during the sweep beside before, p99', during / before, '×');
  const held = during <= before * 1.2 || during <= before + 1;
  bench.promiseEither('token check during the sweep, p99', during, 'ms', held, 'at most 1.2 × before, or 1 ms more');
});
