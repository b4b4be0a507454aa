import type { Settings } from '../../core/setting/settings.ts';

/**
 * The most entries of any page, whatever the settings say. Writing one holds the whole server up, and a few requests
 * for all of 200,000 accounts stopped it for seconds; a thousand take some milliseconds.
 */
const mostOnPage = 1_000;

/** Which part of a list is given. */
export interface Page {
  readonly offset: number;
  readonly count: number;
}

/** What a request says of paging. */
export interface Paging {
  readonly offset?: number | undefined;
  readonly count?: number | undefined;
  readonly sort?: string | undefined;
}

/** The page that is given, by the limits of the settings (rest.md §2.9). A `count` of 0 asks for all there is. */
export function pageOf(settings: Pick<Settings, 'get'>, { offset = 0, count }: Paging): Page {
  const usual = positive(settings.get('API_Default_Count'), 50);
  const most = positive(settings.get('API_Upper_Count_Limit'), 100);
  return { offset, count: Math.min(wanted(), mostOnPage) };

  function wanted(): number {
    if (count === undefined) return Math.min(usual, most);
    if (count === 0) return settings.get('API_Allow_Infinite_Count') ? mostOnPage : usual;
    return Math.min(count, most);
  }
}

function positive(value: number, otherwise: number): number {
  return value > 0 ? value : otherwise;
}

/** The part of a list that a page names. */
export function cut<T>(items: readonly T[], { offset, count }: Page): readonly T[] {
  return items.slice(offset, offset + count);
}

export type Sort = readonly { readonly field: string; readonly ascending: boolean }[];

/** The longest text of a sort that is read. */
const longestSort = 1024;

/**
 * The order that a request asks for, as JSON with `1` and `-1`.
 * @returns undefined when it is none: `Invalid sort parameter provided: "<raw>"`
 */
export function sortOf(raw: string | undefined): Sort | undefined {
  if (raw === undefined || raw === '') return [];
  if (raw.length > longestSort) return undefined;
  try {
    const value: unknown = JSON.parse(raw);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const entries: [string, unknown][] = Object.entries(value);
    if (entries.some(([, direction]) => direction !== 1 && direction !== -1)) return undefined;
    return entries.map(([field, direction]) => ({ field, ascending: direction === 1 }));
  } catch {
    return undefined;
  }
}
