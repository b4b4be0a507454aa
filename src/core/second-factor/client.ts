import { sha256Base64 } from '../../lib/digest.ts';
import type { Caller } from '../ports.ts';

/** The fingerprint under which a client is trusted: its user agent and its exact address, nothing it could set alone. */
export function clientFingerprint(caller: Caller): string {
  return sha256Base64(JSON.stringify({ userAgent: caller.userAgent, clientAddress: caller.address }));
}
