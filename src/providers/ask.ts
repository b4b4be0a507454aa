import { Fault } from '../core/fault.ts';
import { type Outbound, type OutboundAnswer, OutboundError, type OutboundRequest } from '../lib/outbound.ts';
import { type Fields, isFields } from './fields.ts';

/** Who is asked for what, as refusals tell it. */
export interface Asking {
  /** What people call the provider, for example `GitHub`. */
  readonly label: string;
  /** The exchange of a code, or who somebody is. */
  readonly step: 'handshake' | 'identity';
}

const beginnings = {
  handshake: 'Failed to complete OAuth handshake with',
  identity: 'Failed to fetch identity from',
} as const;

/** The refusal of a provider, or of what it told; `detail` must hold nothing secret. */
export function refusal({ label, step }: Asking, detail: string): Fault {
  return new Fault('provider-refused', { service: label, message: `${beginnings[step]} ${label}. ${detail}`.trim() });
}

/**
 * Asks a provider for an object: JSON, or at the handshake a form as well (RFC 6749 §5.1; older ones answer so). An answer
 * that redirects, that is no success, or that names an error is none (providers.md §3.3).
 * @throws Fault `provider-refused`, `provider-unreachable`
 */
export async function askFields(outbound: Outbound, request: OutboundRequest, asking: Asking): Promise<Fields> {
  const value = await askAny(outbound, request, asking);
  if (!isFields(value)) throw refusal(asking, 'The answer cannot be read.');
  return value;
}

/** Asks a provider for a list in JSON. @throws Fault, see `askFields` */
export async function askList(
  outbound: Outbound,
  request: OutboundRequest,
  asking: Asking,
): Promise<readonly unknown[]> {
  const value = await askAny(outbound, request, asking);
  if (!Array.isArray(value)) throw refusal(asking, 'The answer cannot be read.');
  return value as readonly unknown[];
}

async function askAny(outbound: Outbound, request: OutboundRequest, asking: Asking): Promise<unknown> {
  const answer = await outbound(request).catch((cause: unknown) => {
    if (cause instanceof OutboundError) throw new Fault('provider-unreachable', { service: asking.label });
    throw cause;
  });
  if (answer.status >= 500) throw new Fault('provider-unreachable', { service: asking.label });
  const value = jsonIn(answer.text) ?? (asking.step === 'handshake' ? formIn(answer) : undefined);
  const error = isFields(value) && Object.hasOwn(value, 'error') ? value['error'] : undefined;
  if (error !== undefined && error !== null && error !== '') throw refusal(asking, errorWord(error));
  if (answer.status < 200 || answer.status > 299) throw refusal(asking, `It answered ${answer.status}.`);
  return value;
}

/** The word by which a provider calls an error, where it is one: whatever else it says is for its own log. */
export function errorWord(error: unknown): string {
  return typeof error === 'string' && /^[\w.-]{1,64}$/u.test(error) ? error : '';
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Older providers answer with a form, and some call it HTML. */
function formIn({ text }: OutboundAnswer): Fields | undefined {
  return /^[\w.-]+=/u.test(text) ? Object.fromEntries(new URLSearchParams(text.trim())) : undefined;
}
