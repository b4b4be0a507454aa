import type { WithApp } from '../needs.ts';
import { type Check, reasonOf, subject } from './check.ts';
import { logLevelCheck, nodeCheck, openFilesCheck } from './host.ts';
import { networkChecks } from './network.ts';
import type { Configuration, DoctorProbes } from './probes.ts';
import { storeChecks } from './store.ts';

/**
 * Looks at everything that commonly goes wrong, one after the other; what depends on something broken is left out.
 * @param withApp opens the app; called only for a database whose schema is current, so that nothing is migrated
 */
export async function examine(probes: DoctorProbes, withApp: WithApp): Promise<readonly Check[]> {
  const configured = configurationOf(probes);
  if ('problem' in configured) return [configured.problem, nodeCheck(probes.node), openFilesCheck(probes)];
  const { configuration } = configured;
  return [
    subject('configuration', 'Configuration').ok('The environment can be used.'),
    nodeCheck(probes.node),
    ...(await storeChecks(probes, configuration, withApp)),
    ...(await networkChecks(probes, configuration)),
    openFilesCheck(probes),
    logLevelCheck(configuration.logLevel),
  ];
}

function configurationOf(probes: DoctorProbes): { configuration: Configuration } | { problem: Check } {
  try {
    return { configuration: probes.configuration() };
  } catch (cause) {
    const advice = 'Correct that variable; docs/reference/environment.md lists all of them.';
    return { problem: subject('configuration', 'Configuration').fail(reasonOf(cause), advice) };
  }
}
