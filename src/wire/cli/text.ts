import type { Moment } from '../../core/ports.ts';

/** Text that came from outside, without what could steer a terminal or hide in it. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}

/** The same for text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** `2026-01-31 14:05:09`, in UTC. */
export function moment(at: Moment | undefined): string {
  return at === undefined ? 'never' : new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** For JSON documents: ISO 8601, or null. */
export function isoMoment(at: Moment | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

/** `1 token`, `3 tokens`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/**
 * Columns that line up.
 * @param rows the first one may be the heading; every cell is made printable
 */
export function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of cells) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  return cells
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
