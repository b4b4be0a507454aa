import type { SetupStep } from '../../core/external-login/setup.ts';
import { type Outbound, OutboundError, type OutboundRequest } from '../../lib/outbound.ts';
import type { Place } from '../discovery.ts';

/** What the name service and the network say, in words. */
const networkTrouble: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The name of its server is not known (DNS).',
  EAI_AGAIN: 'The name service did not answer (DNS).',
  ECONNREFUSED: 'Its server takes no connections at this port.',
  ECONNRESET: 'Its server broke the connection off.',
  EHOSTUNREACH: 'No way leads to its server.',
  ENETUNREACH: 'No way leads to its server.',
  ETIMEDOUT: 'Its server did not answer in time.',
  CERT_HAS_EXPIRED: 'Its certificate is over (TLS).',
  CERT_NOT_YET_VALID: 'Its certificate is not valid yet, or the clock of this server is wrong (TLS).',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'It has signed its certificate itself (TLS).',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate comes from an authority that is not known here (TLS).',
  UNABLE_TO_GET_ISSUER_CERT: 'Its certificate comes from an authority that is not known here (TLS).',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'Its certificate comes from an authority that is not known here (TLS).',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'It sends its certificate without those between it and the authority (TLS).',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another name (TLS).',
  EPROTO: 'It does not speak TLS at this port, or a version that is not taken.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'It does not speak TLS at this port.',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'It does not speak TLS at this port.',
};

/** Why there was no answer; of what is unknown here, only that. */
export function troubleOf(cause: unknown): string {
  if (!(cause instanceof OutboundError)) return 'It could not be asked.';
  const { cause: why } = cause;
  if (why === undefined) {
    return 'Its address is no web address, or leads into an inner network that is asked by nobody, or only where it is set here.';
  }
  if (why instanceof Error && (why.name === 'TimeoutError' || why.name === 'AbortError')) {
    return 'Its server did not answer in time.';
  }
  const code = codeOf(why) ?? codeOf(why instanceof AggregateError ? why.errors[0] : undefined);
  return networkTrouble[code ?? ''] ?? 'Its server did not answer.';
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}

/** An address without what may be secret in it. */
export function shownAddress(address: string): string {
  const url = URL.parse(address);
  return url === null ? 'something that is no address' : `${url.origin}${url.pathname}`;
}

/** Asks an address without any credentials: whatever answers by HTTP is there. */
export async function reach(
  outbound: Outbound,
  step: string,
  { url, chosenBy }: Place,
  more: Pick<OutboundRequest, 'method' | 'body'> = {},
): Promise<SetupStep> {
  const shown = shownAddress(url);
  try {
    const { status } = await outbound({ url, chosenBy, headers: { Accept: '*/*' }, ...more });
    return { step, held: true, told: `${shown}: ${wordsFor(status)}` };
  } catch (cause) {
    if (cause instanceof OutboundError && cause.answered) return { step, held: true, told: `${shown}: It answers.` };
    return { step, held: false, told: `${shown}: ${troubleOf(cause)}` };
  }
}

/** Without credentials and parameters nearly every refusal is what it should say, and a trouble may be one. */
function wordsFor(status: number): string {
  if (status === 404 || status === 410) return `It answers ${status}: look whether the path is right.`;
  return status >= 500 ? `It answers ${status}, which may be because nothing was asked.` : `It answers (${status}).`;
}
