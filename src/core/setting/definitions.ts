import { definitions, type SettingId } from './catalogue.ts';
import { type CustomSettingId, customDefinition } from './custom-service.ts';
import type { SettingDefinition } from './definition.ts';

/** The id of a setting that lists may hold. */
export type ListedId = SettingId | CustomSettingId;

/** What a setting must be, of the catalogue or of a custom service; undefined for an id that is neither. */
export function definitionOf(id: string): SettingDefinition | undefined {
  return definitions.get(id) ?? customDefinition(id);
}
