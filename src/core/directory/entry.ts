import type { Entry } from './directory.ts';

/** Longer values of an attribute are no names, addresses or numbers, and are left out. */
const longestValue = 4_096;

/** The values of an attribute as texts, without those that are empty, too long or no UTF-8. */
export function textsOf(entry: Entry, attribute: string): readonly string[] {
  const values = entry.attributes.get(attribute.trim().toLowerCase()) ?? [];
  return values.flatMap((value) => {
    if (value.length > longestValue) return [];
    const text = value.toString('utf8').trim();
    return text === '' || text.includes('\uFFFD') || text.includes('\0') ? [] : [text];
  });
}

/** The first of them. */
export function textOf(entry: Entry, attribute: string): string | undefined {
  return textsOf(entry, attribute)[0];
}

/**
 * What a field setting gives: the first attribute of a list that has a value, or a template with `#{attribute}` in it.
 * @param field `uid`, `displayName,cn` or `#{givenName} #{sn}`
 */
export function fieldOf(entry: Entry, field: string): string | undefined {
  if (!field.includes('#{')) {
    for (const attribute of field.split(',')) {
      const text = textOf(entry, attribute);
      if (text !== undefined) return text;
    }
    return undefined;
  }
  const text = field.replace(/#\{([^{}]*)\}/gu, (_all, attribute: string) => textOf(entry, attribute) ?? '').trim();
  return text === '' ? undefined : text;
}

/** The attributes that a field setting names. */
export function attributesOf(field: string): readonly string[] {
  const names = field.includes('#{')
    ? [...field.matchAll(/#\{([^{}]*)\}/gu)].map(([, name = '']) => name)
    : field.split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}
