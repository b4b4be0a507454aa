import type { Moment } from '../ports.ts';

/** Of whom a second factor is required, and from when on. */
export interface RequiredPolicy {
  /** Second factors as a whole; without them nothing is required of anybody. */
  readonly on: boolean;
  /** Kinds of sign-in after which one is required of everybody. */
  readonly signIns: readonly string[];
  /** Ids of the roles whose holders must have one. */
  readonly roles: ReadonlySet<string>;
  /** For so long somebody of whom one is required may still do without, counted from the first such sign-in. */
  readonly graceMs: number;
}

/**
 * Whether a second factor is required after this sign-in.
 * @param kind the kind of the proof, in any case of letters: `password`, or the name of a provider
 */
export function isFactorRequired(
  { on, signIns, roles }: RequiredPolicy,
  account: { readonly roles: readonly string[] },
  kind: string,
): { readonly held: boolean } {
  if (!on) return { held: false };
  const asked = kind.toLowerCase();
  const bySignIn = signIns.some((one) => one.toLowerCase() === asked);
  return { held: bySignIn || account.roles.some((role) => roles.has(role)) };
}

/** Whether whoever has none may still sign in as usual. */
export function isWithinGrace(
  { graceMs }: Pick<RequiredPolicy, 'graceMs'>,
  requiredSince: Moment,
  now: Moment,
): { readonly held: boolean } {
  return { held: now - requiredSince < graceMs };
}
