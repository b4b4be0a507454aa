import type { Claim } from '../../core/account/account.ts';
import { foldName } from '../../core/account/names.ts';
import type { BlockSubject } from '../../core/session/block-store.ts';
import type { Failure } from '../../core/session/store.ts';
import { sha256Base64 } from '../../lib/digest.ts';

/*
 * What failures are counted under: `a:<account id>`, `n:<digest of a typed name that no account has>`, `i:<address>`,
 * `a:<account id>|<device>`, and `p:<address>|<device>` for devices that an address's block lets past. The statement in `known.ts` puts the first and the last together by itself.
 */

/** For an account. */
export function accountKey(accountId: string): string {
  return `a:${accountId}`;
}

/** For a typed name that no account has: of one length, however long the name that a stranger typed. */
export function nameKey(claim: Claim): string {
  const value = claim.by === 'id' ? claim.value : foldName(claim.value);
  return nameKeyOf(sha256Base64(`${claim.by}:${value}`));
}

/** The same by the digest, which is all that lists can show of the name. */
export function nameKeyOf(digest: string): string {
  return `n:${digest}`;
}

/** For whoever a failure is about; undefined for nobody. */
export function failedKey({ accountId, claim }: Pick<Failure, 'accountId' | 'claim'>): string | undefined {
  if (accountId !== undefined) return accountKey(accountId);
  return claim === undefined ? undefined : nameKey(claim);
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

/** For a device while its address is blocked, over all accounts. */
export function passKeyOf(addressKey: string, deviceKey: string): string {
  return `p:${bounded(addressKey)}|${devicePart(deviceKey)}`;
}

/** The keys of all devices of an address while it is blocked lie between these two: `|` comes right before `}`. */
export function passKeysOf(addressKey: string): readonly [from: string, to: string] {
  return [`p:${bounded(addressKey)}|`, `p:${bounded(addressKey)}}`];
}

function bounded(key: string): string {
  return key.length <= 64 ? key : sha256Base64(key);
}

/** Whom a key speaks of; undefined for a device on which a name was typed, which is never judged by itself. */
export function subjectOf(key: string): BlockSubject | undefined {
  const text = key.slice(2);
  if (key.startsWith('i:')) return { kind: 'address', address: text };
  const line = text.indexOf('|');
  if (key.startsWith('n:')) return line < 0 ? { kind: 'name', digest: text } : undefined;
  if (line < 0) return { kind: 'account', accountId: text };
  return { kind: 'device', accountId: text.slice(0, line), device: text.slice(line + 1) };
}
