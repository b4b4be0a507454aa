import { isLoopback } from '../../../lib/loopback.ts';
import { type Check, reasonOf, subject } from './check.ts';
import type { Configuration, DoctorProbes } from './probes.ts';

/** An address of the documentation range (RFC 5737): nobody has it, so whoever is seen with it has claimed it. */
const forged = '192.0.2.123';

/**
 * What address the server takes clients for, behind the proxies: limits, audit and the memory of devices hang on it.
 * A forged `X-Forwarded-For` is sent along, which must never be believed.
 * @param local where this machine reaches the running server without a proxy
 */
export async function proxyChecks(
  probes: DoctorProbes,
  configuration: Configuration,
  local: string,
): Promise<readonly Check[]> {
  const { proxies, address } = configuration;
  const believes = proxies.trusted !== undefined || proxies.hops > 0;
  if (!hasProxy(configuration)) return [await withoutProxy(probes, configuration, local, believes)];
  const byHops = proxies.trusted === undefined && proxies.hops > 0;
  return [
    await throughProxy(probes, configuration, believes),
    ...(byHops && !isLoopback(address) ? [directWay(configuration)] : []),
  ];
}

async function throughProxy(
  probes: DoctorProbes,
  { rootUrl, proxies }: Configuration,
  believes: boolean,
): Promise<Check> {
  const { ok, warn, fail } = subject('proxies', 'Proxies');
  let seen: string | undefined;
  try {
    seen = await probes.seenAddress(rootUrl, forged);
  } catch (cause) {
    const found = `The way through ${rootUrl} could not be tried (${reasonOf(cause)}).`;
    return warn(found, 'Run doctor where ROOT_URL can be reached.');
  }
  if (seen === forged && proxies.trusted?.check('127.0.0.1') === true) {
    return ok(
      'This machine is on the list of trusted proxies, so what it sends is believed. Run doctor elsewhere to try a client.',
    );
  }
  if (seen === forged) {
    return fail(
      'Through the proxy, the server believes an address that the client made up.',
      'Give the exact number of proxies in HTTP_FORWARDED_COUNT, or better their addresses in TRUSTED_PROXIES.',
    );
  }
  if (seen === undefined) {
    const found = 'The proxy is on another machine, and the server tells only its own what address it sees.';
    return believes
      ? ok(`${found} Sign in from outside and compare the address in the list of tokens (countersign token list).`)
      : warn(
          found,
          'Set TRUSTED_PROXIES to the addresses of the proxies: else all clients share theirs, and its limits.',
        );
  }
  if (believes) {
    return ok(`Address as seen behind proxies: ${seen}. It should be the one this machine has for the proxy.`);
  }
  return warn(
    `Address as seen behind proxies: ${seen}, which is the proxy's own. All clients share its limits.`,
    `Set TRUSTED_PROXIES=${seen}.`,
  );
}

/** A count of hops says nothing of who connects: it is believed from whoever reaches the port. */
function directWay({ address, port }: Configuration): Check {
  return subject('direct-way', 'Way past the proxy').warn(
    `The server listens on ${address}, and whoever reaches port ${port} without the proxy can make up an address.`,
    'Set TRUSTED_PROXIES to the addresses of the proxies, or BIND_IP=127.0.0.1, or close the port to others.',
  );
}

/** The server itself speaks neither TLS nor another port than its own. */
function hasProxy({ rootUrl, port }: Configuration): boolean {
  const url = new URL(rootUrl);
  const rootPort = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return url.protocol === 'https:' || rootPort !== port;
}

async function withoutProxy(
  probes: DoctorProbes,
  { proxies }: Configuration,
  local: string,
  believes: boolean,
): Promise<Check> {
  const { ok, warn } = subject('proxies', 'Proxies');
  try {
    const seen = await probes.seenAddress(local, forged);
    const found =
      seen === undefined
        ? 'No proxy stands before ROOT_URL, and the server did not tell what address it sees.'
        : `Address as seen without a proxy: ${seen}.`;
    const unknown = seen === undefined && proxies.trusted === undefined && proxies.hops > 0;
    if (seen !== forged && !unknown) return ok(found);
  } catch (cause) {
    return warn(`The server did not say what address it sees (${reasonOf(cause)}).`, 'Start it, and run this again.');
  }
  const advice = 'Where clients reach the port directly, unset TRUSTED_PROXIES and HTTP_FORWARDED_COUNT.';
  return believes
    ? warn('No proxy stands before ROOT_URL, yet the server believes the addresses that clients send.', advice)
    : warn('The running server believes the addresses that clients send.', 'Restart it with this environment.');
}
