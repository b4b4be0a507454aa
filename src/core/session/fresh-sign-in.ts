import { Fault } from '../fault.ts';
import type { Moment } from '../ports.ts';
import type { Signed } from './token.ts';

/** So long a sign-in proves by itself who somebody is that has no password to be asked for. */
const freshMs = 600_000;

/**
 * Asks that a session was opened by a sign-in a short time ago, which stands in for the password of whoever has none. A
 * token that another token made is as new as it may be, and no sign-in.
 * @throws Fault `sign-in-not-fresh`
 */
export function mustBeFreshSignIn({ account, token }: Signed, now: Moment): void {
  const age = now - token.createdAt;
  const isSignIn = token.pool !== 'personal' && token.createdAt === account.lastLogInAt;
  if (!isSignIn || age < 0 || age >= freshMs) throw new Fault('sign-in-not-fresh');
}
