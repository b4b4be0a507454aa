// The memory that a signed-in socket holds while nothing happens, beside a server that keeps no state at all.
import { fileURLToPath } from 'node:url';
import { Load } from './load/load.ts';
import { resume } from './load/wire.ts';
import { runBench } from './measure/bench.ts';
import { median } from './measure/figures.ts';
import { mostOpenFiles, pause, pin, residentKiBOf, serverCore, startBaseline } from './measure/process.ts';
import { startProduct } from './measure/product.ts';
import { newFolder } from './measure/stores.ts';

const NODE_OPTIONS = `--import=${fileURLToPath(new URL('./measure/collect-garbage.ts', import.meta.url))}`;

interface Memory {
  /** KiB for each socket when garbage has been collected before and after. */
  readonly held: number;
  /** KiB for each socket as the operator sees it, garbage included. */
  readonly seen: number;
}

async function settled(pid: number, ms: number): Promise<{ seen: number; held: number }> {
  await pause(ms);
  const seen = residentKiBOf(pid);
  process.kill(pid, 'SIGUSR2');
  await pause(ms);
  process.kill(pid, 'SIGUSR2');
  await pause(ms);
  return { seen, held: residentKiBOf(pid) };
}

async function memoryOf(server: { port: number; pid: number }, sockets: number, settleMs: number): Promise<Memory> {
  pin(server.pid, serverCore);
  const load = new Load();
  try {
    const few = Array.from({ length: 100 }, (_, n) => resume(n));
    // Whatever is loaded or compiled on first use belongs to no socket; more than that would only make room beforehand.
    await load.do('hold', { port: server.port, logins: few, atOnce: 16 });
    await load.do('release', {});
    const before = await settled(server.pid, settleMs);
    const logins = Array.from({ length: sockets }, (_, n) => resume(n));
    const { failures } = await load.do('hold', { port: server.port, logins, atOnce: 64 });
    if (failures.length > 0) throw new Error(`A socket was refused: ${failures[0] ?? ''}`);
    const after = await settled(server.pid, settleMs);
    const { lost } = await load.do('release', {});
    if (lost > 0) throw new Error(`${lost} sockets were lost while they were idle.`);
    return { held: (after.held - before.held) / sockets, seen: (after.seen - before.seen) / sockets };
  } finally {
    load.stop();
  }
}

await runBench('idle-socket', async (bench) => {
  const wanted = bench.short ? 1_000 : 10_000;
  const sockets = Math.min(wanted, mostOpenFiles() - 200);
  if (sockets < wanted) bench.note(`ulimit -n is ${mostOpenFiles()}: ${sockets} sockets instead of ${wanted}.`);
  bench.note('Resident memory after garbage was collected, before and after the sockets came; each signed in once.');
  const { folder, remove } = await newFolder({ accounts: sockets, tokens: sockets });
  bench.atEnd(remove);
  const rounds = bench.short ? 1 : 3;
  const settleMs = bench.short ? 500 : 3_000;
  const [own, least]: [Memory[], Memory[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const product = await startProduct({ folder, env: { NODE_OPTIONS } });
    const recorder = new Load();
    const frames = await recorder.do('record', { port: product.port, login: resume(0) });
    recorder.stop();
    own.push(await memoryOf(product, sockets, settleMs));
    await product.stop();
    const canned = await startBaseline(new URL('./baseline/canned-sockets.ts', import.meta.url), frames, {
      NODE_OPTIONS,
    });
    least.push(await memoryOf(canned, sockets, settleMs));
    await canned.stop();
  }
  const [held, floor] = [median(own.map((one) => one.held)), median(least.map((one) => one.held))];
  bench.figure('sockets', sockets, '');
  bench.figure('canned server, median', floor, 'KiB/socket');
  bench.figure('countersign before garbage is collected, median', median(own.map(({ seen }) => seen)), 'KiB/socket');
  bench.promise('idle signed-in socket, median', held, 'KiB/socket', { most: 16 });
  bench.promise('beside the canned server', held / floor, '×', { most: 2 });
});
