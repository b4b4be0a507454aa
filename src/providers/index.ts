import type { Providers, RedirectProvider } from '../core/external-login/provider.ts';
import { customProviders } from './custom.ts';
import { discoveryOver } from './discovery.ts';
import { keySetsOver } from './key-set.ts';
import type { ProviderParts } from './kind.ts';
import { kinds } from './kinds.ts';

/** Every provider to which a browser is sent. What is set is looked at each time. */
export function allProviders(given: Omit<ProviderParts, 'keySets' | 'discovery'>): Providers {
  const parts: ProviderParts = { ...given, keySets: keySetsOver(given), discovery: discoveryOver(given) };
  const list = (): readonly RedirectProvider[] => [
    ...Object.values(kinds).flatMap((kind) => kind(parts) ?? []),
    ...customProviders(parts),
  ];
  return {
    list,
    find: (service) => list().find((provider) => provider.service === service),
    onTold: (act) => parts.discovery.onNews(act),
  };
}
