import { sha256Base64 } from '../../lib/digest.ts';
import { Fault } from '../fault.ts';
import { type AuthenticateNeeds, authenticate, findToken } from './authenticate.ts';
import type { Signed } from './token.ts';

/** What another service was shown. */
export interface Shown {
  /** The text of a token. */
  readonly token: string;
  /** Whose it was said to be; undefined where nobody said. */
  readonly accountId: string | undefined;
  /** Where it was shown; undefined where the service does not say: tokens that count from some addresses only do not then. */
  readonly address: string | undefined;
}

/**
 * Looks at a token for another service (RFC 7662 §2): it is judged as if it were shown here, for everything that its
 * account may do. Sessions that are good for setting up a second factor or for choosing a password only are good for
 * nothing elsewhere.
 * @param needs.scoped whether personal tokens that carry some permissions only are told, with what they carry
 * @returns undefined for a token that is not good, whatever the reason
 */
export async function introspect(
  needs: AuthenticateNeeds,
  { token, accountId, address }: Shown,
): Promise<Signed | undefined> {
  const found = await findToken(needs, sha256Base64(token));
  if (found === undefined) return undefined;
  try {
    return await authenticate(needs, accountId ?? found.account.id, token, {
      scoped: true,
      ...(address === undefined ? {} : { address }),
    });
  } catch (cause) {
    if (cause instanceof Fault && refused.has(cause.code)) return undefined;
    throw cause;
  }
}

const refused: ReadonlySet<string> = new Set([
  'not-signed-in',
  'factor-enrolment-required',
  'password-change-required',
]);
