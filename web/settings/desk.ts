import { useState } from 'preact/hooks';
import { ClientError, type DescribedSetting, type SettingValue } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { FieldMistake } from '../explain.ts';
import { announce } from '../parts/announce.tsx';
import { type Loaded, useLoaded } from '../parts/use-loaded.ts';
import { settingsForm as words } from '../words/settings-form.ts';
import { shared } from '../words/shared.ts';
import { type Draft, draftOf, valueOf } from './draft.ts';

export type SettingMap = ReadonlyMap<string, DescribedSetting>;

/** The settings, and what was typed into their fields and is not saved yet. */
export interface Desk {
  readonly loaded: Loaded<SettingMap>;
  readonly find: (id: string) => DescribedSetting | undefined;
  /** Undefined where nothing was typed. */
  readonly draft: (id: string) => Draft | undefined;
  readonly put: (id: string, draft: Draft) => void;
  readonly forget: (id: string) => void;
  readonly forgetAll: () => void;
  /** The ids of what is another than what is saved. */
  readonly changed: readonly string[];
  /** Secrets that the server has forgotten, since the place that they were for is another. */
  readonly lost: readonly string[];
  /**
   * Saves all that has changed, and what is given beside, or nothing.
   * @throws FieldMistake with the id of a setting
   */
  readonly save: (beside?: Readonly<Record<string, SettingValue>>) => Promise<void>;
}

/** What a screen needs that changes settings. */
export function useDesk(): Desk {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const [lost, setLost] = useState<readonly string[]>([]);
  const loaded = useLoaded(async () => await fetchSettings());
  const find = (id: string): DescribedSetting | undefined => loaded.value?.get(id);
  const changed = [...drafts].flatMap(([id, draft]) => {
    const setting = find(id);
    return setting !== undefined && isAnother(setting, draft) ? [id] : [];
  });
  return {
    loaded,
    find,
    draft: (id) => drafts.get(id),
    put: (id, draft) => setDrafts((before) => new Map([...before, [id, draft]])),
    forget: (id) => setDrafts((before) => new Map([...before].filter(([one]) => one !== id))),
    forgetAll: () => setDrafts(new Map()),
    changed,
    lost,
    save: async (beside = {}) => {
      const typed = changed.flatMap((id) => {
        const [setting, draft] = [find(id), drafts.get(id)];
        return setting === undefined || draft === undefined ? [] : [{ _id: id, value: valueOf(setting, draft) }];
      });
      const settings = [...typed, ...Object.entries(beside).map(([_id, value]) => ({ _id, value }))];
      if (settings.length === 0) return;
      await client.post('settings', { settings }).catch(asBesideField);
      const after = await fetchSettings();
      const written = new Set(settings.map(({ _id }) => _id));
      setLost(
        [...after.values()].flatMap((one) => (isLost(one, find(one._id)) && !written.has(one._id) ? [one._id] : [])),
      );
      setDrafts(new Map());
      loaded.reload();
      announce(shared.say('saved'));
    },
  };
}

async function fetchSettings(): Promise<SettingMap> {
  const { settings } = await client.get('settings.described');
  return new Map(settings.map((setting) => [setting._id, setting]));
}

function isLost(now: DescribedSetting, before: DescribedSetting | undefined): boolean {
  return now.secret && now.value === '' && before !== undefined && before.value !== '';
}

/** A secret is never told, so whatever is typed is another; nothing where nothing was, is not. */
function isAnother(setting: DescribedSetting, draft: Draft): boolean {
  if (setting.secret) return draft !== '' || setting.value !== '';
  return draft !== draftOf(setting, setting.value);
}

/** @throws FieldMistake for what is about one setting, else what it was given */
function asBesideField(cause: unknown): never {
  if (!(cause instanceof ClientError)) throw cause;
  const [, id] = /^Value for setting (\S+) /u.exec(cause.message) ?? [];
  if (id !== undefined) throw new FieldMistake(id, words.say('refused'));
  throw cause;
}
