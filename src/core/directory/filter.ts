/** A value as it may stand in a filter (RFC 4515 §3): whatever it holds, it is compared and nothing else. */
export function filterValue(value: string): string {
  return value.replace(/[\\*()\0]/gu, hexOf).replace(/^ +| +$/gu, (blanks) => String.raw`\20`.repeat(blanks.length));
}

/** A value as it may stand in a distinguished name (RFC 4514 §2.4). */
export function dnValue(value: string): string {
  return value
    .replace(/[\\,+"<>;=]/gu, (character) => `\\${character}`)
    .replaceAll('\0', String.raw`\00`)
    .replace(/^[# ]/u, (character) => `\\${character}`)
    .replace(/(?<!\\) $/u, String.raw`\ `);
}

/** What a value of a distinguished name says (RFC 4514 §2.4): the inverse of `dnValue`. */
export function ofDnValue(value: string): string {
  return value
    .replace(/(?<!\\) +$/u, '')
    .replace(/((?:\\[0-9a-f]{2})+)|\\(.)/gisu, (_all, hex: string | undefined, character: string) =>
      hex === undefined ? character : Buffer.from(hex.replaceAll('\\', ''), 'hex').toString('utf8'),
    );
}

function hexOf(character: string): string {
  return `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/**
 * Fills the `#{name}` places of an administrator's filter, or of the value of one. A place that is part of a
 * distinguished name, as in `(member=uid=#{username},ou=people)` or `uid=#{username},ou=people`, takes its value in the
 * form of such names.
 * @param values by the names of the places; a place of another name stays empty
 */
export function filledFilter(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/#\{([^{}]*)\}/gu, (_place, given: string, at: number) => {
    const name = given.trim();
    const value = Object.hasOwn(values, name) ? (values[name] ?? '') : '';
    return filterValue(isInDn(template.slice(0, at)).held ? dnValue(value) : value);
  });
}

/** Whether what stands before a place is `…=attribute=` or `…,attribute=`, or no more than `attribute=`. */
function isInDn(before: string): { readonly held: boolean } {
  return { held: /(?:^|[=,+])\s{0,4}[A-Za-z][\w.-]{0,64}=$/u.test(before) };
}

/** An administrator's filter in parentheses, which may have been left out; an empty one stays empty. */
export function inParentheses(filter: string): string {
  const trimmed = filter.trim();
  return trimmed === '' || trimmed.startsWith('(') ? trimmed : `(${trimmed})`;
}

/** A filter that all of these must fit; empty ones are left out. */
export function allOf(...filters: readonly string[]): string {
  return joined('&', filters);
}

/** A filter that one of these must fit; empty ones are left out. */
export function anyOf(...filters: readonly string[]): string {
  return joined('|', filters);
}

function joined(sign: '&' | '|', filters: readonly string[]): string {
  const given = filters.filter((filter) => filter !== '');
  return given.length < 2 ? given.join('') : `(${sign}${given.join('')})`;
}
