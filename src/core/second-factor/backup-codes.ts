import { equalSecrets, sha256Hex } from '../../lib/digest.ts';
import type { Random, Sealer } from '../ports.ts';
import type { Answer, Asked } from './factor.ts';
import type { BackupCodes } from './store.ts';

/** rest.md §9.4: twelve codes of eight characters. A code of this length is tried as a backup code and as nothing else. */
const howMany = 12;
export const backupCodeLength = 8;

/** Fresh backup codes, to be shown once, and the form in which they are stored. */
export function makeBackupCodes(
  { random, sealer }: { readonly random: Random; readonly sealer: Pick<Sealer, 'mark'> },
  accountId: string,
): { readonly codes: readonly string[]; readonly stored: BackupCodes } {
  const salt = random.id();
  const codes = Array.from({ length: howMany }, () => random.id().slice(0, backupCodeLength));
  return { codes, stored: { salt, hashes: codes.map((code) => hashOf(sealer, accountId, salt, code)) } };
}

/** Whether a code is one that is left. */
export function checkBackupCode(sealer: Pick<Sealer, 'mark'>, { account, kept }: Asked, code: string): Answer {
  // Nothing longer is hashed: what is kept of a digest must not open for the digest itself.
  if (kept.backup === undefined || code.length !== backupCodeLength) return { held: false };
  const { salt, hashes } = kept.backup;
  // Whoever moved in brought the digests of their codes (`keepBackupDigests`), not the codes.
  const wanted = [code, sha256Hex(code)].map((text) => hashOf(sealer, account.id, salt, text));
  // All are compared, so that the time tells nothing.
  const found = hashes.filter((stored) => wanted.filter((hash) => equalSecrets(hash, stored).held).length > 0);
  const [hash] = found;
  return hash === undefined ? { held: false } : { held: true, spends: { kind: 'backup-code', hash } };
}

/**
 * The form in which codes are kept of which only SHA-256 is known: it is salted and keyed like a code.
 * @param digests lower-case hex of SHA-256, one for each code
 */
export function keepBackupDigests(
  { random, sealer }: { readonly random: Pick<Random, 'id'>; readonly sealer: Pick<Sealer, 'mark'> },
  accountId: string,
  digests: readonly string[],
): BackupCodes {
  const salt = random.id();
  return { salt, hashes: digests.map((digest) => hashOf(sealer, accountId, salt, digest)) };
}

/** Salted, and keyed as well: eight characters could be found out from a stolen database alone. */
function hashOf(sealer: Pick<Sealer, 'mark'>, accountId: string, salt: string, code: string): string {
  return sealer.mark(`${salt} ${code}`, `backup-code ${accountId}`);
}
