import { Fault, type FaultCode } from '../fault.ts';
import type { Signed } from './token.ts';

/** What a call is open to beside full sessions. What says nothing is open to none of them. */
export interface OpenTo {
  /** Sessions that are good for setting up a second factor only. */
  readonly enrol?: boolean;
  /** Sessions of accounts whose password must be changed first. */
  readonly passwordChange?: boolean;
  /** Personal tokens that carry some permissions only: what needs none of them, or asks for them itself. */
  readonly scoped?: boolean;
  /** Access tokens of applications, which act for a person but do not manage how that person signs in. */
  readonly applications?: boolean;
}

/**
 * What a caller has to do before anything else. Setting up a second factor comes first: it asks for the password that
 * is known so far. Personal tokens are credentials of their own and go on: whoever shall lose those has them revoked.
 * @param to what the call is open to
 * @returns undefined where the call may be made
 */
export function restrictionOf({ account, token }: Signed, to: OpenTo = {}): Restriction | undefined {
  if (token.pool === 'application' && to.applications !== true) return 'beyond-scope';
  if (token.scopes !== undefined && to.scoped !== true) return 'beyond-scope';
  if (token.enrolsOnly) return to.enrol === true ? undefined : 'factor-enrolment-required';
  const mustChange = account.passwordChange !== undefined && token.pool !== 'personal';
  return mustChange && to.passwordChange !== true ? 'password-change-required' : undefined;
}

export type Restriction = Extract<FaultCode, 'factor-enrolment-required' | 'password-change-required' | 'beyond-scope'>;

/**
 * @throws Fault `factor-enrolment-required`, `password-change-required`, `beyond-scope` for a session that is not good
 *   for this
 */
export function mustBeFull(signed: Signed, to?: OpenTo): void {
  const restriction = restrictionOf(signed, to);
  if (restriction !== undefined) throw new Fault(restriction);
}

/**
 * Whether a session was opened after the password had to be changed: that sign-in is the proof for choosing another one.
 * A session that was there before proved nothing of it, and may be the very one for which the change was asked.
 */
export function opensChange({ account, token }: Signed): { readonly held: boolean } {
  const since = account.passwordChange?.since;
  return { held: since !== undefined && token.pool !== 'personal' && token.createdAt >= since };
}
