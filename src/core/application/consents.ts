import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import { mustBeFull } from '../session/restricted.ts';
import type { Signed } from '../session/token.ts';
import type { ApplicationStore, Consent, GrantStore } from './store.ts';

export interface ConsentNeeds {
  readonly clock: Clock;
  readonly applications: Pick<ApplicationStore, 'byClientId'>;
  readonly grants: Pick<GrantStore, 'consents' | 'withdraw'>;
}

/** Applications to which the caller has agreed, the newest first. @throws Fault, see `mustBeFull` */
export async function ownConsents({ grants }: ConsentNeeds, signed: Signed): Promise<readonly Consent[]> {
  mustBeFull(signed);
  return await grants.consents(signed.account.id);
}

/**
 * Takes back that an application may speak for the caller: its codes and tokens for them end.
 * @throws Fault `application-unknown` where they never agreed, and those of `mustBeFull`
 */
export async function withdrawConsent(
  needs: ConsentNeeds,
  signed: Signed,
  clientId: string,
  caller: Caller,
): Promise<void> {
  mustBeFull(signed);
  const application = await needs.applications.byClientId(clientId);
  const { id } = signed.account;
  const withdrawn =
    application !== undefined &&
    (await needs.grants.withdraw(
      id,
      application.id,
      recordOf(
        'application.withdraw',
        { at: needs.clock.now(), caller, actorId: id, accountId: id },
        { application: application.clientId, name: application.name },
      ),
    ));
  if (!withdrawn) throw new Fault('application-unknown');
}
