import { equalSecrets } from '../../lib/digest.ts';
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
  if (kept.backup === undefined) return { held: false };
  const hash = hashOf(sealer, account.id, kept.backup.salt, code);
  // All are compared, so that the time tells nothing.
  const found = kept.backup.hashes.filter((stored) => equalSecrets(hash, stored).held);
  return found.length > 0 ? { held: true, spends: { kind: 'backup-code', hash } } : { held: false };
}

/** Salted, and keyed as well: eight characters could be found out from a stolen database alone. */
function hashOf(sealer: Pick<Sealer, 'mark'>, accountId: string, salt: string, code: string): string {
  return sealer.mark(`${salt} ${code}`, `backup-code ${accountId}`);
}
