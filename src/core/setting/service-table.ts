import { type CustomService, type CustomSettingId, customIds, customNames, customServiceOf } from './custom-service.ts';
import type { SettingValue } from './definition.ts';

/** The custom services that are there, in step with what is stored. */
export interface ServiceTable {
  /** In the order of their names; the same list until one comes or goes. */
  services(): readonly CustomService[];
  /**
   * Takes over what is stored by now.
   * @param stored ids of settings
   * @returns the ids of all settings of services that have come or gone
   */
  follow(stored: Iterable<string>): ReadonlySet<string>;
  /** The ids of all settings of the services that are there. */
  ids(): readonly CustomSettingId[];
}

/** @param read gives the value of a setting of a service */
export function serviceTable(read: (id: CustomSettingId, initial: SettingValue) => SettingValue): ServiceTable {
  let services: readonly CustomService[] = [];
  let ids: readonly CustomSettingId[] = [];
  return {
    services: () => services,
    ids: () => ids,
    follow(stored) {
      const now = customNames(stored);
      const before = services.map(({ name }) => name);
      const moved = [...now.filter((name) => !before.includes(name)), ...before.filter((name) => !now.includes(name))];
      if (moved.length > 0) {
        services = now.map((name) => customServiceOf(name, read));
        ids = now.flatMap(customIds);
      }
      return new Set(moved.flatMap(customIds));
    },
  };
}
