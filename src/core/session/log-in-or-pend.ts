import { Fault, type FaultFacts } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { LoggedIn, Proof, Proved } from './log-in.ts';
import { beginPending, type PendingNeeds } from './pending-factor.ts';

/** A sign-in that went through, or one that waits for its second factor. */
export type HalfOrWhole =
  | { readonly loggedIn: LoggedIn }
  | {
      /** Whoever holds it is halfway in; see `beginPending`. */
      readonly challengeId: string;
      readonly accountId: string;
      /** What may be asked for: `method`, `availableMethods` and what the factor offers. */
      readonly facts: FaultFacts;
    };

/**
 * Signs in; where the proof held and a second factor is due, the first half is kept, so that nobody has to show it again.
 * @throws Fault, see `logIn`, `factor-required` excepted
 */
export async function logInOrPend(needs: PendingNeeds, proof: Proof, caller: Caller): Promise<HalfOrWhole> {
  let held: Extract<Proved, { held: true }> | undefined;
  const watched: Proof = {
    ...proof,
    async check(known, comeUpon, beside) {
      const proved = await proof.check(known, comeUpon, beside);
      held = proved.held ? proved : undefined;
      return proved;
    },
  };
  try {
    return { loggedIn: await needs.logIn(watched, caller, { code: undefined, method: undefined }) };
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'factor-required' || held === undefined) throw cause;
    const { account, kind = proof.kind, vouched, passwordHash } = held;
    const challengeId = await beginPending(needs, account, kind, { vouched, passwordHash });
    return { challengeId, accountId: account.id, facts: cause.facts };
  }
}
