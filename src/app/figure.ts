import { mustHoldPermission } from '../core/administration/may.ts';
import { type Overview, Overviews } from '../core/administration/overview.ts';
import { type SignInBucket, type SignInSpan, tallySignIns } from '../core/audit/tally-sign-ins.ts';
import { lastReport } from '../core/directory/sync.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.figure`, given what they need. */
export function figureCases({ blocking, clock, mailer, permissions, settings, store, syncing }: Needs) {
  const overviews = new Overviews({
    clock,
    authority: permissions,
    figures: store.figures,
    blocking,
    mailer,
    directoryOn: () => settings.get('LDAP_Enable'),
    lastRun: async () => await lastReport(syncing),
  });
  return {
    /** How the installation stands, counted some seconds ago at most. @throws Fault `permission-missing` */
    overview: async (signed: Signed): Promise<Overview> => await overviews.for(signed),
    /** @throws Fault `permission-missing`, and see `tallySignIns` */
    signIns: async (signed: Signed, span: SignInSpan): Promise<readonly SignInBucket[]> => {
      mustHoldPermission(permissions, signed, 'view-statistics');
      return await tallySignIns({ audit: store.audit }, span);
    },
  };
}
