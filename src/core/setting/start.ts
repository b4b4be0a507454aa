import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';
import { customIdOf, customNames, customPartsOf } from './custom-service.ts';
import type { SettingDefinition, SettingValue } from './definition.ts';
import { definitionOf } from './definitions.ts';
import type { SettingEnvironment } from './environment.ts';
import { changeFacts, fit, same } from './rules.ts';
import type { StoredSetting } from './store.ts';

/**
 * The row that tells which settings earlier starts have seen, so that a plain `<id>` in the environment counts only at
 * the first start that knows the setting. It is no setting: nobody can list, read or write it.
 */
export const knownSettings = 'Countersign_Known_Settings';

/**
 * Decides what a start writes. Overrides win and are stored; a stored value is kept otherwise; a setting that no
 * earlier start has seen takes its first value from the environment or from `firstValues`.
 * @param known.stored what the store holds
 * @param known.firstValues values that no catalogue can hold: made at random, or from `ROOT_URL`
 */
export function atStart(known: {
  readonly stored: readonly StoredSetting[];
  readonly definitions: ReadonlyMap<string, SettingDefinition>;
  readonly environment: SettingEnvironment;
  readonly firstValues: ReadonlyMap<string, SettingValue>;
  readonly now: Moment;
}): { readonly rows: readonly StoredSetting[]; readonly audit: readonly AuditEntry[] } {
  const { environment, firstValues, now } = known;
  const stored = new Map(known.stored.map((row) => [row.id, row]));
  const seen = seenIds(stored.get(knownSettings));
  const definitions = new Map([...known.definitions, ...customOnes(environment, stored, seen)]);
  const rows: StoredSetting[] = [];
  const audit: AuditEntry[] = [];
  for (const [id, definition] of definitions) {
    const old = stored.get(id);
    const override = environment.overrides.get(id);
    if (override !== undefined) {
      if (old?.source === 'environment' && same(old.value, override)) continue;
      rows.push({ id, value: override, source: 'environment', updatedAt: now });
      const from = old?.value ?? definition.initial;
      if (!same(from, override)) audit.push(overridden(changeFacts(id, definition, from, override), now));
      continue;
    }
    if (old !== undefined || seen.has(id)) continue;
    const given = environment.initial.get(id);
    if (given !== undefined) {
      rows.push({ id, value: given, source: 'environment', updatedAt: now });
      continue;
    }
    const first = firstValues.get(id);
    if (first !== undefined) rows.push({ id, value: first, source: 'initial', updatedAt: now });
  }
  const unseen = [...definitions.keys()].filter((id) => !seen.has(id));
  if (unseen.length > 0) {
    rows.push({ id: knownSettings, value: [...seen, ...unseen], source: 'initial', updatedAt: now });
  }
  return { rows, audit };
}

/**
 * The settings of custom services of which the environment speaks: of those that are there, and of those that come with
 * it. One that an earlier start has seen, and that somebody has removed since, comes back by an override only.
 */
function customOnes(
  { overrides, initial }: SettingEnvironment,
  stored: ReadonlyMap<string, StoredSetting>,
  seen: ReadonlySet<string>,
): ReadonlyMap<string, SettingDefinition> {
  const names = new Set([
    ...customNames(stored.keys()),
    ...customNames(overrides.keys()),
    ...customNames(initial.keys()).filter((name) => !seen.has(customIdOf(name, ''))),
  ]);
  const found = new Map<string, SettingDefinition>();
  for (const id of [...overrides.keys(), ...initial.keys()]) {
    const definition = definitionOf(id);
    const parts = customPartsOf(id);
    if (definition !== undefined && parts !== undefined && names.has(parts.name)) found.set(id, definition);
  }
  return found;
}

function seenIds(row: StoredSetting | undefined): ReadonlySet<string> {
  return new Set(typeof row?.value === 'object' ? row.value : []);
}

function overridden(facts: Readonly<Record<string, string>>, at: Moment): AuditEntry {
  return {
    at,
    what: 'setting.change',
    outcome: 'done',
    accountId: undefined,
    actorId: undefined,
    door: 'server',
    address: '',
    userAgent: '',
    facts: { ...facts, source: 'environment' },
  };
}

/** The stored rows that are settings and fit their definitions, and the ids of those that do not fit. */
export function sorted(rows: readonly StoredSetting[]): {
  readonly fitting: ReadonlyMap<string, StoredSetting>;
  readonly unfit: readonly string[];
} {
  const fitting = new Map<string, StoredSetting>();
  const unfit: string[] = [];
  for (const row of rows) {
    const definition = definitionOf(row.id);
    if (definition === undefined) continue;
    if (fit(definition, row.value).fits) fitting.set(row.id, row);
    else unfit.push(row.id);
  }
  return { fitting, unfit };
}
