import type { Claim } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditStore } from '../audit/store.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import { type AttemptNeeds, attempt } from '../session/attempt.ts';
import { directoryProvider } from './entry-identity.ts';
import { type ExamineNeeds, type Examining, examineSignIn, type Step } from './examine.ts';

export interface TrySignInNeeds extends ExamineNeeds {
  readonly attempting: AttemptNeeds;
  readonly audit: Pick<AuditStore, 'append'>;
}

/**
 * Goes through a sign-in with the directory for an administrator who is not on the host. Nobody is signed in. With a
 * password it counts as an attempt to sign in: it is held up by the limits, and its failure counts under the name, the
 * account and the address. Each try stands in the audit trail.
 * @throws Fault `account-blocked`, `address-blocked`, `busy`
 */
export async function trySignIn(
  needs: TrySignInNeeds,
  asked: { readonly typed: string; readonly password: string | undefined },
  actorId: string,
  caller: Caller,
): Promise<readonly Step[]> {
  const typed = asked.typed.trim();
  const steps: Step[] = [];
  const examine = async (more: Pick<Examining, 'password' | 'beforePassword'>): Promise<void> => {
    for await (const step of examineSignIn(needs, { typed, ...more })) steps.push(step);
  };
  const { password } = asked;
  const claim: Claim = { by: typed.includes('@') ? 'email' : 'username', value: typed };
  try {
    if (password === undefined) await examine({});
    else {
      const attempted = { what: 'directory.test', caller, claim, actorId } as const;
      await attempt(needs.attempting, attempted, async (known, { comeUpon, beside }) => {
        // As at a sign-in: the name may lead to another account here, or to none.
        const beforePassword = async (subject: string): Promise<void> => {
          const joined = await needs.identities.find(directoryProvider, subject);
          if (joined === undefined) await beside({ by: 'id', value: `${directoryProvider}:${subject}` });
          else if (joined.account.id !== known.account?.id) await comeUpon(joined.account.id);
        };
        await examine({ password, beforePassword });
        if (isGuess(steps).held) throw new Fault('wrong-credentials');
      });
    }
  } catch (cause) {
    // Counted and written down; the steps say the rest.
    if (!(cause instanceof Fault) || cause.code !== 'wrong-credentials') throw cause;
    return steps;
  }
  const facts = {
    [claim.by]: typed.slice(0, 128),
    held: steps.every(({ held }) => held),
    password: password !== undefined,
  };
  const at = needs.attempting.clock.now();
  await needs.audit.append([recordOf('directory.test', { at, caller, actorId, accountId: undefined }, facts)]);
  return steps;
}

/** Whether the directory has said no, rather than nothing. */
function isGuess(steps: readonly Step[]): { readonly held: boolean } {
  const last = steps.findLast(({ held }) => !held);
  if (last === undefined || last.step === 'switch' || last.step === 'connection') return { held: false };
  return { held: !('because' in last) || last.because === undefined };
}
