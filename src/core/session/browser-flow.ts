import { equalSecrets, sha256Base64 } from '../../lib/digest.ts';
import { type Account, administratorRole } from '../account/account.ts';
import type { Identity } from '../external-login/identity.ts';
import type { Providers, RedirectProvider } from '../external-login/provider.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Moment, Random, Sealer } from '../ports.ts';
import type { Challenge, ChallengeStore } from '../second-factor/challenge-store.ts';
import { type AdmittedNeeds, makeAdmittedCode } from './admitted-code.ts';
import { type AttemptNeeds, attempt } from './attempt.ts';
import { type BrowserOutcome, isCredentialToken, keepCredential } from './credential.ts';
import { type ExternalProofNeeds, externalProof } from './external-proof.ts';
import type { LogInNeeds } from './log-in.ts';
import { keepPageHalf } from './page-half.ts';
import { beginPending } from './pending-factor.ts';
import { mustBeAdmitted } from './rules.ts';
import { keepingJoin } from './waiting-join.ts';

export interface BrowserFlowNeeds extends ExternalProofNeeds, Pick<AdmittedNeeds, 'limits' | 'tokens'> {
  readonly clock: Clock;
  readonly random: Random;
  readonly sealer: Sealer;
  readonly challenges: Pick<ChallengeStore, 'put' | 'take' | 'find' | 'replace'>;
  readonly providers: Pick<Providers, 'find'>;
  readonly attempting: AttemptNeeds;
  readonly policy: LogInNeeds['policy'];
  /** The second factor that the account is asked for first; undefined where none is due. */
  readonly factorDue: (account: Account) => string | undefined;
  /** Where browsers reach this server, without a slash at the end. */
  readonly rootUrl: () => string;
}

/** What is to become of a browser that comes back. */
export interface Errand {
  /** Which client sent it, where one said so. */
  readonly client: 'mobile' | 'desktop' | undefined;
  /** A place at our own pages where the browser itself shall be signed in; undefined where a client waits for a code. */
  readonly returnTo: string | undefined;
  /**
   * Nobody signs in: what the provider says is kept under this token, see `keepCredential`, for the page that chose it and
   * joins it with the account of whoever is signed in there.
   */
  readonly link?: string | undefined;
}

/** What is kept while a browser is away. */
interface Away extends Errand {
  readonly service: string;
  /** Hash of what the browser's cookie holds. */
  readonly browser: string;
  readonly redirectUri: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly remembered: string | null;
  readonly endsAt: Moment;
}

const kindAway = 'browser-away';
const kindBrought = 'browser-brought';
const lifeMs = 300_000;
const broughtMs = 60_000;
/** More than any provider sends. */
const longestParams = 16_384;

/**
 * Sends a browser to a provider (providers.md §2.7). What has to stay secret stays here: a state that is good once, a
 * nonce, and PKCE's verifier (RFC 7636), all bound to what the browser's cookie holds.
 * @returns where to send it, and what its cookie must hold for five minutes
 * @throws Fault `provider-off`, `malformed` for a token to link by that is none, and those of the provider
 */
export async function leaveForProvider(
  needs: BrowserFlowNeeds,
  service: string,
  errand: Errand,
): Promise<{ readonly address: string; readonly browser: string }> {
  const provider = providerOf(needs, service);
  if (errand.link !== undefined && !isCredentialToken(errand.link).held) throw new Fault('malformed');
  const [state, nonce, verifier, browser] = [
    needs.random.token(),
    needs.random.token(),
    needs.random.token(),
    needs.random.token(),
  ] as const;
  const redirectUri = `${needs.rootUrl()}/oauth/${encodeURIComponent(service)}/callback`;
  const { address, remembered } = await provider.leave({ redirectUri, state, nonce, verifier });
  const away: Away = {
    ...errand,
    service,
    browser: sha256Base64(browser),
    redirectUri,
    nonce,
    verifier,
    remembered: remembered ?? null,
    endsAt: needs.clock.now() + lifeMs,
  };
  await needs.challenges.put(sealed(needs, kindAway, sha256Base64(state), away, away.endsAt));
  return { address, browser };
}

/**
 * Keeps what a provider posted across sites, where the browser sends no cookie, until the browser comes again by itself.
 * @returns what names it, good once for a minute
 * @throws Fault `pending-log-in-unknown` for a state that nobody waits with
 */
export async function keepBrought(needs: BrowserFlowNeeds, params: Readonly<Record<string, string>>): Promise<string> {
  const { state = '' } = params;
  const now = needs.clock.now();
  if (JSON.stringify(params).length > longestParams) throw new Fault('malformed');
  if ((await needs.challenges.find(sha256Base64(state), kindAway, now)) === undefined) throw unknown();
  const name = needs.random.token();
  await needs.challenges.put(sealed(needs, kindBrought, sha256Base64(name), params, now + broughtMs));
  return name;
}

/** What `keepBrought` keeps under a name. @throws Fault `pending-log-in-unknown` */
export async function takeBrought(needs: BrowserFlowNeeds, name: string): Promise<Readonly<Record<string, string>>> {
  const brought = await taken<Readonly<Record<string, string>>>(needs, kindBrought, sha256Base64(name));
  if (brought === undefined) throw unknown();
  return brought;
}

/** What has become of a browser that came back, beside its errand. */
export type CameBack = Errand &
  (
    | {
        /** Opens the session, see `makeAdmittedCode`. */
        readonly code: string;
      }
    | {
        /** Names the log-in that waits for its second factor, see `beginPending`. */
        readonly challengeId: string;
        readonly method: string;
      }
    | {
        /** Why nobody is signed in, where our own pages are to say so. */
        readonly refused: Fault;
      }
    | {
        /** What the page that waits to join it needs beside its token; undefined where it came to nothing. */
        readonly linkSecret: string | undefined;
      }
  );

/**
 * Ends what `leaveForProvider` began, up to the session: whom the provider names is found or made, and must be admitted.
 * What else it says is written with the session. The state is used up whatever comes of it.
 * @param browser what the browser's cookie holds
 * @param params what came with it, one value each
 * @throws Fault `pending-log-in-unknown` for a state that is unknown, used, over, of another service, or of another
 *   browser; of a client's errand also `provider-off`, `provider-refused`, and those of `vouchFor` and `mustBeAdmitted`
 */
export async function comeBack(
  needs: BrowserFlowNeeds,
  service: string,
  params: Readonly<Record<string, string>>,
  browser: string | undefined,
  caller: Caller,
): Promise<CameBack> {
  const { state = '' } = params;
  const away = await taken<Away>(needs, kindAway, sha256Base64(state));
  const left = away === undefined ? 0 : away.endsAt - needs.clock.now();
  // A clock that was set back must not make it live longer than any may.
  if (away === undefined || left <= 0 || left > lifeMs || away.service !== service) throw unknown();
  // Another browser's state, however it came by it.
  if (browser === undefined || !equalSecrets(sha256Base64(browser), away.browser).held) throw unknown();
  const { client, returnTo } = away;
  try {
    const waits = waitsForClient(away) ? undefined : browser;
    return await keepingJoin(needs, waits, async (vouch) => await ended({ ...needs, vouch }, away, params, caller));
  } catch (cause) {
    if (waitsForClient(away) || !(cause instanceof Fault)) throw cause;
    return { client, returnTo, refused: cause };
  }
}

/** Whether what comes of it is not for our own sign-in page to say. */
function waitsForClient({ returnTo, link }: Errand): boolean {
  return returnTo === undefined || link !== undefined;
}

async function ended(
  needs: BrowserFlowNeeds,
  away: Away,
  params: Readonly<Record<string, string>>,
  caller: Caller,
): Promise<CameBack> {
  const { service, redirectUri, nonce, verifier, remembered, client, returnTo, link } = away;
  const provider = providerOf(needs, service);
  const identify = async (): Promise<Identity> => {
    if (params['error'] !== undefined) throw new Fault('provider-refused', { service, message: 'denied' });
    return await provider.identify({ redirectUri, nonce, verifier, params, remembered: remembered ?? undefined });
  };
  if (link !== undefined) {
    const outcome = await outcomeOf(identify);
    return { client, returnTo, linkSecret: await keepCredential(needs, 'oauth', link, service, outcome) };
  }
  const proof = externalProof(needs, service, identify, caller);
  const attempted = { what: 'log-in', caller, claim: undefined } as const;
  const vouched = await attempt(needs.attempting, attempted, async (known, { comeUpon, beside }) => {
    const proved = await proof.check(known, comeUpon, beside);
    if (!proved.held || proved.vouched === undefined) throw unknown();
    const rules = { ...needs.policy(), administratorRole, now: needs.clock.now() };
    mustBeAdmitted(proved.vouched.withRoles, { byPassword: false }, rules);
    return proved.vouched;
  });
  const { account } = vouched;
  const errand = { client, returnTo };
  const method = needs.factorDue(account);
  if (method === undefined) {
    return { ...errand, code: await makeAdmittedCode(needs, { vouched, kind: service }) };
  }
  const challengeId = await beginPending(needs, account, service, { vouched });
  if (returnTo !== undefined) {
    const half = { accountId: account.id, browserHash: away.browser, returnTo, endsAt: needs.clock.now() + lifeMs };
    await keepPageHalf(needs, challengeId, half);
  }
  return { ...errand, method, challengeId };
}

/** What a provider says, or why it does not: the page that waits is told when it asks. */
async function outcomeOf(identify: () => Promise<Identity>): Promise<BrowserOutcome> {
  try {
    return { identity: await identify() };
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    return { fault: cause };
  }
}

function providerOf({ providers }: BrowserFlowNeeds, service: string): RedirectProvider {
  const provider = providers.find(service);
  if (provider === undefined) throw new Fault('provider-off', { service });
  return provider;
}

function unknown(): Fault {
  return new Fault('pending-log-in-unknown');
}

type Sealing = Pick<BrowserFlowNeeds, 'sealer' | 'challenges' | 'clock'>;

function sealed({ sealer }: Sealing, kind: string, hash: string, kept: object, endsAt: Moment): Challenge {
  const text = sealer.seal(JSON.stringify(kept), `${kind} ${hash}`);
  return { hash, kind, accountId: undefined, facts: { sealed: text }, endsAt };
}

async function taken<T>({ sealer, challenges, clock }: Sealing, kind: string, hash: string): Promise<T | undefined> {
  const text = (await challenges.take(hash, kind, clock.now()))?.facts['sealed'];
  return typeof text === 'string' ? (JSON.parse(sealer.open(text, `${kind} ${hash}`)) as T) : undefined;
}
