/** One generated page. */
export interface Page {
  /** Its name in `docs/reference/`. */
  readonly file: string;
  readonly title: string;
  /** What the index says of it. */
  readonly about: string;
  readonly body: string;
}

/** A table; empty when it has no rows. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that stands in a cell or a paragraph as it is; what is between backticks stays code. */
export function plain(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    .replace(/`[^`]*`|</gu, (found) => (found === '<' ? '&lt;' : found));
}

/** Text as code; nothing for nothing. */
export function code(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|').replaceAll('\n', ' ')}\``;
}

export function codes(texts: readonly string[]): string {
  return texts.map(code).join(', ');
}

/** Paragraphs, headings and tables with an empty line between them. */
export function blocks(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

/** In an order that no locale changes. */
export function sorted<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const folded = (item: T): string => keyOf(item).toLowerCase();
  return items.toSorted((one, other) => (folded(one) < folded(other) ? -1 : folded(one) > folded(other) ? 1 : 0));
}
