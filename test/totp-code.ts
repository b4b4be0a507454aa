import { fromBase32 } from '../src/lib/base32.ts';
import { codeOfStep, stepOf } from '../src/lib/totp.ts';

/** What an authenticator app shows now. @param secret in base 32 */
export function codeNow(secret: string): string {
  return codeOfStep(fromBase32(secret), stepOf(Date.now()));
}
