import { sha256Base64 } from '../../lib/digest.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Random } from '../ports.ts';
import { mustBeFull } from '../session/restricted.ts';
import { hasEnded } from '../session/rules.ts';
import type { Signed } from '../session/token.ts';
import type { Application } from './application.ts';
import { codeLifeMs } from './rules.ts';
import type { ApplicationStore, GrantStore } from './store.ts';

export interface AuthorizeNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'bytes' | 'id'>;
  readonly applications: Pick<ApplicationStore, 'byClientId'>;
  readonly grants: Pick<GrantStore, 'addCode'>;
  /** The live token of this hash with its account, see `findToken`. */
  readonly find: (hash: string) => Promise<Signed | undefined>;
}

/** Whom an application asks for, and where the browser shall be sent back to. */
export interface Target {
  readonly clientId: string;
  readonly redirect: string;
}

/**
 * The active application that a browser was sent by, where it may be sent back to this address: letter by letter one of
 * those that are registered (RFC 9700 §2.1).
 */
export async function applicationAt(
  { applications }: Pick<AuthorizeNeeds, 'applications'>,
  { clientId, redirect }: Target,
): Promise<Application | 'unknown' | 'redirect'> {
  const application = await applications.byClientId(clientId);
  if (application?.active !== true) return 'unknown';
  return application.redirects.includes(redirect) ? application : 'redirect';
}

/**
 * Makes a code for an application to which the person has agreed. Only a session that is good for everything agrees: no
 * personal token, which may end sooner or reach less far than what would come of it, and no access token.
 * @param asked.challenge the S256 challenge of PKCE, where one was offered
 * @returns the code, 64 hex digits
 * @throws Fault `beyond-scope`, `factor-enrolment-required`, `password-change-required`, `not-signed-in` where the
 *   session, the account or the application has ended meanwhile
 */
export async function agree(
  needs: AuthorizeNeeds,
  signed: Signed,
  asked: { readonly application: Application; readonly redirect: string; readonly challenge: string | undefined },
  caller: Caller,
): Promise<string> {
  mustBeAbleToAgree(signed);
  const { application, redirect, challenge } = asked;
  const now = needs.clock.now();
  const text = needs.random.bytes(32).toString('hex');
  const kept = await needs.grants.addCode(
    {
      hash: sha256Base64(text),
      applicationId: application.id,
      accountId: signed.account.id,
      family: needs.random.id(),
      facts: { redirect, challenge, session: signed.token.id, permissions: application.options.permissions },
      endsAt: now + codeLifeMs,
    },
    signed.token.hash,
    now,
    recordOf(
      'application.agree',
      { at: now, caller, actorId: signed.account.id, accountId: signed.account.id },
      { application: application.clientId, name: application.name, token: signed.token.id },
    ),
  );
  if (!kept) throw new Fault('not-signed-in');
  return text;
}

/**
 * Whose session a token opens that came in a form (providers.md §8.1).
 * @throws Fault `not-signed-in`, and those of `mustBeAbleToAgree`
 */
export async function signedByForm({ clock, find }: AuthorizeNeeds, text: string): Promise<Signed> {
  const signed = await find(sha256Base64(text));
  if (signed?.account.open !== true || hasEnded(signed.token, clock.now())) throw new Fault('not-signed-in');
  mustBeAbleToAgree(signed);
  return signed;
}

/** @throws Fault `beyond-scope`, `factor-enrolment-required`, `password-change-required` */
function mustBeAbleToAgree(signed: Signed): void {
  mustBeFull(signed);
  if (signed.token.pool === 'personal') throw new Fault('beyond-scope');
}
