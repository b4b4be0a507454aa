import type { Enrolling } from '../core/second-factor/enrol-app.ts';
import type { Signed } from '../core/session/token.ts';

/** Whoever sets up a second factor, with the session they do it in. */
export function enrollingOf({ account, token }: Signed): Enrolling {
  return { account, tokenHash: token.hash, required: token.enrolsOnly };
}
