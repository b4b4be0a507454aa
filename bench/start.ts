// From the start of the process to the first answer, and what it holds at rest, with nothing in the store and with
// a million accounts.
import { connect } from 'node:net';
import { runBench } from './measure/bench.ts';
import { median, noiseOf } from './measure/figures.ts';
import { cpuSecondsOf, pause, residentKiBOf } from './measure/process.ts';
import { startProduct } from './measure/product.ts';
import { newFolder } from './measure/stores.ts';

/** The status line of the answer to one request on a new connection. */
async function firstAnswer(port: number): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.write('GET /api/info HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
    });
    socket.once('data', (bytes) => {
      resolve(bytes.toString('latin1').split('\r\n')[0] ?? '');
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

interface Start {
  readonly seconds: number;
  /** Processor time of all threads until then. */
  readonly cpuSeconds: number;
  readonly restMiB: number;
}

async function startOnce(folder: string, restMs: number): Promise<Start> {
  const startedAt = performance.now();
  const product = await startProduct({ folder, cores: 'all' });
  try {
    const line = await firstAnswer(product.port);
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuSeconds = cpuSecondsOf(product.pid);
    if (!line.includes(' 200 ')) throw new Error(`The first answer was ${line}`);
    await pause(restMs);
    return { seconds, cpuSeconds, restMiB: residentKiBOf(product.pid) / 1024 };
  } finally {
    await product.stop();
  }
}

await runBench('start', async (bench) => {
  const many = bench.short ? 20_000 : 1_000_000;
  const [rounds, restMs] = bench.short ? [2, 300] : [11, 2_000];
  const stores = [
    { name: 'an empty store', ...(await newFolder({ accounts: 0, tokens: 0 })), starts: [] as Start[] },
    {
      name: `${many.toLocaleString('en-GB')} accounts`,
      ...(await newFolder({ accounts: many, tokens: many, tokensOfOne: 10_000 }, true)),
      starts: [] as Start[],
    },
  ];
  for (const { remove } of stores) bench.atEnd(remove);
  bench.note(
    'The files are in the page cache; the first start on each store, which makes the administrator, is not counted.',
  );
  for (const { folder } of stores) await startOnce(folder, restMs);
  for (let round = 0; round < rounds; round += 1) {
    for (const { folder, starts } of stores) starts.push(await startOnce(folder, restMs));
  }
  for (const { name, starts } of stores) {
    const seconds = starts.map((one) => one.seconds);
    bench.figure(`${name}: fastest start to first answer`, Math.min(...seconds), 's');
    bench.figure(`${name}: processor until then, median`, median(starts.map(({ cpuSeconds }) => cpuSeconds)), 's');
    bench.figure(`${name}: spread of the starts`, noiseOf(seconds), '');
    bench.promise(`${name}: start to first answer, median`, median(seconds), 's', { most: 0.4 });
    const rest = median(starts.map(({ restMiB }) => restMiB));
    bench.promise(`${name}: resident at rest, median`, rest, 'MiB', { most: 110 });
  }
});
