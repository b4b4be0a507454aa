import { Fault } from '../core/fault.ts';
import type { Clock, Moment } from '../core/ports.ts';
import type { Outbound, OutboundRequest } from '../lib/outbound.ts';

/** A public key as a provider publishes it (RFC 7517). */
export type PublicKey = Readonly<Record<string, unknown>> & { readonly kty: string };

/** The keys with which a provider signs. */
export interface KeySet {
  /**
   * The keys of now: fetched again where none of them has this name, but not at once after the last time.
   * @param kid the name that a token gives its key; undefined where it gives none
   * @throws Fault `provider-unreachable` where there is nothing to go by
   */
  holding(kid: string | undefined): Promise<readonly PublicKey[]>;
}

/** Key sets by their addresses: those of one address are fetched once for all who ask. */
export type KeySets = (url: string, service: string, chosenBy: OutboundRequest['chosenBy']) => KeySet;

/** A set is asked for again after so long; where that fails, the old one serves until its time is over. */
const freshMs = 600_000;
const longestMs = 3_600_000;
/** Whoever makes up names of keys makes us ask the provider no more often than this. */
const pauseMs = 30_000;
const mostSets = 200;

interface Kept {
  keys: readonly PublicKey[] | undefined;
  fetchedAt: Moment;
  triedAt: Moment;
  running: Promise<void> | undefined;
}

/**
 * Fetches and keeps the key sets of providers (RFC 7517 §5). Symmetric and private keys in a set are passed over.
 * @param parts the network and the clock
 */
export function keySetsOver({ outbound, clock }: { readonly outbound: Outbound; readonly clock: Clock }): KeySets {
  const all = new Map<string, Kept>();

  function keptOf(name: string): Kept {
    const known = all.get(name);
    if (known !== undefined) return known;
    const [oldest] = all.keys();
    if (all.size >= mostSets && oldest !== undefined) all.delete(oldest);
    const made: Kept = {
      keys: undefined,
      fetchedAt: Number.NEGATIVE_INFINITY,
      triedAt: Number.NEGATIVE_INFINITY,
      running: undefined,
    };
    all.set(name, made);
    return made;
  }

  return (url, service, chosenBy) => {
    const kept = keptOf(`${chosenBy} ${url}`);
    const fetchKeys = async (): Promise<void> => {
      kept.triedAt = clock.now();
      const { status, text } = await outbound({ url, chosenBy });
      const keys = status === 200 ? publicKeysIn(text) : undefined;
      if (keys === undefined) throw new Error('The keys of a provider cannot be read.');
      kept.keys = keys;
      kept.fetchedAt = clock.now();
    };
    const refresh = async (): Promise<void> => {
      kept.running ??= fetchKeys().finally(() => {
        kept.running = undefined;
      });
      await kept.running.catch(() => undefined);
    };
    return {
      async holding(kid) {
        const hasKey = kept.keys?.some((key) => kid === undefined || key['kid'] === kid) === true;
        const age = clock.now() - kept.fetchedAt;
        // A clock that was set back makes a set neither fresh nor a pause endless.
        const isFresh = hasKey && age >= 0 && age < freshMs;
        const sinceTry = clock.now() - kept.triedAt;
        if (!isFresh && (kept.keys === undefined || sinceTry < 0 || sinceTry >= pauseMs)) await refresh();
        if (kept.keys === undefined || clock.now() - kept.fetchedAt >= longestMs) {
          throw new Fault('provider-unreachable', { service });
        }
        return kept.keys;
      },
    };
  };
}

/** The public keys of a key set; undefined for what is none. */
export function publicKeysIn(text: string): readonly PublicKey[] | undefined {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof told !== 'object' || told === null || !('keys' in told) || !Array.isArray(told.keys)) return undefined;
  return told.keys.filter(isPublicKey);
}

function isPublicKey(key: unknown): key is PublicKey {
  if (typeof key !== 'object' || key === null || !('kty' in key) || 'd' in key || 'k' in key) return false;
  return key.kty === 'RSA' || key.kty === 'EC' || key.kty === 'OKP';
}
