import { mustHoldPermission } from '../core/administration/may.ts';
import type { ConfigurableService, SetupStep } from '../core/external-login/setup.ts';
import { Fault } from '../core/fault.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

const testing = 'test-admin-options';

/** Use-cases of `app.setup`: how providers are set up. */
export function setupCases({ permissions, setup }: Needs) {
  return {
    /** Every service that can be configured. @throws Fault `permission-missing` */
    list: (signed: Signed): readonly ConfigurableService[] => {
      const may = permissions.held(signed, testing).held || permissions.held(signed, 'view-privileged-setting').held;
      if (!may) throw new Fault('permission-missing', { permission: testing });
      return setup.list();
    },
    /** Goes through the set-up of one, see `ProviderSetup`. @throws Fault `permission-missing` */
    examine: async (signed: Signed, service: string): Promise<readonly SetupStep[]> => {
      mustHoldPermission(permissions, signed, testing);
      return await setup.examine(service);
    },
  };
}
