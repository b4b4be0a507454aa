import type { AuditEntry } from '../audit-entry.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Events, Moment, Random } from '../ports.ts';
import { catalogue, definitions, isSettingId, type SettingId } from './catalogue.ts';
import type { SettingDefinition, SettingValue, ValueOf } from './definition.ts';
import type { SettingEnvironment } from './environment.ts';
import { keep, type Log } from './kept.ts';
import { changeFacts, fit, isMeaningful, mask, same, shown, tidy } from './rules.ts';
import { atStart, sorted } from './start.ts';
import type { SettingStore, StoredSetting } from './store.ts';

/** What keeping the settings needs. */
export interface SettingsNeeds {
  readonly store: Pick<SettingStore, 'settings' | 'putSettings' | 'resetSettings'>;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  /** From `settingsFromEnvironment`. */
  readonly environment: SettingEnvironment;
  /** Gives the first value of `Site_Url`. */
  readonly rootUrl: string;
  /** False for who only reads what the server has decided: nothing is stored at the opening. Default true. */
  readonly decides?: boolean;
  readonly log?: Log;
}

/** A setting as lists show it. */
export interface ListedSetting {
  readonly id: SettingId;
  /** Of a secret, only whether there is one. */
  readonly value: SettingValue;
  readonly definition: SettingDefinition;
  /** `catalogue` where nothing is stored. */
  readonly source: StoredSetting['source'] | 'catalogue';
  /** Where nothing is stored, when this server started: an upgrade may have brought another initial value. */
  readonly updatedAt: Moment;
  /** The environment forbids changes (`SETTINGS_BLOCKED`). */
  readonly blocked: boolean;
  readonly hidden: boolean;
}

export interface SettingFilter {
  /** Only what anybody may read. */
  readonly publicOnly?: boolean;
  /** Only these; unknown ids are left out. */
  readonly ids?: readonly string[];
  /** Hidden ones as well, for the command line. */
  readonly hiddenToo?: boolean;
}

/** Who changes a setting. */
export interface Changer {
  readonly caller: Caller;
  readonly accountId: string | undefined;
  /** Whoever holds the host reaches hidden settings, too. */
  readonly asHost?: true;
}

export interface Settings {
  /** The value that holds now. */
  get<Id extends SettingId>(id: Id): ValueOf<(typeof catalogue)[Id]>;
  /** The settings in the order of the catalogue: one filter for every door. */
  list(filter?: SettingFilter): readonly ListedSetting[];
  /**
   * Writes all of the values, or none; they hold on this node when it returns. Of two for one id the last counts. Throws
   * `setting-unknown`, `setting-blocked` (both with `id`) or `setting-value-invalid` with `id`, and with `least` or
   * `most` only when the value is a number beyond that bound. The caller must have checked the permission.
   */
  write(changes: readonly { readonly id: string; readonly value: unknown }[], by: Changer): Promise<void>;
  /**
   * Gives settings the values of a fresh install, all or none. Throws `setting-unknown`, and `setting-blocked` also for
   * the one that names this installation.
   */
  reset(ids: readonly string[], by: Changer): Promise<void>;
  /**
   * Calls `act` with the ids whose values have changed, on whatever node, until the returned function is called.
   * @param which the ids, or a pattern that they match
   */
  onChange(which: readonly SettingId[] | RegExp, act: (ids: readonly SettingId[]) => void): () => void;
  /** Reads the store again. */
  readonly load: () => Promise<void>;
  readonly close: () => void;
}

type FreshSetting = StoredSetting & { readonly id: SettingId };

interface Watcher {
  readonly which: readonly SettingId[] | RegExp;
  readonly act: (ids: readonly SettingId[]) => void;
}

/**
 * Decides every setting for this start, stores what the environment fixes, and keeps the values in memory from then on.
 * @param needs the store, and what the operator has given
 */
export async function openSettings(needs: SettingsNeeds): Promise<Settings> {
  const { store, events, clock, random, environment, log = () => undefined } = needs;
  const openedAt = clock.now();
  const watchers = new Set<Watcher>();
  const told = new Set<string>();
  let stored: ReadonlyMap<string, StoredSetting> = new Map();
  /** When this node heard that a stored value is gone: clients that keep a copy ask for what changed since. */
  const forgottenAt = new Map<SettingId, Moment>();

  const valueOf = (rows: ReadonlyMap<string, StoredSetting>, id: SettingId): SettingValue =>
    rows.get(id)?.value ?? catalogue[id].initial;
  const isHidden = (id: SettingId): boolean => definitionOf(id).hidden === true || environment.hidden.has(id);

  function take(rows: ReadonlyMap<string, StoredSetting>): void {
    const before = stored;
    stored = rows;
    const changed = ids.filter((id) => !same(valueOf(before, id), valueOf(rows, id)));
    for (const id of changed) if (!rows.has(id)) forgottenAt.set(id, clock.now());
    if (changed.length > 0) for (const watcher of watchers) tell(watcher, changed);
  }

  function tell({ which, act }: Watcher, changed: readonly SettingId[]): void {
    const wanted = changed.filter((id) => (which instanceof RegExp ? id.search(which) >= 0 : which.includes(id)));
    if (wanted.length === 0) return;
    try {
      act(wanted);
    } catch (cause) {
      log('A part of the server could not follow a change of settings.', { ids: wanted, cause });
    }
  }

  /** @throws Fault `setting-unknown`, `setting-blocked` */
  function changeable(id: string, by: Changer): SettingId {
    if (!isSettingId(id) || (isHidden(id) && by.asHost !== true)) throw new Fault('setting-unknown', { id });
    if (environment.blocked.has(id)) throw new Fault('setting-blocked', { id });
    return id;
  }

  /** Values that no catalogue can hold. */
  function firstValues(): ReadonlyMap<SettingId, SettingValue> {
    return new Map<SettingId, SettingValue>([
      ['uniqueID', random.id()],
      ['Accounts_RegistrationForm_SecretURL', random.id()],
      ['Site_Url', tidy('Site_Url', needs.rootUrl)],
    ]);
  }

  const kept = keep({
    kind: 'settings',
    events,
    clock,
    log,
    read: () => store.settings(),
    take(rows: readonly StoredSetting[]) {
      const { fitting, unfit } = sorted(rows, definitions);
      for (const id of unfit) {
        if (told.has(id)) continue;
        told.add(id);
        log('A stored setting does not fit any more; its initial value holds.', { id });
      }
      take(fitting);
    },
  });

  try {
    const decides = needs.decides ?? true;
    const start = atStart({
      stored: await store.settings(),
      definitions,
      environment,
      firstValues: firstValues(),
      now: openedAt,
    });
    if (decides && start.rows.length > 0) await store.putSettings(start.rows, start.audit);
    // Read back, not taken over: another node may start at the same moment, and both must hold the same id.
    await kept.load();
  } catch (cause) {
    kept.close();
    throw cause;
  }

  return {
    get<Id extends SettingId>(id: Id): ValueOf<(typeof catalogue)[Id]> {
      kept.look();
      return valueOf(stored, id) as ValueOf<(typeof catalogue)[Id]>;
    },
    list(filter = {}) {
      kept.look();
      const among = filter.ids === undefined ? undefined : new Set(filter.ids);
      return ids
        .filter((id) => among?.has(id) ?? true)
        .filter((id) => filter.publicOnly !== true || definitionOf(id).public === true)
        .filter((id) => filter.hiddenToo === true || !isHidden(id))
        .map((id) => ({
          id,
          value: shown(definitionOf(id), valueOf(stored, id)),
          definition: definitionOf(id),
          source: stored.get(id)?.source ?? 'catalogue',
          updatedAt: stored.get(id)?.updatedAt ?? forgottenAt.get(id) ?? openedAt,
          blocked: environment.blocked.has(id),
          hidden: isHidden(id),
        }));
    },
    async write(changes, by) {
      const at = clock.now();
      const rows = new Map<SettingId, StoredSetting>();
      for (const { id: asked, value } of changes) {
        const id = changeable(asked, by);
        const definition = definitionOf(id);
        const fitting = fit(definition, value);
        if (!fitting.fits) throw new Fault('setting-value-invalid', { id, ...fitting.bound });
        if (!isMeaningful(definition, fitting.value).held) throw new Fault('setting-value-invalid', { id });
        // A form that was shown the mask and sent it back has changed nothing.
        if (definition.secret === true && fitting.value === mask) continue;
        rows.set(id, { id, value: tidy(id, fitting.value), source: 'administrator', updatedAt: at });
      }
      if (rows.size === 0) return;
      const audit = [...rows].map(([id, row]) => changeEntry(id, valueOf(stored, id), row, by));
      await store.putSettings([...rows.values()], audit);
      kept.wrote();
      take(new Map([...stored, ...rows]));
    },
    async reset(asked, by) {
      const at = clock.now();
      const wanted = new Set(asked.map((id) => changeable(id, by)));
      if (wanted.has('uniqueID')) throw new Fault('setting-blocked', { id: 'uniqueID' });
      const fresh = [...firstValues()].flatMap(([id, value]): readonly FreshSetting[] =>
        wanted.delete(id) ? [{ id, value, source: 'initial', updatedAt: at }] : [],
      );
      const forgotten = [...wanted];
      const initial = forgotten.map(
        (id): FreshSetting => ({ id, value: definitionOf(id).initial, source: 'initial', updatedAt: at }),
      );
      const audit = [...fresh, ...initial].map((row) => changeEntry(row.id, valueOf(stored, row.id), row, by));
      if (audit.length === 0) return;
      await store.resetSettings(forgotten, fresh, audit);
      kept.wrote();
      const left = [...stored].filter(([id]) => !wanted.has(id as SettingId));
      take(new Map([...left, ...fresh.map((row) => [row.id, row] as const)]));
    },
    onChange(which, act) {
      const watcher = { which, act };
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    load: kept.load,
    close: kept.close,
  };
}

const ids = [...definitions.keys()] as readonly SettingId[];

function definitionOf(id: SettingId): SettingDefinition {
  return catalogue[id];
}

function changeEntry(id: SettingId, from: SettingValue, row: StoredSetting, by: Changer): AuditEntry {
  const { door, address, userAgent } = by.caller;
  return {
    at: row.updatedAt,
    what: 'setting.change',
    outcome: 'done',
    accountId: undefined,
    actorId: by.accountId,
    door,
    address,
    userAgent,
    facts: changeFacts(id, definitionOf(id), from, row.value),
  };
}
