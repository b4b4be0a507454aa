import { addressKey } from '../../core/session/device.ts';

/**
 * Calls that are counted together, whichever wire they come by, and over all nodes: what makes accounts, and what mails
 * links to addresses that the caller names.
 */
export type SharedCalls = 'registration' | 'password-link' | 'confirmation-link';

/** The key of an address's count in the store, an IPv6 one's by its /64. */
export function sharedCallsKey(address: string, calls: SharedCalls): string {
  return `${addressKey(address)} ${calls}`;
}
