import { isIP } from 'node:net';
import { isLoopback } from '../../../lib/loopback.ts';
import { type Check, reasonOf, subject } from './check.ts';
import type { Configuration, DoctorProbes, WebAnswer } from './probes.ts';
import { proxyChecks } from './proxies.ts';

/** The longest difference of clocks that one-time codes bear well. */
const mostSkewMs = 10_000;

type Asked = { readonly answer: WebAnswer } | { readonly reason: string };

/** Where the server listens, where clients reach it, what stands between, and the clock. */
export async function networkChecks(probes: DoctorProbes, configuration: Configuration): Promise<readonly Check[]> {
  const local = localUrl(configuration);
  const direct: Asked = local === undefined ? { reason: 'PORT is 0' } : await asked(probes, local);
  const same = local !== undefined && origin(configuration.rootUrl) === origin(local);
  const outside = same ? direct : await asked(probes, configuration.rootUrl);
  const running = 'answer' in direct && isOurs(direct.answer);
  return [
    rootUrlCheck(configuration),
    serverCheck(local, direct),
    ...(running || 'answer' in outside ? [outsideCheck(configuration, outside)] : []),
    ...(running && local !== undefined ? await proxyChecks(probes, configuration, local) : []),
    ...clockChecks(probes, outside, direct),
  ];
}

/** Where a program of this machine reaches the server; undefined where the port is not known before it starts. */
function localUrl({ address, port }: Configuration): string | undefined {
  if (port === 0) return undefined;
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

function origin(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${isLoopback(hostname) ? 'localhost' : hostname}:${port}`;
}

async function asked(probes: DoctorProbes, url: string): Promise<Asked> {
  try {
    return { answer: await probes.info(url) };
  } catch (cause) {
    return { reason: reasonOf(cause) };
  }
}

/** `/api/info` of Countersign says at least its version, and that it succeeded. */
function isOurs({ status, body }: WebAnswer): boolean {
  return status === 200 && typeof body === 'object' && body !== null && 'version' in body && 'success' in body;
}

function rootUrlCheck({ rootUrl, rootUrlGiven, address }: Configuration): Check {
  const { ok, warn } = subject('root-url', 'ROOT_URL');
  const { protocol, hostname } = new URL(rootUrl);
  if (!rootUrlGiven) {
    return warn(`ROOT_URL is not set; links lead to ${rootUrl}.`, 'Set it to the address that people type.');
  }
  if (isLoopback(hostname)) {
    if (isLoopback(address)) return ok(`${rootUrl} is reached from this machine only.`);
    const found = `${rootUrl} is reached from this machine only, yet the server listens on ${address}.`;
    return warn(found, 'Set ROOT_URL to the address that people type.');
  }
  if (protocol === 'https:') return ok(`Clients reach the server at ${rootUrl}.`);
  return warn(
    `${rootUrl} is not encrypted: passwords and tokens can be read on the way.`,
    'Put a proxy that speaks TLS in front, and set ROOT_URL to its https:// address.',
  );
}

function serverCheck(local: string | undefined, direct: Asked): Check {
  const { ok, warn, fail } = subject('server', 'Running server');
  if (local === undefined) return warn('PORT is 0, so the running server cannot be found.', 'Set PORT to check more.');
  if ('reason' in direct) {
    return warn(`No server answers at ${local} (${direct.reason}).`, 'Start it with countersign serve to check more.');
  }
  if (isOurs(direct.answer)) return ok(`It answers at ${local}.`);
  const found = `Something answers at ${local} with status ${direct.answer.status}, and it is not Countersign.`;
  return fail(found, 'Another program has the port: stop it, or choose another PORT.');
}

function outsideCheck({ rootUrl }: Configuration, outside: Asked): Check {
  const { ok, warn, fail } = subject('root-url-answers', 'Way from outside');
  if ('reason' in outside) {
    return warn(
      `${rootUrl} does not answer from this machine (${outside.reason}).`,
      'Try it from where clients are; where it fails as well, look at DNS, the firewall, the certificate and the proxy.',
    );
  }
  const { answer } = outside;
  if (isOurs(answer)) return ok(`Countersign answers at ${rootUrl}.`);
  if (answer.location !== undefined) {
    return warn(`${rootUrl} sends clients on to ${answer.location}.`, 'Set ROOT_URL to where they end.');
  }
  const found = `${rootUrl}/api/info answers with status ${answer.status}, and not from Countersign.`;
  return fail(found, 'Let the proxy pass every path on, /api/info and /websocket included.');
}

function clockChecks(probes: DoctorProbes, ...ways: readonly Asked[]): readonly Check[] {
  const date = ways.map((way) => ('answer' in way ? way.answer.date : undefined)).find((text) => text !== undefined);
  const there = Date.parse(date ?? '');
  if (Number.isNaN(there)) return [];
  const { ok, warn } = subject('clock', 'Clock');
  const skewMs = Math.abs(probes.now() - there);
  if (skewMs <= mostSkewMs) return [ok('The clocks of this machine and of what answers there agree.')];
  const found = `The clock of this machine and that of what answers there differ by ${Math.round(skewMs / 1000)} seconds.`;
  return [warn(found, 'Let both keep time with NTP: one-time codes are wrong on a clock that is off.')];
}
