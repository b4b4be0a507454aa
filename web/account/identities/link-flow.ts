import { pageAt } from '../../address.ts';
import { facts } from '../../facts.ts';

/** What a browser brought back that was sent to a provider to link an identity. */
export interface CameBack {
  readonly service: string;
  readonly token: string;
  /** Undefined where the provider refused, or the person declined. */
  readonly secret: string | undefined;
}

/**
 * Where the half of a pair waits that this window chose, while the browser is away. It opens nothing without the other
 * half, which comes back behind the `#`; so nobody can have this browser link what they brought.
 */
const storageKey = 'countersign.link';

/** What is brought by these has no secret, so the server links none of it. */
const unlinkable: ReadonlySet<string> = new Set(['saml', 'cas', 'ldap']);

/** The services whose identities can be linked from here. */
export function linkableServices(): readonly string[] {
  return facts.services.map(({ service }) => service).filter((service) => !unlinkable.has(service));
}

/** Sends the browser to a provider; it comes back to this screen. */
export function beginLink(service: string): void {
  const token = Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  sessionStorage.setItem(storageKey, JSON.stringify({ service, token }));
  location.assign(`${pageAt(`/oauth/${encodeURIComponent(service)}`)}?link=${token}`);
}

/** Takes what came back, out of the address and of the storage; undefined where nothing did. */
export function takeLink(): CameBack | undefined {
  const [, brought] = /^#link=([\w-]{1,512})$/u.exec(location.hash) ?? [];
  if (brought === undefined) return undefined;
  history.replaceState(history.state, '', location.pathname);
  const waiting = sessionStorage.getItem(storageKey);
  sessionStorage.removeItem(storageKey);
  if (waiting === null) return undefined;
  const { service, token } = JSON.parse(waiting) as Pick<CameBack, 'service' | 'token'>;
  return { service, token, secret: brought === 'refused' ? undefined : brought };
}
