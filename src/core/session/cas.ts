import { recordOf } from '../audit/record.ts';
import type { Cas } from '../external-login/cas.ts';
import type { IdentityStore } from '../external-login/identity-store.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import { type AttemptNeeds, attempt } from './attempt.ts';
import { type CredentialNeeds, isCredentialToken, keepCredential } from './credential.ts';

export interface CasNeeds extends Pick<CredentialNeeds, 'sealer' | 'random' | 'challenges'> {
  readonly clock: Clock;
  readonly attempting: AttemptNeeds;
  readonly cas: Pick<Cas, 'current'>;
  readonly identities: Pick<IdentityStore, 'endSessions' | 'hasSessions'>;
  readonly log: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
}

/**
 * Takes the ticket that a browser brought, and keeps for the client whose it is (providers.md §6).
 * @param token as the client chose it, which stands in the address of the ticket
 * @throws Fault `malformed`, `provider-off`, `provider-refused`, `provider-unreachable`
 */
export async function takeCasTicket(needs: CasNeeds, token: string, ticket: string, caller: Caller): Promise<void> {
  const server = needs.cas.current();
  if (server === undefined) throw new Fault('provider-off', { service: 'cas' });
  // Spaces, slashes, and all that could end the address that is asked.
  if (!isCredentialToken(token).held || !/^ST-[\w.-]{1,252}$/u.test(ticket)) throw new Fault('malformed');
  try {
    await attempt(needs.attempting, { what: 'log-in', caller, claim: undefined }, async () => {
      const identity = await server.redeem(token, ticket);
      await keepCredential(needs, 'cas', token, 'cas', { identity });
    });
  } catch (cause) {
    if (cause instanceof Fault) {
      const { code, facts } = cause;
      const message = facts['message'];
      needs.log('A ticket of the CAS server was refused.', {
        code,
        address: caller.address,
        ...(typeof message === 'string' ? { reason: message } : {}),
      });
    }
    throw cause;
  }
}

/**
 * Ends the sessions behind a ticket. Nobody signs such messages: whoever knows the ticket may end what it began, and
 * nothing else.
 * @throws Fault `provider-off`, `provider-refused`
 */
export async function endByCas(needs: CasNeeds, message: string, caller: Caller): Promise<void> {
  const server = needs.cas.current();
  if (server === undefined) throw new Fault('provider-off', { service: 'cas' });
  const session = await server.endedTicket(message);
  const which = { provider: 'cas', session };
  // Anybody may send such a message: only one that ends something is worth a transaction.
  if (!(await needs.identities.hasSessions(which)).held) return;
  const at = needs.clock.now();
  await needs.identities.endSessions(which, (accountId) =>
    recordOf('identity.log-out', { at, caller, actorId: undefined, accountId }, { provider: 'cas' }),
  );
}
