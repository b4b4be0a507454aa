import type { App } from '../../app.ts';
import type { ListedSetting } from '../../core/setting/settings.ts';
import { cut, type Paging, pageOf } from '../shapes/paging.ts';
import { askedSort } from './list-query.ts';
import { anything, flag, list, object, optional, type Schema, type Static, text, whole } from './schema.ts';

/** A list of settings as every call that gives one answers (rest.md §16.1). */
export const settingsAnswer: Schema<{
  readonly settings: readonly {
    readonly _id: string;
    readonly value: unknown;
    readonly enterprise: boolean;
    readonly packageValue?: unknown;
  }[];
  readonly count: number;
  readonly offset: number;
  readonly total: number;
}> = object({
  settings: list(object({ _id: text(), value: anything(), enterprise: flag(), packageValue: optional(anything()) })),
  count: whole(),
  offset: whole(),
  total: whole(),
});

/** The page of settings that a request asks for, by id unless it asks for the other way round. */
export function settingsPage(
  app: App,
  settings: readonly ListedSetting[],
  asked: Paging & { readonly includeDefaults?: boolean | undefined },
): Static<typeof settingsAnswer> {
  const page = pageOf(app.settings, asked);
  const down = askedSort(asked).some(({ field, ascending }) => field === '_id' && !ascending);
  const sorted = settings.toSorted((one, other) => (one.id < other.id === down ? 1 : -1));
  const items = cut(sorted, page).map(({ id, value, definition }) => ({
    _id: id,
    value,
    enterprise: false,
    ...(asked.includeDefaults === true ? { packageValue: definition.initial } : {}),
  }));
  return { settings: items, count: items.length, offset: page.offset, total: settings.length };
}
