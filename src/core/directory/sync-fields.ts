import type { Account } from '../account/account.ts';
import { mergedCustomFields } from '../account/custom-fields.ts';
import { recordOf } from '../audit/record.ts';
import type { Entry } from './directory.ts';
import { textOf } from './entry.ts';
import { directoryProvider } from './entry-identity.ts';
import type { Run } from './sync-run.ts';

/**
 * Copies attributes of an entry to custom fields, as far as they differ.
 * @returns whether anything was, or would be, written
 * @throws Fault `custom-field-invalid`
 */
export async function copyFields({ needs, policy, options }: Run, entry: Entry, account: Account): Promise<boolean> {
  if (policy.customFields.size === 0) return false;
  const given: Record<string, string> = {};
  for (const [attribute, field] of policy.customFields) {
    const text = textOf(entry, attribute);
    // What the directory has no more is emptied; what it never had is left alone.
    if (text !== undefined || (account.customFields[field] ?? '') !== '') given[field] = text ?? '';
  }
  const customFields = mergedCustomFields(needs.customFields(), account.customFields, given);
  if (JSON.stringify(customFields) === JSON.stringify(account.customFields)) return false;
  if (options.dryRun === true) return true;
  const at = needs.clock.now();
  const audit = recordOf(
    'account.edit',
    { at, caller: options.caller, actorId: options.actorId, accountId: account.id },
    { provider: directoryProvider, fields: 'customFields' },
  );
  return (await needs.accounts.edit(account.id, { customFields }, at, audit)) === 'done';
}
