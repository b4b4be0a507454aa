import type { Providers, RedirectProvider } from '../core/external-login/provider.ts';
import type { Clock } from '../core/ports.ts';
import type { Settings } from '../core/setting/settings.ts';
import type { Outbound } from '../lib/outbound.ts';

/** What a provider is made of. */
export interface ProviderParts {
  readonly settings: Settings;
  readonly outbound: Outbound;
  readonly clock: Clock;
}

/** Makes a provider of what is set now; undefined while it is switched off or lacks something that it cannot do without. */
export type ProviderKind = (parts: ProviderParts) => RedirectProvider | undefined;

/** Every provider that is built in, in the order in which clients are told. */
const kinds: readonly ProviderKind[] = [];

/** Every provider to which a browser is sent. What is set is looked at each time. */
export function allProviders(parts: ProviderParts): Providers {
  const list = (): readonly RedirectProvider[] => kinds.flatMap((kind) => kind(parts) ?? []);
  return {
    list,
    find: (service) => list().find((provider) => provider.service === service),
  };
}
