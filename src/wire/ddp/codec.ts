/** What a client sent, told apart (realtime.md §3.3, §4.1). `given` is the parsed message, for error frames. */
export type Incoming =
  | { readonly kind: 'connect'; readonly offer: Offer | undefined; readonly given: unknown }
  /** An id that is no text gets no answer at all. */
  | { readonly kind: 'ping'; readonly id: string | undefined; readonly silent: boolean; readonly given: unknown }
  | { readonly kind: 'pong'; readonly given: unknown }
  | MethodFrame
  | SubFrame
  | UnsubFrame
  /** A message that is none of the above, or lacks something; it is told so once connected. */
  | { readonly kind: 'misshapen'; readonly reason: string; readonly given: unknown }
  /** No message at all. `given` is left out where nothing could be parsed. */
  | { readonly kind: 'no-message'; readonly given: unknown };

export interface Offer {
  readonly version: string;
  readonly support: readonly string[];
}

export interface MethodFrame {
  readonly kind: 'method';
  readonly id: string;
  readonly method: string;
  /** Still EJSON. */
  readonly params: readonly unknown[];
  readonly given: unknown;
}

export interface SubFrame {
  readonly kind: 'sub';
  readonly id: string;
  readonly name: string;
  /** Still EJSON. */
  readonly params: readonly unknown[];
  readonly given: unknown;
}

export interface UnsubFrame {
  readonly kind: 'unsub';
  readonly id: string | number | undefined;
  readonly given: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const none: readonly unknown[] = [];

/** Reads one frame. Never throws; keys that a message does not know are ignored. */
export function decodeFrame(text: string): Incoming {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { kind: 'no-message', given: undefined };
  }
  if (typeof given !== 'object' || given === null) return { kind: 'no-message', given: undefined };
  const fields = given as Fields;
  switch (fields['msg']) {
    case 'ping':
      return decodePing(fields);
    case 'pong':
      return { kind: 'pong', given };
    case 'method':
      return decodeMethod(fields);
    case 'sub':
      return decodeSub(fields);
    case 'unsub':
      return decodeUnsub(fields);
    case 'connect':
      return { kind: 'connect', offer: decodeOffer(fields), given };
    case undefined:
    case null:
    case '':
    case 0:
    case false:
      return { kind: 'no-message', given };
    default:
      return { kind: 'misshapen', reason: 'Bad request', given };
  }
}

function decodePing(given: Fields): Incoming {
  const { id } = given;
  const known = typeof id === 'string' ? id : undefined;
  return { kind: 'ping', id: known, silent: id !== undefined && known === undefined, given };
}

function decodeMethod(given: Fields): Incoming {
  const { id, method, params = none, randomSeed = '' } = given;
  if (
    typeof id !== 'string' ||
    typeof method !== 'string' ||
    !Array.isArray(params) ||
    typeof randomSeed !== 'string'
  ) {
    return { kind: 'misshapen', reason: 'Malformed method invocation', given };
  }
  return { kind: 'method', id, method, params, given };
}

function decodeSub(given: Fields): Incoming {
  const { id, name, params = none } = given;
  if (typeof id !== 'string' || typeof name !== 'string' || !Array.isArray(params)) {
    return { kind: 'misshapen', reason: 'Malformed subscription', given };
  }
  return { kind: 'sub', id, name, params, given };
}

function decodeUnsub(given: Fields): Incoming {
  const { id } = given;
  return { kind: 'unsub', id: typeof id === 'string' || typeof id === 'number' ? id : undefined, given };
}

function decodeOffer({ version, support }: Fields): Offer | undefined {
  if (typeof version !== 'string' || !Array.isArray(support)) return undefined;
  const versions: string[] = [];
  for (const one of support as readonly unknown[]) {
    if (typeof one !== 'string') return undefined;
    versions.push(one);
  }
  return versions.includes(version) ? { version, support: versions } : undefined;
}

const spoken: readonly string[] = ['1', 'pre2', 'pre1'];

/**
 * Chooses the version (realtime.md §3.1): the first of the client's that this server speaks, else `1`.
 * @returns `agreed` when that is the one the client proposed; otherwise the client must come back with `version`
 */
export function negotiate(offer: Offer | undefined): { readonly agreed: boolean; readonly version: string } {
  const version = offer?.support.find((one) => spoken.includes(one)) ?? '1';
  if (offer === undefined) return { agreed: false, version: '1' };
  return { agreed: version === offer.version, version };
}
