import { equalSecrets } from '../../lib/digest.ts';
import type { CallCounts } from '../call-counts.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Sealer } from '../ports.ts';
import { addressKey } from '../session/device.ts';
import { type Application, type ClientProof, secretOf } from './application.ts';
import type { ApplicationStore } from './store.ts';

export interface ClientNeeds {
  readonly clock: Clock;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly applications: Pick<ApplicationStore, 'byClientId'>;
  readonly counts: Pick<CallCounts, 'count' | 'seen'>;
}

/** What a client showed of itself. */
export interface ShownClient {
  readonly clientId: string;
  /** Undefined where the way is `none`. */
  readonly secret: string | undefined;
  readonly way: ClientProof;
}

const windowMs = 300_000;
/** So many wrong secrets for one client id from one address, and the next is not looked at for a while. */
const mostWrong = 20;

/**
 * The active application that a client shows it is (RFC 6749 §2.3, §3.2.1).
 * @throws Fault `application-client-refused`, the same whatever was wrong; `rate-limited` after many wrong secrets
 */
export async function mustBeClient(needs: ClientNeeds, shown: ShownClient, caller: Caller): Promise<Application> {
  const now = needs.clock.now();
  const key = `client ${addressKey(caller.address)} ${shown.clientId.slice(0, 64)}`;
  const { calls, endsAt } = await needs.counts.seen(key, now);
  if (calls >= mostWrong) throw new Fault('rate-limited', { retryAfterMs: endsAt - now });
  const application = await needs.applications.byClientId(shown.clientId);
  if (application !== undefined && isShown(needs, application, shown).held && application.active) return application;
  await needs.counts.count({ key, windowMs, now });
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
