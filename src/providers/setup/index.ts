import type { Directory } from '../../core/directory/directory.ts';
import { DirectoryUnreachable } from '../../core/directory/directory.ts';
import type { ConfigurableService, ProviderSetup, SetupStep } from '../../core/external-login/setup.ts';
import { discoveryOver } from '../discovery.ts';
import { keySetsOver } from '../key-set.ts';
import type { ProviderParts } from '../kind.ts';
import { configurable } from './list.ts';

/** What the set-up of providers is looked at with. */
export interface SetupParts extends Omit<ProviderParts, 'keySets' | 'discovery'> {
  readonly directory: () => Directory | undefined;
}

/** How providers are set up, as the settings are each time. */
export function setupOf(given: SetupParts): ProviderSetup {
  const partsOf = (): ProviderParts => ({ ...given, keySets: keySetsOver(given), discovery: discoveryOver(given) });
  const list = (): readonly ConfigurableService[] => configurable(partsOf());
  return {
    list,
    async examine(service) {
      const found = list().find((one) => one.service === service);
      if (found === undefined) {
        return [{ step: 'service', held: false, told: 'No service of this name can be configured.' }];
      }
      switch (found.kind) {
        case 'saml':
          return await (await import('./saml.ts')).examineSaml(given, found);
        case 'cas':
          return await (await import('./cas.ts')).examineCas(given, found);
        case 'ldap':
          return await examineDirectory(given.directory());
        default:
          return await (await import('./oauth.ts')).examineOauth(partsOf(), found);
      }
    },
  };
}

/** As far as it goes without a person; `ldap.testSearch` goes further. */
async function examineDirectory(directory: Directory | undefined): Promise<readonly SetupStep[]> {
  if (directory === undefined) {
    return [{ step: 'on', held: false, told: 'It is switched off, or has no host: nobody signs in by it.' }];
  }
  const on: SetupStep = { step: 'on', held: true, told: 'It is switched on.' };
  const step = 'connection';
  try {
    await directory.test();
    return [on, { step, held: true, told: 'The directory answers, and takes the service account where one is set.' }];
  } catch (cause) {
    if (!(cause instanceof DirectoryUnreachable)) throw cause;
    return [on, { step, held: false, told: cause.message }];
  }
}
