import { sha256Base64 } from '../../lib/digest.ts';
import type { Identity } from '../external-login/identity.ts';
import type { Vouched } from '../external-login/settle.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Sealer } from '../ports.ts';
import type { ChallengeStore } from '../second-factor/challenge-store.ts';
import type { KeptWordNeeds } from './kept-word.ts';

export interface WaitingJoinNeeds {
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly challenges: Pick<ChallengeStore, 'replace' | 'take'>;
}

type Vouch = (identity: Identity, caller: Caller) => Promise<Vouched>;

const kind = 'waiting-join';

/** So long somebody has to prove the account that stands in the way. */
const waitingJoinMs = 600_000;

/**
 * Runs a sign-in at our own pages by a provider's word. Where it is refused because an account has the address already, the
 * identity is kept for the browser, which may join it once the password of an account was proved (decision 0012).
 * @param browser what the browser's cookie holds
 * @param act the sign-in, with what it vouches by
 */
export async function keepingJoin<Done>(
  needs: WaitingJoinNeeds & { readonly vouch: Vouch },
  browser: string | undefined,
  act: (vouch: Vouch) => Promise<Done>,
): Promise<Done> {
  let told: Identity | undefined;
  try {
    return await act(async (identity, caller) => {
      told = identity;
      return await needs.vouch(identity, caller);
    });
  } catch (cause) {
    const stands = cause instanceof Fault && cause.code === 'identity-address-taken';
    if (stands && told !== undefined && browser !== undefined) await keep(needs, browser, told);
    throw cause;
  }
}

async function keep(
  { clock, sealer, challenges }: WaitingJoinNeeds,
  browser: string,
  identity: Identity,
): Promise<void> {
  const hash = hashOf(browser);
  const sealed = sealer.seal(JSON.stringify(identity), `${kind} ${hash}`);
  const endsAt = clock.now() + waitingJoinMs;
  await challenges.replace({ hash, kind, accountId: undefined, facts: { sealed }, endsAt });
}

/**
 * The identity that a browser brought and could not sign in with; it is used up by this.
 * @param browser what the browser's cookie holds
 * @throws Fault `pending-log-in-unknown` where none waits, `provider-off` where its provider was switched off meanwhile
 */
export async function takeWaitingJoin(
  { clock, sealer, challenges, isOn }: WaitingJoinNeeds & Pick<KeptWordNeeds, 'isOn'>,
  browser: string | undefined,
): Promise<Identity> {
  const hash = hashOf(browser ?? '');
  const sealed = browser === undefined ? undefined : (await challenges.take(hash, kind, clock.now()))?.facts['sealed'];
  if (typeof sealed !== 'string') throw new Fault('pending-log-in-unknown');
  const identity = JSON.parse(sealer.open(sealed, `${kind} ${hash}`)) as Identity;
  if (!isOn(identity.provider).held) throw new Fault('provider-off', { service: identity.provider });
  return identity;
}

/** Another one than those of what else the browser waits for. */
function hashOf(browser: string): string {
  return sha256Base64(`${kind} ${browser}`);
}
