import { equalSecrets } from '../../lib/digest.ts';
import type { CallCounts } from '../call-counts.ts';
import { Fault } from '../fault.ts';
import type { Caller, Sealer } from '../ports.ts';
import { addressKey } from '../session/device.ts';
import { type Application, type ClientProof, secretOf } from './application.ts';
import { type ApplicationAuditNeeds, noteAct } from './audit.ts';
import type { ApplicationStore } from './store.ts';

export interface ClientNeeds extends ApplicationAuditNeeds {
  readonly sealer: Pick<Sealer, 'open'>;
  readonly applications: Pick<ApplicationStore, 'byClientId'>;
  readonly counts: Pick<CallCounts, 'count' | 'seen'>;
  /** So many of them from one address, and the next is not looked at for a while. */
  readonly guessLimits: () => {
    /** Wrong secrets for one client id. */
    readonly wrong: number;
    /** Ids that are nobody's, all of which count as one. */
    readonly unknown: number;
  };
}

/** What a client showed of itself. */
export interface ShownClient {
  readonly clientId: string;
  /** Undefined where the way is `none`. */
  readonly secret: string | undefined;
  readonly way: ClientProof;
}

const windowMs = 300_000;

/**
 * The active application that a client shows it is (RFC 6749 §2.3, §3.2.1).
 * @throws Fault `application-client-refused`, the same whatever was wrong; `rate-limited` after many wrong secrets
 */
export async function mustBeClient(needs: ClientNeeds, shown: ShownClient, caller: Caller): Promise<Application> {
  const now = needs.clock.now();
  const application = await needs.applications.byClientId(shown.clientId);
  // Ids that somebody makes up must not become rows.
  const key = `client ${addressKey(caller.address)}${application === undefined ? '' : ` ${application.clientId}`}`;
  const { calls, endsAt } = await needs.counts.seen(key, now);
  const { wrong, unknown } = needs.guessLimits();
  const most = application === undefined ? unknown : wrong;
  if (calls >= most) throw new Fault('rate-limited', { retryAfterMs: endsAt - now });
  if (application !== undefined && isShown(needs, application, shown).held && application.active) return application;
  await needs.counts.count({ key, windowMs, now });
  if (application !== undefined) await noteAct(needs, 'application.client-refused', application, {}, caller);
  throw new Fault('application-client-refused');
}

function isShown(
  { sealer }: ClientNeeds,
  application: Application,
  { secret, way }: ShownClient,
): { readonly held: boolean } {
  const { publicClient, clientProof } = application.options;
  if (publicClient) return { held: way === 'none' };
  if (way === 'none' || secret === undefined) return { held: false };
  if (clientProof !== undefined && clientProof !== way) return { held: false };
  return equalSecrets(secret, secretOf(sealer, application));
}
