// Sign-ins with the password of a directory over REST, beside the raw rate of binds at the same OpenLDAP.
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { openSlapd, slapdMissing } from '../test/slapd.ts';
import { directoryPassword, personLdif } from '../test/slapd-ldif.ts';
import { Load } from './load/load.ts';
import { request } from './load/wire.ts';
import { runBench } from './measure/bench.ts';
import { median, noiseOf } from './measure/figures.ts';
import { cpuSecondsOf, startBaseline } from './measure/process.ts';
import { startProduct } from './measure/product.ts';
import { newFolder } from './measure/stores.ts';

const inFlight = 8;
const uids = Array.from({ length: 200 }, (_, n) => `person${n}`);

function logIn(uid: string): string {
  const body = JSON.stringify({ user: uid, password: directoryPassword(uid) });
  const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`, `User-Agent: bench/${uid}`];
  return request('POST /api/v1/login', headers, body);
}

async function rawRate(port: number, seconds: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: `/${seconds}` }, (response) => {
      text(response).then((body) => {
        resolve(Number(body));
      }, reject);
    }).on('error', reject);
  });
}

await runBench('ldap-login', async (bench) => {
  const missing = slapdMissing();
  if (missing !== undefined) {
    bench.note(`Nothing was measured: ${missing}.`);
    return;
  }
  const slapd = await openSlapd();
  bench.atEnd(slapd.stop);
  await slapd.apply(uids.map((uid) => personLdif(uid, [`mail: ${uid}@example.test`])).join(''));
  const { folder, remove } = await newFolder({ accounts: 0, tokens: 0 });
  bench.atEnd(remove);
  const product = await startProduct({ folder, env: slapd.env });
  bench.atEnd(product.stop);
  const raw = await startBaseline(new URL('./baseline/raw-binds.ts', import.meta.url), {
    url: `ldap://127.0.0.1:${slapd.port}`,
    people: uids.map((uid) => ({ dn: `uid=${uid},ou=people,dc=example,dc=test`, password: directoryPassword(uid) })),
    inFlight,
  });
  bench.atEnd(raw.stop);
  const load = new Load();
  bench.atEnd(() => {
    load.stop();
  });
  const requests = uids.map(logIn);
  const signIns = async (seconds: number): Promise<number> => {
    const result = await load.do('requests', { port: product.port, requests, connections: inFlight, seconds });
    const refused = result.answers.filter(({ status }) => status !== 200);
    if (refused.length > 0) throw new Error(`Log-ins were refused: ${refused.map(({ status }) => status).join(', ')}`);
    return (result.answers[0]?.count ?? 0) / result.seconds;
  };

  bench.note(
    `${inFlight} at a time, in turn, the server and the raw binds on one core, the directory (plain passwords, no TLS) on any; a sign-in is a search, a bind on a connection of its own, and a session that is written.`,
  );
  const [rounds, seconds] = bench.short ? [2, 0.6] : [9, 2];
  await signIns(bench.short ? 0.5 : 5);
  await rawRate(raw.port, 0.5);
  const rates = { raw: [] as number[], signIns: [] as number[] };
  // Processor time of one: what others take from the core and the disk does not change it.
  const cpu = { raw: [] as number[], signIns: [] as number[] };
  const spentBy = async (pid: number, measure: () => Promise<number>, into: number[]): Promise<number> => {
    const before = cpuSecondsOf(pid);
    const startedAt = performance.now();
    const rate = await measure();
    into.push(((cpuSecondsOf(pid) - before) / (rate * ((performance.now() - startedAt) / 1000))) * 1000);
    return rate;
  };
  for (let round = 0; round < rounds; round += 1) {
    rates.signIns.push(await spentBy(product.pid, async () => await signIns(seconds), cpu.signIns));
    rates.raw.push(await spentBy(raw.pid, async () => await rawRate(raw.port, seconds), cpu.raw));
  }
  bench.figure('raw binds, median', median(rates.raw), 'binds/s');
  bench.figure('sign-ins, median', median(rates.signIns), 'sign-ins/s');
  bench.figure('processor of a raw bind, median', median(cpu.raw), 'ms');
  bench.figure('processor of a sign-in, median', median(cpu.signIns), 'ms');
  bench.figure('spread of the raw rate', noiseOf(rates.raw), '');
  const besideRaw = rates.signIns.map((rate, n) => rate / (rates.raw[n] ?? rate));
  bench.figure('sign-ins beside raw binds', median(besideRaw), '×');
  const perCore = cpu.signIns.map((spent, n) => (cpu.raw[n] ?? spent) / spent);
  bench.promise('sign-ins a core-second, beside raw binds', median(perCore), '×', { least: 0.05 });
});
