import { Fault } from '../../../core/fault.ts';
import type { ListedSetting } from '../../../core/setting/settings.ts';
import { openMethod, userMethod } from '../method.ts';
import { fieldOf, fieldsOf, maybeMomentOf, textOf } from '../params.ts';
import { Refusal } from '../refusal.ts';
import { mayReadPrivate, privateSetting, publicSetting, readsPrivate } from '../setting-shapes.ts';

/** A list, or what changed after a date, as clients that keep a copy ask for it (settings.md §3). */
function since<Shape>(
  settings: readonly ListedSetting[],
  after: number | undefined,
  shape: (setting: ListedSetting) => Shape,
): readonly Shape[] | { readonly update: readonly Shape[]; readonly remove: readonly never[] } {
  if (after === undefined) return settings.map(shape);
  return { update: settings.filter(({ updatedAt }) => updatedAt > after).map(shape), remove: [] };
}

/** The settings that anybody may read. */
export const publicSettings = openMethod({
  name: 'public-settings/get',
  ignoresCaller: true,
  params: ([after]) => maybeMomentOf(after),
  run: async (app, _call, after) =>
    await Promise.resolve(since(app.settings.list({ publicOnly: true }), after, publicSetting)),
});

/** The settings that the caller may see in administration; none without a permission. */
export const privateSettings = openMethod({
  name: 'private-settings/get',
  scoped: true,
  params: ([after]) => maybeMomentOf(after),
  async run(app, { signed }, after) {
    const reading = readsPrivate(app, signed);
    const visible =
      reading === 'none' || signed === undefined
        ? []
        : app.settings.list().filter(({ id }) => mayReadPrivate(app, signed, id).held);
    return await Promise.resolve(reading === 'none' ? [] : since(visible, after, privateSetting));
  },
});

const twoFactor = { remember: true, always: false };

/** The refusal that names the settings in question (rest.md §16.6). */
function inWordsOf(method: string, cause: unknown): unknown {
  if (!(cause instanceof Fault) || cause.code !== 'permission-missing') return cause;
  return new Refusal({
    error: 'error-action-not-allowed',
    reason: 'Editing settings is not allowed',
    details: { method, settingIds: cause.facts['settingIds'] },
  });
}

/** Changes one setting; the third parameter, the editor of colours, means nothing here. */
export const saveSetting = userMethod({
  name: 'saveSetting',
  scoped: true,
  twoFactor,
  params: ([id, value]) => ({ id: textOf(id), value }),
  async run(app, call, change) {
    try {
      await app.setting.change(call.signed, [change], call.caller);
    } catch (cause) {
      throw inWordsOf('saveSetting', cause);
    }
    return true;
  },
});

/** Changes several, all or none. */
export const saveSettings = userMethod({
  name: 'saveSettings',
  scoped: true,
  twoFactor,
  params([changes]) {
    if (!Array.isArray(changes)) throw new Fault('malformed');
    return changes.map((change: unknown) => {
      const fields = fieldsOf(change);
      return { id: textOf(fieldOf(fields, '_id')), value: fieldOf(fields, 'value') };
    });
  },
  async run(app, call, changes) {
    try {
      await app.setting.change(call.signed, changes, call.caller);
    } catch (cause) {
      throw inWordsOf('saveSettings', cause);
    }
    return true;
  },
});
