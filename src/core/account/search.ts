import { listed } from './rules.ts';
import type { SearchField } from './store.ts';

const fields: ReadonlyMap<string, SearchField> = new Map([
  ['username', 'username'],
  ['name', 'name'],
  ['emails.address', 'email'],
  ['emails', 'email'],
  ['email', 'email'],
]);

/**
 * Where a search for people looks. Fields without an index are passed over; where none is left, it looks at usernames.
 * @param setting the names of fields, separated by commas
 * @param full whether the caller may read addresses
 */
export function searchFieldsOf(setting: string, full: boolean): readonly SearchField[] {
  const named = listed(setting).flatMap((name) => fields.get(name) ?? []);
  const allowed = named.filter((field) => full || field !== 'email');
  return allowed.length === 0 ? ['username'] : [...new Set(allowed)];
}

/** The longest beginning of a name that is looked for. */
const longestTerm = 256;

/** What somebody looks for; undefined for a text that no name begins with. */
export function searchTermOf(text: string): string | undefined {
  const term = text.trim();
  // No store takes a NUL or half a surrogate pair, and nobody is called so.
  return term.length > longestTerm || term.includes('\0') || !term.isWellFormed() ? undefined : term;
}
