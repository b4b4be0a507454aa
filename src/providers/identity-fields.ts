import { matchedPatiently } from '../lib/patient-pattern.ts';
import { idIn, isFields, textIn } from './fields.ts';

const longest = 1024;
const longestPath = 256;

/**
 * What stands at a path of names with dots between, of lists by their numbers. Only what an answer itself holds is found:
 * never what objects inherit (attack K24).
 */
export function valueAt(fields: unknown, path: string): unknown {
  if (path === '' || path.length > longestPath) return undefined;
  let value = fields;
  for (const name of path.split('.')) {
    if (!(isFields(value) || Array.isArray(value)) || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** A text, or a number that is exact, see `textIn`. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'number' ? idIn({ value }, 'value') : textIn({ value }, 'value');
}

/**
 * What a setting such as `username_field` says of an identity (providers.md §3.3): a path, or a text with `{{path}}` in
 * it, or with `{{/regex(group)/::path}}`, of which the group is taken. Nothing is found where any of it finds nothing.
 */
export function fieldOf(fields: unknown, formula: string): string | undefined {
  if (formula.length > longest) return undefined;
  if (!formula.includes('{{')) return textOf(valueAt(fields, formula.trim()));
  let text = '';
  for (let at = 0; at < formula.length; ) {
    const opens = formula.indexOf('{{', at);
    const closes = opens < 0 ? -1 : formula.indexOf('}}', opens + 2);
    if (closes < 0) return textOf(text + formula.slice(at));
    const found = placeholder(fields, formula.slice(opens + 2, closes).trim());
    if (found === undefined) return undefined;
    text += formula.slice(at, opens) + found;
    at = closes + 2;
  }
  return textOf(text);
}

function placeholder(fields: unknown, formula: string): string | undefined {
  const ends = formula.lastIndexOf('/::');
  if (!formula.startsWith('/') || ends < 1) return textOf(valueAt(fields, formula));
  const text = textOf(valueAt(fields, formula.slice(ends + 3).trim()));
  return text === undefined ? undefined : textOf(matchedPatiently(text, formula.slice(1, ends))?.[1]);
}

/** Where services tell who somebody is; the first that is there counts (providers.md §3.3). */
const idPaths = 'id _id ID user_id CharacterID user.userid user.user_id phid sub metadata.uid userid ocs.data.id'.split(
  ' ',
);
const emailPaths = 'email emails.0 emails.0.address emails.0.value emails.0.email user.email ocs.data.email'.split(' ');
const namePaths =
  'name username nickname CharacterName userName preferred_username user.name ocs.data.displayname ocs.data.display-name'.split(
    ' ',
  );

/** The usual places of an identity. */
export const usual = {
  id: (fields: unknown): string | undefined => {
    const id = firstAt(fields, idPaths);
    return id === undefined || id.length > 255 ? undefined : id;
  },
  email: (fields: unknown): string | undefined => firstAt(fields, emailPaths),
  name: (fields: unknown): string | undefined => firstAt(fields, namePaths),
} as const;

function firstAt(fields: unknown, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const text = textOf(valueAt(fields, path));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The identity itself: some services wrap it in `result`, as an object or as the first of a list. */
export function unwrapped(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const inner = valueAt(fields, 'result');
  const first: unknown = Array.isArray(inner) ? inner[0] : inner;
  return isFields(first) && firstAt(fields, idPaths) === undefined ? first : fields;
}
