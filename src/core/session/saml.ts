import { sha256Base64 } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import type { Identity } from '../external-login/identity.ts';
import type { IdentityStore } from '../external-login/identity-store.ts';
import type { Saml, SamlMessage, SamlProvider, SamlTold } from '../external-login/saml.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Moment, Random } from '../ports.ts';
import type { ChallengeStore } from '../second-factor/challenge-store.ts';
import { type AttemptNeeds, attempt } from './attempt.ts';
import { type CredentialNeeds, isCredentialToken, keepCredential } from './credential.ts';
import { keepPageHalf, type PageErrand, samlHalf } from './page-half.ts';

export interface SamlNeeds extends Pick<CredentialNeeds, 'sealer'> {
  readonly clock: Clock;
  readonly random: Pick<Random, 'token' | 'id'>;
  readonly attempting: AttemptNeeds;
  readonly saml: Pick<Saml, 'current' | 'state'>;
  readonly challenges: Pick<ChallengeStore, 'find' | 'put' | 'putOnce' | 'replace' | 'take'>;
  readonly identities: Pick<IdentityStore, 'find' | 'ofAccount' | 'endSessions'>;
  /** The ids of every role that an account may have. */
  readonly roles: () => readonly string[];
  /** A username that is free, made of a name. */
  readonly suggestUsername: (about: Pick<Account, 'name' | 'emails'>) => Promise<string>;
  /** Tells the operator why somebody was refused, without anything that a message held. */
  readonly log: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
}

const kindRequest = 'saml-request';
const kindAssertion = 'saml-assertion';
const kindEnding = 'saml-ending';
const lifeMs = 300_000;

/**
 * Sends a browser to the identity provider (providers.md §5.1). The request is good for one answer, within five minutes.
 * @param token as the client chose it
 * @param page what our own pages sent the browser for, which are to be where it ends
 * @returns the address; undefined where no such provider is switched on
 * @throws Fault `malformed` for a token of another form
 */
export async function beginSaml(
  needs: SamlNeeds,
  name: string,
  token: string,
  page?: PageErrand,
): Promise<string | undefined> {
  const provider = mine(needs, name);
  if (provider === undefined) return undefined;
  if (!isCredentialToken(token).held) throw new Fault('malformed');
  const requestId = provider.requestIdOf(token);
  const hash = hashOf(kindRequest, name, requestId);
  const now = needs.clock.now();
  await needs.challenges.take(hash, kindRequest, now);
  // Of two at once with one token, the answer of either is taken, and only one.
  await needs.challenges.putOnce({
    hash,
    kind: kindRequest,
    accountId: undefined,
    facts: { ...page },
    endsAt: now + lifeMs,
  });
  return provider.leave(requestId);
}

/**
 * Takes the response that a browser brought back, and keeps for the client what it says.
 * @param encoded the field of the form
 * @returns the credential token, which is not the client's: whoever sent the browser there must not know it
 * @throws Fault `provider-off`, `provider-refused`
 */
export async function takeSamlResponse(
  needs: SamlNeeds,
  name: string,
  encoded: string,
  caller: Caller,
): Promise<string> {
  const provider = mine(needs, name);
  if (provider === undefined) throw new Fault('provider-off', { service: 'saml' });
  const attempted = { what: 'log-in', caller, claim: undefined } as const;
  return await telling(
    needs,
    caller,
    async () =>
      await attempt(needs.attempting, attempted, async () => {
        const told = await provider.judge(encoded, async (requestId) => {
          await mustBeAsked(needs, provider, requestId, 'find');
        });
        const { browserHash, returnTo } = await mustBeAsked(needs, provider, told.requestId, 'take');
        await mustBeNew(needs, kindAssertion, `${told.issuer} ${told.assertionId}`, told.endsAt);
        const { identity } = told;
        const outcome =
          'problem' in identity
            ? { fault: new Fault('provider-refused', { service: 'saml', message: identity.problem }) }
            : { identity: await settled(needs, { ...told, identity }) };
        if ('fault' in outcome) {
          needs.log('Somebody whom the identity provider named can have no account.', reason(outcome.fault));
        }
        const token = needs.random.token();
        await keepCredential(needs, 'saml', token, 'saml', outcome);
        if (typeof browserHash === 'string' && typeof returnTo === 'string') {
          const endsAt = needs.clock.now() + lifeMs;
          await keepPageHalf(needs, samlHalf(token), { accountId: undefined, browserHash, returnTo, endsAt });
        }
        return token;
      }),
  );
}

/**
 * Answers of a request that nobody here made are refused, unless the settings take the uninvited.
 * @param act whether to look at the request, or to use it up
 * @returns what was kept with the request
 */
async function mustBeAsked(
  needs: SamlNeeds,
  provider: SamlProvider,
  requestId: string | undefined,
  act: 'find' | 'take',
): Promise<Readonly<Record<string, unknown>>> {
  if (requestId === undefined) {
    if (!provider.takesUninvited) throw refusedFor('The response answers no request, and such are not taken.');
    return {};
  }
  const hash = hashOf(kindRequest, provider.name, requestId);
  const asked = await needs.challenges[act](hash, kindRequest, needs.clock.now());
  if (asked === undefined) throw refusedFor('The request is unknown, answered already, or too old.');
  return asked.facts;
}

async function mustBeNew(needs: SamlNeeds, kind: string, id: string, endsAt: Moment): Promise<void> {
  // The clocks of nodes differ a little, too.
  const kept = { hash: hashOf(kind, id), kind, accountId: undefined, facts: {}, endsAt: endsAt + 60_000 };
  if (!(await needs.challenges.putOnce(kept))) {
    throw refusedFor('An assertion with the same ID cannot be used more than once.');
  }
}

/** The identity with what only a store can tell: under which of its subjects it is known, which roles there are. */
async function settled(needs: SamlNeeds, told: SamlTold): Promise<Identity> {
  const { identity, otherSubjects, roles, syncsRoles } = told;
  let known: string | undefined;
  for (const subject of [identity.subject, ...otherSubjects]) {
    if ((await needs.identities.find('saml', subject)) !== undefined) {
      known = subject;
      break;
    }
  }
  let { username } = identity;
  if (username === undefined && known === undefined && told.generatesUsername) {
    const emails = identity.emails.map(({ address, asserted }) => ({ address, verified: asserted }));
    username = await needs.suggestUsername({ name: identity.name, emails });
  }
  return {
    ...identity,
    subject: known ?? identity.subject,
    username,
    roles: roles === undefined || !syncsRoles ? undefined : { held: roles, decided: needs.roles() },
  };
}

/**
 * Begins to sign somebody out at the identity provider.
 * @returns the address for their browser; undefined where there is nothing to end there
 */
export async function leaveSaml(needs: SamlNeeds, accountId: string, name: string): Promise<string | undefined> {
  const provider = mine(needs, name);
  if (provider?.endsThere !== true) return undefined;
  const own = (await needs.identities.ofAccount(accountId)).filter(
    ({ provider: of, facts }) => of === 'saml' && facts['nameId'] !== undefined,
  );
  const latest = own.toSorted((one, other) => (other.usedAt ?? 0) - (one.usedAt ?? 0))[0];
  if (latest === undefined) return undefined;
  const requestId = `id-${needs.random.id()}`;
  const hash = hashOf(kindEnding, name, requestId);
  const endsAt = needs.clock.now() + lifeMs;
  await needs.challenges.put({ hash, kind: kindEnding, accountId, facts: { subject: latest.subject }, endsAt });
  return provider.end(requestId, latest.facts);
}

/**
 * Takes a message of the identity provider about signing out, which must be signed: its request ends the sessions of whom
 * it names, its answer those of whoever asked.
 * @returns where to send the browser: to the provider with our answer, or undefined for the root
 * @throws Fault `provider-off`, `provider-refused`
 */
export async function endBySaml(
  needs: SamlNeeds,
  name: string,
  message: SamlMessage,
  relayState: string | undefined,
  caller: Caller,
): Promise<string | undefined> {
  const provider = mine(needs, name);
  if (provider === undefined) throw new Fault('provider-off', { service: 'saml' });
  return await telling(needs, caller, async () => {
    const now = needs.clock.now();
    const audit = (accountId: string): ReturnType<typeof recordOf> =>
      recordOf('identity.log-out', { at: now, caller, actorId: undefined, accountId }, { provider: 'saml' });
    if (message.kind === 'response') {
      const requestId = await provider.readEnded(message);
      const asked = await needs.challenges.take(hashOf(kindEnding, name, requestId), kindEnding, now);
      const subject = asked?.facts['subject'];
      if (typeof subject === 'string') await needs.identities.endSessions({ provider: 'saml', subject }, audit);
      return undefined;
    }
    const { requestId, sessions, ofPerson, endsAt } = await provider.readEnding(message);
    await mustBeNew(needs, kindEnding, `${name} ${requestId}`, endsAt);
    const which = sessions.length === 0 ? [{ sessionsOf: ofPerson }] : sessions.map((session) => ({ session }));
    let found = false;
    for (const one of which) {
      const ended = await needs.identities.endSessions({ provider: 'saml', ...one }, audit);
      found = found || ended.length > 0;
    }
    return provider.answerEnding(requestId, found, relayState);
  });
}

/** The provider of this name, if it is the one that is set; what keeps it from working goes to the log. */
function mine(needs: SamlNeeds, name: string): SamlProvider | undefined {
  const provider = needs.saml.current();
  if (provider?.name === name) return provider;
  const problem = needs.saml.state()?.problem;
  if (provider === undefined && problem !== undefined) {
    needs.log('SAML is switched on and cannot be used.', { reason: problem });
  }
  return undefined;
}

/** Tells the operator why a message was refused. */
async function telling<T>(needs: SamlNeeds, caller: Caller, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof Fault) {
      needs.log('A message of the identity provider was refused.', { ...reason(cause), address: caller.address });
    }
    throw cause;
  }
}

function reason({ code, facts }: Fault): Readonly<Record<string, unknown>> {
  return { code, ...(typeof facts['message'] === 'string' ? { reason: facts['message'] } : {}) };
}

function refusedFor(message: string): Fault {
  return new Fault('provider-refused', { service: 'saml', message });
}

function hashOf(...parts: readonly string[]): string {
  return sha256Base64(JSON.stringify(parts));
}
