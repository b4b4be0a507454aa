import { recordOf } from '../audit/record.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Application } from './application.ts';

export interface ApplicationAuditNeeds {
  readonly clock: Clock;
  readonly audit: Pick<AuditStore, 'append'>;
}

/** What an application did at a token endpoint. */
export type ApplicationAct =
  /** Turned a code into tokens. */
  | 'application.log-in'
  /** Brought a code or a refresh token again. */
  | 'application.replay'
  /** Showed a wrong secret, or none, or a right one in a way that is not its own. */
  | 'application.client-refused';

/** Notes what an application did, where nothing else is written that could tell of it. */
export async function noteAct(
  { clock, audit }: ApplicationAuditNeeds,
  what: ApplicationAct,
  { clientId, name }: Pick<Application, 'clientId' | 'name'>,
  more: { readonly accountId?: string | undefined; readonly of?: string | undefined },
  caller: Caller,
): Promise<void> {
  const { accountId, of } = more;
  const outcome = what === 'application.log-in' ? 'done' : 'refused';
  await audit.append([
    recordOf(
      what,
      { at: clock.now(), caller, actorId: undefined, accountId, outcome },
      { application: clientId, name, ...(of === undefined ? {} : { of }) },
    ),
  ]);
}
