import type { IncomingMessage } from 'node:http';
import type { App } from '../../app.ts';
import type { Caller } from '../../core/ports.ts';
import type { Outbound } from '../../lib/outbound.ts';

/** What a provider is made of. */
export interface ProviderParts {
  readonly app: App;
  readonly outbound: Outbound;
  readonly log: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** What the OpenID provider needs of the process that it runs in. */
export interface OpenIdDoorParts extends ProviderParts {
  /** Who asks, as far as the connection and the trusted proxies tell. */
  readonly callerOf: (request: IncomingMessage) => Pick<Caller, 'address' | 'userAgent'>;
}
