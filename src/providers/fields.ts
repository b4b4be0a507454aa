/** An object of an answer, by names. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A text that stands in an answer under this name.
 * @returns trimmed; undefined where there is none, or where it is empty, longer than 1024 characters, or holds what no
 *   database takes
 */
export function textIn(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const isShort = typeof value === 'string' && value.length <= 1024;
  if (!isShort || !value.isWellFormed() || value.includes('\0')) return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** What a provider calls somebody: a text, or a number that is exact. */
export function idIn(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  const text = textIn(fields, name);
  return text === undefined || text.length > 255 ? undefined : text;
}

/** Whether an answer claims something: `true`, or the word, as Apple writes it. */
export function isClaimed(fields: Fields, name: string): { readonly held: boolean } {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return { held: value === true || value === 'true' };
}

/** Whether something can be a token, and thus stand in a header or an address. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\u0021-\u007E]{1,16384}$/u.test(value);
}
