import type { RedirectProvider } from '../core/external-login/provider.ts';
import type { Clock, Random } from '../core/ports.ts';
import type { Settings } from '../core/setting/settings.ts';
import type { Outbound } from '../lib/outbound.ts';
import type { CustomShape } from './custom-shape.ts';
import type { Discovery } from './discovery.ts';
import type { KeySets } from './key-set.ts';

/** What a provider is made of. */
export interface ProviderParts {
  readonly settings: Settings;
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly random: Pick<Random, 'token'>;
  /** The keys with which providers sign, kept for as long as the process runs. */
  readonly keySets: KeySets;
  /** What OpenID providers tell of themselves, kept as long. */
  readonly discovery: Discovery;
}

/** A provider as it is made, with what only its set-up is tested by. */
export interface MadeProvider extends RedirectProvider {
  /** Where it is asked, for those whose addresses do not stand in settings of their own. */
  readonly places?: Pick<CustomShape, 'issuer' | 'places'>;
}

/** Makes a provider of what is set now; undefined while it is switched off or lacks something that it cannot do without. */
export type ProviderKind = (parts: ProviderParts) => MadeProvider | undefined;
