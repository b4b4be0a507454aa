import type { Account } from '../account/account.ts';
import { mergedCustomFields } from '../account/custom-fields.ts';
import type { AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Settings } from '../setting/settings.ts';
import type { Entry } from './directory.ts';
import { attributesOf, fieldOf } from './entry.ts';
import { directoryProvider } from './entry-identity.ts';
import { type Variable, variableAttributes, variablesOf, withVariables } from './variables.ts';

export interface FieldNeeds {
  readonly clock: Clock;
  readonly accounts: Pick<AccountStore, 'edit'>;
  /** The definition of custom fields, see `mergedCustomFields`. */
  readonly customFields: () => string;
}

/** What is copied to custom fields, as it is set now (providers.md §4.1). */
export interface FieldPolicy {
  /** Custom fields by the attribute, or the template of attributes, that they are copied from. */
  readonly map: ReadonlyMap<string, string>;
  readonly variables: readonly Variable[];
}

/** Nothing is copied while that is off. */
export function fieldPolicyOf(settings: Pick<Settings, 'get'>): FieldPolicy {
  return { map: mapOf(settings), variables: variablesOf(settings) };
}

/** The attributes that a search must ask for so that they can be copied. */
export function fieldAttributes({ map, variables }: FieldPolicy): readonly string[] {
  return map.size === 0 ? [] : [...[...map.keys()].flatMap(attributesOf), ...variableAttributes(variables)];
}

function mapOf(settings: Pick<Settings, 'get'>): FieldPolicy['map'] {
  if (!settings.get('LDAP_Sync_Custom_Fields')) return new Map();
  let map: unknown;
  try {
    map = JSON.parse(settings.get('LDAP_CustomFieldMap'));
  } catch {
    return new Map();
  }
  if (typeof map !== 'object' || map === null) return new Map();
  return new Map(
    Object.entries(map).flatMap(([attribute, told]: [string, unknown]) => {
      const field = typeof told === 'string' ? told.replace(/^customFields\./u, '') : '';
      return isField(field).held ? [[attribute, field] as const] : [];
    }),
  );
}

/** A path into something else, an operator or the name of what every object has is no field. */
function isField(name: string): { readonly held: boolean } {
  return { held: name !== '' && !/[.$]/u.test(name) && !(name in {}) };
}

/**
 * Copies attributes of an entry to custom fields, as far as they differ.
 * @returns the account as it is then, or would be; the very same where nothing differs
 * @throws Fault `custom-field-invalid`
 */
export async function copyFields(
  needs: FieldNeeds,
  { map, variables }: FieldPolicy,
  entry: Entry,
  account: Account,
  by: { readonly caller: Caller; readonly actorId?: string | undefined; readonly dryRun?: boolean | undefined },
): Promise<Account> {
  if (map.size === 0) return account;
  const made = withVariables(entry, variables);
  const given: Record<string, string> = {};
  for (const [attribute, field] of map) {
    const text = fieldOf(made, attribute);
    // What the directory has no more is emptied; what it never had is left alone.
    if (text !== undefined || (account.customFields[field] ?? '') !== '') given[field] = text ?? '';
  }
  const customFields = mergedCustomFields(needs.customFields(), account.customFields, given);
  if (JSON.stringify(customFields) === JSON.stringify(account.customFields)) return account;
  const now = { ...account, customFields };
  if (by.dryRun === true) return now;
  const at = needs.clock.now();
  const audit = recordOf(
    'account.edit',
    { at, caller: by.caller, actorId: by.actorId, accountId: account.id },
    { provider: directoryProvider, fields: 'customFields' },
  );
  return (await needs.accounts.edit(account.id, { customFields }, at, audit)) === 'done' ? now : account;
}
