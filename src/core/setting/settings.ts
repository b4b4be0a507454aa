import type { AuditEntry } from '../audit-entry.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Events, Moment, Random } from '../ports.ts';
import { type catalogue, definitions, isSettingId, type SettingId } from './catalogue.ts';
import {
  type CustomService,
  type CustomSettingId,
  customIdOf,
  customIds,
  customNameOf,
  customPartsOf,
} from './custom-service.ts';
import type { SettingDefinition, SettingValue, ValueOf } from './definition.ts';
import { definitionOf as anyDefinition, type ListedId } from './definitions.ts';
import type { SettingEnvironment } from './environment.ts';
import { keep, type Log } from './kept.ts';
import { silence } from './memory-store.ts';
import { changeFacts, fit, isMeaningful, mask, same, shown, tidy } from './rules.ts';
import { serviceTable } from './service-table.ts';
import { atStart, sorted } from './start.ts';
import type { SettingStore, StoredSetting } from './store.ts';
import { secretTiedTo } from './tied-secrets.ts';

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
  readonly id: ListedId;
  /** Of a secret, only whether there is one. */
  readonly value: SettingValue;
  readonly definition: SettingDefinition;
  /** `catalogue` where nothing is stored. */
  readonly source: StoredSetting['source'] | 'catalogue';
  /** Where nothing is stored, when this server started: an upgrade may have brought another initial value. */
  readonly updatedAt: Moment;
  /** Shown only, or the environment forbids changes (`SETTINGS_BLOCKED`). */
  readonly blocked: boolean;
  /** The environment sets it again at every start (`OVERWRITE_SETTING_…`). */
  readonly overridden: boolean;
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

/** A setting as it shall be. */
export interface SettingChange {
  readonly id: string;
  readonly value: unknown;
  /** Where the value came from; an administrator where nothing is said. */
  readonly source?: 'initial';
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
  /** The custom OAuth services that are there, switched on or not, in the order of their names. */
  services(): readonly CustomService[];
  /**
   * Adds a custom service with the values of a fresh one; one that is there stays as it is.
   * @param name as somebody typed it, see `customNameOf`
   * @throws Fault `service-name-invalid`; `setting-unknown` or `setting-blocked` where the environment forbids it
   */
  addService(name: string, by: Changer): Promise<void>;
  /** Removes a custom service with all of its values; one that is not there is none. @throws Fault as `addService` */
  removeService(name: string, by: Changer): Promise<void>;
  /** The settings in the order of the catalogue, those of custom services last: one filter for every door. */
  list(filter?: SettingFilter): readonly ListedSetting[];
  /**
   * Writes all of the values, or none; they hold on this node when it returns. Of two for one id the last counts. Throws
   * `setting-unknown`, `setting-blocked` (both with `id`) or `setting-value-invalid` with `id`, and with `least` or
   * `most` only when the value is a number beyond that bound. The caller must have checked the permission. A secret that
   * belongs to a place that changes is forgotten, unless it is among the changes.
   */
  write(changes: readonly SettingChange[], by: Changer): Promise<void>;
  /**
   * Gives settings the values of a fresh install, all or none; secrets are forgotten as by `write`. Throws `setting-unknown`, and `setting-blocked` also for
   * the one that names this installation.
   */
  reset(ids: readonly string[], by: Changer): Promise<void>;
  /**
   * Calls `act` with the ids whose values have changed, on whatever node, until the returned function is called; those of
   * a custom service also when it comes or goes.
   * @param which the ids, or a pattern that they match
   */
  onChange(which: readonly SettingId[] | RegExp, act: (ids: readonly ListedId[]) => void): () => void;
  /** Whether a value is the one that holds, in whatever form it was written; also of a secret. */
  holds(id: string, value: unknown): { readonly held: boolean };
  /** The same settings over another store, of which nobody else hears: for whoever tries what would become of them. */
  over(store: SettingsNeeds['store']): Promise<Settings>;
  /** Reads the store again. */
  readonly load: () => Promise<void>;
  readonly close: () => void;
}

type FreshSetting = StoredSetting & { readonly id: ListedId };

interface Watcher {
  readonly which: readonly SettingId[] | RegExp;
  readonly act: (ids: readonly ListedId[]) => void;
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
  const table = serviceTable((id, initial) => stored.get(id)?.value ?? initial);
  /** Those of the catalogue, and of the services that are there. */
  let ids: readonly ListedId[] = catalogueIds;
  /** When this node heard that a stored value is gone: clients that keep a copy ask for what changed since. */
  const forgottenAt = new Map<ListedId, Moment>();

  const valueOf = (rows: ReadonlyMap<string, StoredSetting>, id: ListedId): SettingValue =>
    rows.get(id)?.value ?? definitionOf(id).initial;
  const isHidden = (id: ListedId): boolean => definitionOf(id).hidden === true || environment.hidden.has(id);

  const isFixed = (id: ListedId): boolean => definitionOf(id).readOnly === true || environment.blocked.has(id);

  function take(rows: ReadonlyMap<string, StoredSetting>): void {
    const before = stored;
    stored = rows;
    const moved = table.follow(rows.keys()) as ReadonlySet<ListedId>;
    if (moved.size > 0) ids = [...catalogueIds, ...table.ids()];
    const changed = ids.filter((id) => !moved.has(id) && !same(valueOf(before, id), valueOf(rows, id)));
    const all = [...changed, ...moved];
    for (const id of all) if (!rows.has(id)) forgottenAt.set(id, clock.now());
    if (all.length > 0) for (const watcher of watchers) tell(watcher, all);
  }

  const isThere = (name: string): boolean => stored.has(customIdOf(name, ''));

  function tell({ which, act }: Watcher, changed: readonly ListedId[]): void {
    const wanted = changed.filter((id) =>
      which instanceof RegExp ? id.search(which) >= 0 : (which as readonly string[]).includes(id),
    );
    if (wanted.length === 0) return;
    try {
      act(wanted);
    } catch (cause) {
      log('A part of the server could not follow a change of settings.', { ids: wanted, cause });
    }
  }

  /** @throws Fault `setting-unknown`, `setting-blocked` */
  function changeable(id: string, by: Changer): ListedId {
    const isListed = isSettingId(id) || isOfService(id);
    if (!isListed || (isHidden(id) && by.asHost !== true)) throw new Fault('setting-unknown', { id });
    if (isFixed(id)) throw new Fault('setting-blocked', { id });
    return id;
  }

  function isOfService(id: string): id is CustomSettingId {
    const parts = customPartsOf(id);
    return parts !== undefined && isThere(parts.name);
  }

  /** @throws Fault `service-name-invalid`, `setting-unknown`, `setting-blocked` */
  function changeableService(given: string, by: Changer): { name: string; id: CustomSettingId } {
    const name = customNameOf(given);
    if (name === undefined) throw new Fault('service-name-invalid', { name: given.slice(0, 64) });
    for (const id of customIds(name)) {
      if (isHidden(id) && by.asHost !== true) throw new Fault('setting-unknown', { id });
      if (environment.blocked.has(id)) throw new Fault('setting-blocked', { id });
    }
    return { name, id: customIdOf(name, '') };
  }

  /**
   * The secrets that other values must not meet: whoever may change where a server is would be told its password there.
   * What the environment has fixed stays, and so what it is sent to should be fixed with it.
   * @param values the new ones
   * @returns the ids of the secrets, each with that of the setting that they are forgotten for
   */
  function untied(values: ReadonlyMap<ListedId, SettingValue>): ReadonlyMap<ListedId, ListedId> {
    const found = new Map<ListedId, ListedId>();
    for (const [id, value] of values) {
      const secret = secretTiedTo(id);
      if (secret === undefined || values.has(secret) || isFixed(secret) || same(valueOf(stored, id), value)) continue;
      if (!same(valueOf(stored, secret), definitionOf(secret).initial)) found.set(secret, id);
    }
    return found;
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
      const { fitting, unfit } = sorted(rows);
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
    services() {
      kept.look();
      return table.services();
    },
    async addService(given, by) {
      const { name, id } = changeableService(given, by);
      await kept.load();
      if (isThere(name)) return;
      const at = clock.now();
      const row: FreshSetting = { id, value: false, source: 'initial', updatedAt: at };
      const others = customIds(name).filter((one) => one !== id);
      const audit = entryOf('oauth-service.add', { name }, by, at);
      // What one of this name may have left behind, while it was removed somewhere else, must not come back with it.
      await store.resetSettings(others, [row], [audit]);
      kept.wrote();
      const left = [...stored].filter(([one]) => !(others as readonly string[]).includes(one));
      take(new Map([...left, [id, row]]));
    },
    async removeService(given, by) {
      const { name } = changeableService(given, by);
      await kept.load();
      if (!isThere(name)) return;
      const gone: readonly string[] = customIds(name);
      await store.resetSettings(gone, [], [entryOf('oauth-service.remove', { name }, by, clock.now())]);
      kept.wrote();
      take(new Map([...stored].filter(([id]) => !gone.includes(id))));
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
          blocked: isFixed(id),
          overridden: environment.overrides.has(id) && environment.passing?.has(id) !== true,
          hidden: isHidden(id),
        }));
    },
    async write(changes, by) {
      const at = clock.now();
      const rows = new Map<ListedId, StoredSetting>();
      for (const { id: asked, value, source = 'administrator' } of changes) {
        const id = changeable(asked, by);
        const definition = definitionOf(id);
        const fitting = fit(definition, value);
        if (!fitting.fits) throw new Fault('setting-value-invalid', { id, ...fitting.bound });
        if (!isMeaningful(definition, fitting.value).held) throw new Fault('setting-value-invalid', { id });
        // A form that was shown the mask and sent it back has changed nothing.
        if (definition.secret === true && fitting.value === mask) continue;
        rows.set(id, { id, value: tidy(id, fitting.value), source, updatedAt: at });
      }
      if (rows.size === 0) return;
      const untiedOf = untied(new Map([...rows].map(([id, { value }]) => [id, value])));
      for (const id of untiedOf.keys()) {
        rows.set(id, { id, value: definitionOf(id).initial, source: 'administrator', updatedAt: at });
      }
      const audit = [...rows].map(([id, row]) => changeEntry(id, valueOf(stored, id), row, by, untiedOf.get(id)));
      await store.putSettings([...rows.values()], audit);
      kept.wrote();
      take(new Map([...stored, ...rows]));
    },
    async reset(asked, by) {
      const at = clock.now();
      const wanted = new Set(asked.map((id) => changeable(id, by)));
      if (wanted.has('uniqueID')) throw new Fault('setting-blocked', { id: 'uniqueID' });
      // The first setting of a service tells that it is there, and stays.
      const switches = [...wanted].filter((id) => customPartsOf(id)?.key === '').map((id) => [id, false] as const);
      const fresh = [...firstValues(), ...switches].flatMap(([id, value]): readonly FreshSetting[] =>
        wanted.delete(id) ? [{ id, value, source: 'initial', updatedAt: at }] : [],
      );
      const untiedOf = untied(new Map([...wanted].map((id) => [id, definitionOf(id).initial])));
      for (const id of untiedOf.keys()) wanted.add(id);
      const forgotten = [...wanted];
      const initial = forgotten.map(
        (id): FreshSetting => ({ id, value: definitionOf(id).initial, source: 'initial', updatedAt: at }),
      );
      const audit = [...fresh, ...initial].map((row) =>
        changeEntry(row.id, valueOf(stored, row.id), row, by, untiedOf.get(row.id)),
      );
      if (audit.length === 0) return;
      await store.resetSettings(forgotten, fresh, audit);
      kept.wrote();
      const left = [...stored].filter(([id]) => !wanted.has(id as ListedId));
      take(new Map([...left, ...fresh.map((row) => [row.id, row] as const)]));
    },
    holds(id, value) {
      kept.look();
      const fitting = isSettingId(id) || isOfService(id) ? fit(definitionOf(id), value) : undefined;
      return { held: fitting?.fits === true && same(valueOf(stored, id as ListedId), tidy(id, fitting.value)) };
    },
    over: async (other) => await openSettings({ ...needs, store: other, events: silence, decides: false }),
    onChange(which, act) {
      const watcher = { which, act };
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    load: kept.load,
    close: kept.close,
  };
}

const catalogueIds = [...definitions.keys()] as readonly SettingId[];

function definitionOf(id: ListedId): SettingDefinition {
  const definition = anyDefinition(id);
  if (definition === undefined) throw new Error(`No setting has the id ${id}.`);
  return definition;
}

/** @param clearedFor the setting whose change has cleared this one */
function changeEntry(
  id: ListedId,
  from: SettingValue,
  row: StoredSetting,
  by: Changer,
  clearedFor: ListedId | undefined,
): AuditEntry {
  const facts = changeFacts(id, definitionOf(id), from, row.value);
  return entryOf('setting.change', clearedFor === undefined ? facts : { ...facts, clearedFor }, by, row.updatedAt);
}

function entryOf(what: string, facts: AuditEntry['facts'], { caller, accountId }: Changer, at: Moment): AuditEntry {
  const { door, address, userAgent } = caller;
  return { at, what, outcome: 'done', accountId: undefined, actorId: accountId, door, address, userAgent, facts };
}
