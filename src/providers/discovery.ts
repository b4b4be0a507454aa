import { Fault } from '../core/fault.ts';
import type { Clock, Moment } from '../core/ports.ts';
import type { Outbound, OutboundRequest } from '../lib/outbound.ts';
import { askFields, refusal } from './ask.ts';
import { type Fields, textIn } from './fields.ts';

/** An address of a provider, and who chose it. */
export interface Place {
  readonly url: string;
  readonly chosenBy: OutboundRequest['chosenBy'];
}

/** What an OpenID provider tells of itself. */
export interface Discovered {
  readonly issuer: string;
  readonly authorize: Place | undefined;
  readonly token: Place | undefined;
  readonly identity: Place | undefined;
  readonly keys: Place | undefined;
  readonly introspection: Place | undefined;
  /** Whether what comes back must say from whom it comes (RFC 9207 §2.3). */
  readonly namesItself: boolean;
}

/** The providers' documents, kept for as long as the process runs. */
export interface Discovery {
  /**
   * The document of an issuer: fetched where it is not known, or old.
   * @throws Fault `provider-refused`, `provider-unreachable`
   */
  of(issuer: string, service: string): Promise<Discovered>;
  /** What is known of an issuer right now; where that is nothing, it is fetched for whoever asks next. */
  known(issuer: string, service: string): Discovered | undefined;
  /** Calls `act` after each document that tells other addresses than before, until the returned function is called. */
  onNews(act: () => void): () => void;
}

/** A document is asked for again after so long; where that fails, the old one serves until its time is over. */
const freshMs = 600_000;
const longestMs = 86_400_000;
/** No more often than this while there is nothing to go by. */
const pauseMs = 5_000;
const mostIssuers = 200;

interface Kept {
  found: Discovered | undefined;
  fetchedAt: Moment;
  triedAt: Moment;
  running: Promise<Discovered> | undefined;
}

/**
 * Reads what OpenID providers tell of themselves (OpenID Connect Discovery 1.0 §4). The operator chose the issuer, whose
 * document names all other addresses: those on another host are a stranger's choice, and lead into no inner network.
 */
export function discoveryOver({ outbound, clock }: { readonly outbound: Outbound; readonly clock: Clock }): Discovery {
  const all = new Map<string, Kept>();
  const hearers = new Set<() => void>();

  function keptOf(issuer: string): Kept {
    const there = all.get(issuer);
    if (there !== undefined) return there;
    const [oldest] = all.keys();
    if (all.size >= mostIssuers && oldest !== undefined) all.delete(oldest);
    const never = Number.NEGATIVE_INFINITY;
    const made: Kept = { found: undefined, fetchedAt: never, triedAt: never, running: undefined };
    all.set(issuer, made);
    return made;
  }

  async function fetched(kept: Kept, issuer: string, service: string): Promise<Discovered> {
    kept.triedAt = clock.now();
    const asking = { label: `${service} at ${issuer}`, step: 'handshake' } as const;
    const url = `${issuer.replace(/\/$/u, '')}/.well-known/openid-configuration`;
    const found = discovered(await askFields(outbound, { url, chosenBy: 'operator' }, asking));
    if (found.issuer !== issuer) throw refusal(asking, 'It calls itself by another name.');
    const isNews = JSON.stringify(found) !== JSON.stringify(kept.found);
    kept.found = found;
    kept.fetchedAt = clock.now();
    if (isNews) for (const act of hearers) act();
    return found;
  }

  const refresh = async (kept: Kept, issuer: string, service: string): Promise<Discovered> => {
    kept.running ??= fetched(kept, issuer, service).finally(() => {
      kept.running = undefined;
    });
    return await kept.running;
  };
  const ageOf = (kept: Kept): number => {
    const age = clock.now() - kept.fetchedAt;
    // A clock that was set back makes a document no younger.
    return age < 0 ? Number.POSITIVE_INFINITY : age;
  };
  const waits = (kept: Kept): boolean => {
    const since = clock.now() - kept.triedAt;
    return since >= 0 && since < pauseMs;
  };

  return {
    async of(issuer, service) {
      const kept = keptOf(issuer);
      if (kept.found !== undefined && ageOf(kept) < freshMs) return kept.found;
      const old = kept.found !== undefined && ageOf(kept) < longestMs ? kept.found : undefined;
      if (kept.running === undefined && waits(kept)) {
        if (old !== undefined) return old;
        throw new Fault('provider-unreachable', { service });
      }
      try {
        return await refresh(kept, issuer, service);
      } catch (cause) {
        if (old !== undefined) return old;
        throw cause;
      }
    },
    known(issuer, service) {
      const kept = keptOf(issuer);
      if ((kept.found === undefined || ageOf(kept) >= freshMs) && kept.running === undefined && !waits(kept)) {
        refresh(kept, issuer, service).catch(() => undefined);
      }
      return kept.found;
    },
    onNews(act) {
      hearers.add(act);
      return () => hearers.delete(act);
    },
  };
}

function discovered(fields: Fields): Discovered {
  const issuer = textIn(fields, 'issuer') ?? '';
  const place = (name: string): Place | undefined => {
    const url = textIn(fields, name);
    return url === undefined ? undefined : placeOf(url, issuer);
  };
  return {
    issuer,
    authorize: place('authorization_endpoint'),
    token: place('token_endpoint'),
    identity: place('userinfo_endpoint'),
    keys: place('jwks_uri'),
    introspection: place('introspection_endpoint'),
    namesItself: fields['authorization_response_iss_parameter_supported'] === true,
  };
}

/** An address of the web, and no less private than the issuer's own; undefined for any other. */
function placeOf(text: string, issuer: string): Place | undefined {
  const [url, own] = [URL.parse(text), URL.parse(issuer)];
  if (url === null || own === null || url.username !== '' || url.password !== '') return undefined;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && own.protocol === 'http:')) return undefined;
  return { url: url.href, chosenBy: url.host === own.host ? 'operator' : 'other' };
}
