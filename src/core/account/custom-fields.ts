import { Fault } from '../fault.ts';

interface FieldDefinition {
  readonly type?: unknown;
  readonly required?: unknown;
  readonly minLength?: unknown;
  readonly maxLength?: unknown;
  readonly options?: unknown;
}

/** The largest set of custom fields an account may carry, as JSON text. */
const mostCharacters = 65_536;

/**
 * Checks custom fields against their definition (rest.md §11.0); without one anything that is small enough goes.
 * @param definition the setting's JSON text, `{ "<field>": { "type": "text" | "select", … } }`
 * @returns the fields to keep: those that are defined, or all of them without a definition
 * @throws Fault `custom-field-invalid`, facts `field` and `problem`
 */
export function checkedCustomFields(
  definition: string,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (JSON.stringify(given).length > mostCharacters) throw invalid(Object.keys(given)[0] ?? '', 'invalid');
  const definitions = parsed(definition);
  if (definitions === undefined) return given;
  const kept: Record<string, unknown> = {};
  for (const [field, wanted] of definitions) {
    const value = Object.hasOwn(given, field) ? given[field] : undefined;
    const trimmed = typeof value === 'string' ? value.trim() : value;
    if (trimmed === undefined || trimmed === '') {
      if (wanted.required === true) throw invalid(field, 'required');
      continue;
    }
    if (typeof trimmed !== 'string') throw invalid(field, 'invalid');
    if (wanted.type === 'select' && Array.isArray(wanted.options) && !wanted.options.includes(trimmed)) {
      throw invalid(field, 'invalid');
    }
    if (typeof wanted.maxLength === 'number' && trimmed.length > wanted.maxLength) {
      throw invalid(field, 'too-long', wanted.maxLength);
    }
    if (typeof wanted.minLength === 'number' && trimmed.length < wanted.minLength) {
      throw invalid(field, 'too-short', wanted.minLength);
    }
    kept[field] = trimmed;
  }
  return kept;
}

/**
 * The custom fields after some of them were changed: merged, not replaced (rest.md §11.3). Under a definition `null` and
 * `''` empty a field, and take away one that is defined no more; other values of fields that are not defined are passed
 * over, as where accounts are made. Without a definition all are kept as they are.
 * @throws Fault `custom-field-invalid`
 */
export function mergedCustomFields(
  definition: string,
  before: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const definitions = parsed(definition);
  if (definitions === undefined) return checkedCustomFields(definition, { ...before, ...given });
  const defined = new Set(definitions.map(([field]) => field));
  const emptied = Object.entries(given).map(([field, value]) => [field, value ?? ''] as const);
  const taken = new Set(emptied.flatMap(([field, value]) => (value === '' && !defined.has(field) ? [field] : [])));
  // What stands there outside the definition was written under another one, and stays until it is taken away.
  const stays = Object.entries(before).filter(([field]) => !taken.has(field));
  const merged = Object.fromEntries([...stays, ...emptied.filter(([field]) => defined.has(field))]);
  return { ...merged, ...checkedCustomFields(definition, merged) };
}

function parsed(definition: string): readonly (readonly [string, FieldDefinition])[] | undefined {
  if (definition.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(definition);
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).map(([field, wanted]: [string, unknown]) => [
      field,
      typeof wanted === 'object' && wanted !== null ? wanted : {},
    ]);
  } catch {
    return undefined;
  }
}

function invalid(field: string, problem: 'required' | 'invalid' | 'too-long' | 'too-short', limit?: number): Fault {
  return new Fault('custom-field-invalid', { field, problem, limit });
}
