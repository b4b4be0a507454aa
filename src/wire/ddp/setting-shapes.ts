import type { App } from '../../app.ts';
import type { Signed } from '../../core/session/token.ts';
import { definitions } from '../../core/setting/catalogue.ts';
import type { SettingDefinition } from '../../core/setting/definition.ts';
import type { ListedPermission } from '../../core/setting/permissions.ts';
import type { ListedSetting } from '../../core/setting/settings.ts';

/** A setting as anybody may read it (settings.md §3). */
export function publicSetting({ id, value }: ListedSetting): Readonly<Record<string, unknown>> {
  return { _id: id, value };
}

/** Where each setting stands on the pages of administration. */
const places: ReadonlyMap<string, number> = new Map([...definitions.keys()].map((id, place) => [id, place]));

/** The settings for which clients have an editor of its own. */
const typesApart: ReadonlyMap<string, string> = new Map([
  ['Accounts_CustomFields', 'code'],
  ['Language', 'language'],
]);

/** A setting as administration lists it. A secret is masked already. */
export function privateSetting(setting: ListedSetting): Readonly<Record<string, unknown>> {
  const { definition } = setting;
  return {
    _id: setting.id,
    value: setting.value,
    packageValue: definition.secret === true ? '' : definition.initial,
    ...(setting.source === 'environment'
      ? { valueSource: 'processEnvValue', processEnvValue: setting.value }
      : { valueSource: 'packageValue' }),
    type: typesApart.get(setting.id) ?? typeOf(definition),
    i18nLabel: setting.id,
    i18nDescription: `${setting.id}_Description`,
    sorter: places.get(setting.id),
    ...(definition.kind === 'choice' || definition.kind === 'list'
      ? { values: definition.choices.map((key) => ({ key, i18nLabel: key })) }
      : {}),
    group: definition.group,
    ...(definition.section === undefined ? {} : { section: definition.section }),
    public: definition.public === true,
    secret: definition.secret === true,
    blocked: setting.blocked,
    hidden: setting.hidden,
    _updatedAt: new Date(setting.updatedAt),
  };
}

function typeOf(definition: SettingDefinition): string {
  if (definition.secret === true) return 'password';
  switch (definition.kind) {
    case 'boolean':
      return 'boolean';
    case 'integer':
      return 'int';
    case 'text':
      return 'string';
    case 'choice':
      return 'select';
    case 'list':
      return 'multiSelect';
  }
}

/** A permission as clients keep it (rest.md §15). */
export function permissionShape({
  id,
  roles,
  updatedAt,
  setting,
}: ListedPermission): Readonly<Record<string, unknown>> {
  return {
    _id: id,
    roles,
    ...(setting === undefined
      ? {}
      : { level: 'settings', settingId: setting.id, group: setting.group, section: setting.section }),
    _updatedAt: new Date(updatedAt),
  };
}

/** Which settings somebody sees in administration: all of them, those they may change, or none. */
export function readsPrivate(app: App, signed: Signed | undefined): 'all' | 'selected' | 'none' {
  if (signed === undefined) return 'none';
  const holds = (permission: 'view-privileged-setting' | 'edit-privileged-setting' | 'manage-selected-settings') =>
    app.permissions.held(signed, permission).held;
  if (holds('view-privileged-setting') || holds('edit-privileged-setting')) return 'all';
  return holds('manage-selected-settings') ? 'selected' : 'none';
}

/** Whether somebody sees one setting in administration. */
export function mayReadPrivate(app: App, signed: Signed, id: string): { readonly held: boolean } {
  const reading = readsPrivate(app, signed);
  if (reading !== 'selected') return { held: reading === 'all' };
  return app.permissions.held(signed, `change-setting-${id}`);
}
