import type { Providers, RedirectProvider } from '../core/external-login/provider.ts';
import { apple } from './apple.ts';
import { customProviders } from './custom.ts';
import { discoveryOver } from './discovery.ts';
import { dolphin } from './dolphin.ts';
import { drupal } from './drupal.ts';
import { facebook } from './facebook.ts';
import { github } from './github.ts';
import { githubEnterprise } from './github-enterprise.ts';
import { gitlab } from './gitlab.ts';
import { google } from './google.ts';
import { keySetsOver } from './key-set.ts';
import type { ProviderKind, ProviderParts } from './kind.ts';
import { linkedin } from './linkedin.ts';
import { meteorDeveloper } from './meteor-developer.ts';
import { nextcloud } from './nextcloud.ts';
import { twitter } from './twitter.ts';
import { wordpress } from './wordpress.ts';

/** Every provider that is built in, in the order in which clients are told. */
const kinds: readonly ProviderKind[] = [
  apple,
  dolphin,
  drupal,
  facebook,
  github,
  githubEnterprise,
  gitlab,
  google,
  linkedin,
  meteorDeveloper,
  nextcloud,
  twitter,
  wordpress,
];

/** Every provider to which a browser is sent. What is set is looked at each time. */
export function allProviders(given: Omit<ProviderParts, 'keySets' | 'discovery'>): Providers {
  const parts: ProviderParts = { ...given, keySets: keySetsOver(given), discovery: discoveryOver(given) };
  const list = (): readonly RedirectProvider[] => [
    ...kinds.flatMap((kind) => kind(parts) ?? []),
    ...customProviders(parts),
  ];
  return {
    list,
    find: (service) => list().find((provider) => provider.service === service),
    onTold: (act) => parts.discovery.onNews(act),
  };
}
