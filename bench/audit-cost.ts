// What the audit trail costs a sign-in: writing its entry and sealing it, beside the sign-in itself.
import { join } from 'node:path';
import { sealTrail } from '../src/core/audit/seal-trail.ts';
import { verifyTrail } from '../src/core/audit/verify-trail.ts';
import type { AuditEntry } from '../src/core/audit-entry.ts';
import { sampleAudit } from '../src/core/samples.suite.ts';
import { systemClock } from '../src/lib/system-clock.ts';
import { openSqlite } from '../src/stores/sqlite/open.ts';
import { Load } from './load/load.ts';
import { passwordLogIn } from './load/wire.ts';
import { runBench } from './measure/bench.ts';
import { median, noiseOf } from './measure/figures.ts';
import { cpuSecondsOf } from './measure/process.ts';
import { startProduct } from './measure/product.ts';
import { accountIdOf, newFolder, sealer } from './measure/stores.ts';

const accounts = 500;
const inFlight = 8;

/** The entry of a sign-in, as long as a real one. */
function entryOf(n: number): AuditEntry {
  return sampleAudit(accountIdOf(n % accounts), {
    at: Date.now(),
    what: 'log-in',
    address: '198.51.100.200',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    facts: { kind: 'password', token: `token${String(n).padStart(12, '0')}`, factor: 'totp' },
  });
}

async function cpuMicrosOf(act: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

await runBench('audit-cost', async (bench) => {
  const [entries, rounds, seconds] = bench.short ? [500, 2, 0.6] : [5_000, 9, 2];
  const { folder, remove } = await newFolder({ accounts, tokens: 0 });
  bench.atEnd(remove);
  const product = await startProduct({ folder });
  bench.atEnd(product.stop);
  const own = await newFolder({ accounts: 1, tokens: 0 });
  bench.atEnd(own.remove);
  const store = await openSqlite({ file: join(own.folder, 'countersign.db'), clock: systemClock });
  bench.atEnd(store.close);
  const load = new Load();
  bench.atEnd(() => {
    load.stop();
  });
  const requests = Array.from({ length: accounts }, (_none, n) => passwordLogIn(n));
  const signIn = async (): Promise<number> => {
    const before = cpuSecondsOf(product.pid);
    const { answers } = await load.do('requests', { port: product.port, requests, connections: inFlight, seconds });
    const [done] = answers;
    if (answers.length !== 1 || done?.status !== 200) throw new Error('A log-in was refused.');
    return ((cpuSecondsOf(product.pid) - before) / done.count) * 1e6;
  };
  let made = 0;
  const append = async (): Promise<void> => {
    const one = async (): Promise<void> => {
      for (let n = 0; n < entries / inFlight; n += 1) {
        made += 1;
        await store.audit.append([entryOf(made)]);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, one));
  };
  const seal = async (): Promise<void> => {
    await sealTrail({ audit: store.audit, sealer });
  };

  bench.note(
    'The entry is written here in a write of its own; a sign-in writes it in the one that it makes anyway, and pays less.',
  );
  await signIn();
  await append();
  await seal();
  const spent = { signIns: [] as number[], appended: [] as number[], sealed: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    spent.signIns.push(await signIn());
    const before = made;
    const appended = await cpuMicrosOf(append);
    const sealed = await cpuMicrosOf(seal);
    spent.appended.push(appended / (made - before));
    spent.sealed.push(sealed / (made - before));
  }
  bench.figure(
    'processor of a sign-in over REST, its entry and seal included, median',
    median(spent.signIns) / 1000,
    'ms',
  );
  bench.figure('processor of writing an entry by itself, median', median(spent.appended), 'µs');
  bench.figure('processor of sealing an entry, median', median(spent.sealed), 'µs');
  bench.figure('spread of the sign-ins', noiseOf(spent.signIns), '');
  const began = performance.now();
  const verified = await verifyTrail({ audit: store.audit, sealer, clock: systemClock });
  if (!verified.held || verified.entries < made) throw new Error('The trail does not hold.');
  bench.figure('entries verified', verified.entries / ((performance.now() - began) / 1000), '/s');
  const share = spent.signIns.map((whole, n) => ((spent.appended[n] ?? whole) + (spent.sealed[n] ?? whole)) / whole);
  bench.promise('audit of a sign-in, beside the sign-in', median(share), '×', { most: 0.05 });
});
