import type { Claim } from '../../core/account/account.ts';
import { foldName } from '../../core/account/names.ts';
import { sha256Base64 } from '../../lib/digest.ts';

/*
 * What failures are counted under: `a:<account id>`, `n:<digest of a typed name that no account has>`, `i:<address>`,
 * and `a:<account id>|<device>`. The statement in `known.ts` puts the first and the last together by itself.
 */

/** For an account. */
export function accountKey(accountId: string): string {
  return `a:${accountId}`;
}

/** For a typed name that no account has: of one length, however long the name that a stranger typed. */
export function nameKey(claim: Claim): string {
  const value = claim.by === 'id' ? claim.value : foldName(claim.value);
  return `n:${sha256Base64(`${claim.by}:${value}`)}`;
}

/** For an address. */
export function addressKeyOf(addressKey: string): string {
  return `i:${bounded(addressKey)}`;
}

/** The part that names the device in the key of an account on a device. */
export function devicePart(deviceKey: string): string {
  return bounded(deviceKey);
}

/** For an account, or a name that no account has, on one device. */
export function deviceKeyOf(subjectKey: string, deviceKey: string): string {
  return `${subjectKey}|${devicePart(deviceKey)}`;
}

function bounded(key: string): string {
  return key.length <= 64 ? key : sha256Base64(key);
}
