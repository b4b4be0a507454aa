import { catalogue } from '../../src/core/setting/catalogue.ts';
import { type CustomKey, customIdOf, customKeys } from '../../src/core/setting/custom-service.ts';
import type { SettingDefinition } from '../../src/core/setting/definition.ts';
import { permissionTable } from '../../src/core/setting/permission-table.ts';
import { defaultRoles } from '../../src/core/setting/role-table.ts';
import { blocks, code, codes, type Page, plain, sorted, table } from './markdown.ts';

/** Every setting, by the groups and sections of the administration pages. */
export function settingsPage(): Page {
  const all: readonly (readonly [string, SettingDefinition])[] = Object.entries(catalogue);
  const groups = sorted([...new Set(all.map(([, { group }]) => group))], (group) => group);
  const parts = groups.flatMap((group) => {
    const inGroup = all.filter(([, definition]) => definition.group === group);
    const sections = sorted([...new Set(inGroup.map(([, { section }]) => section ?? ''))], (section) => section);
    return [
      `## ${plain(group)}`,
      ...sections.flatMap((section) => [
        section === '' ? '' : `### ${plain(section)}`,
        table(
          ['Setting', 'Kind', 'Default', 'Seen by', 'What it does'],
          sorted(
            inGroup.filter(([, definition]) => (definition.section ?? '') === section),
            ([id]) => id,
          ).map(([id, definition]) => row(id, definition)),
        ),
      ]),
    ];
  });
  return {
    file: 'settings.md',
    title: 'Settings',
    about: 'what administrators may change while the server runs',
    body: blocks(
      `There are ${all.length} settings, with the ids of Rocket.Chat. They are changed over REST ([endpoints](endpoints.md)), by realtime methods ([methods](methods.md)), or by the environment ([environment](environment.md)). Public ones are read by anybody, also signed out.`,
      ...parts,
      '## Custom OAuth services',
      'Each service that is added has these; `<Name>` is its name. In the environment the hyphens may be underscores, and then the name has none: `Accounts_OAuth_Custom_<Name>_url`.',
      table(
        ['Setting', 'Kind', 'Default', 'Seen by', 'What it does'],
        (Object.entries(customKeys) as readonly (readonly [CustomKey, SettingDefinition])[]).map(([key, definition]) =>
          row(customIdOf('<Name>', key), definition),
        ),
      ),
    ),
  };
}

function row(id: string, definition: SettingDefinition): readonly string[] {
  const { initial } = definition;
  const shown = typeof initial === 'string' ? initial : JSON.stringify(initial);
  return [code(id), kindOf(definition), initialOf(shown), seenBy(definition), plain(definition.about)];
}

/** A long or many-lined default would make the table unreadable. */
function initialOf(text: string): string {
  const longest = 60;
  return text.length > longest ? `${code(text.slice(0, longest))} …` : code(text);
}

function kindOf(definition: SettingDefinition): string {
  switch (definition.kind) {
    case 'integer': {
      const { least, most, fractions } = definition;
      const kind = fractions === true ? 'number' : 'whole number';
      if (least !== undefined && most !== undefined) return `${kind}, ${least} to ${most}`;
      if (least !== undefined) return `${kind}, at least ${least}`;
      return most === undefined ? kind : `${kind}, at most ${most}`;
    }
    case 'choice':
      return `one of ${codes(definition.choices)}`;
    case 'list':
      return `list of ${codes(definition.choices)}`;
    case 'text':
      return definition.multiline === true ? 'text of several lines' : 'text';
    case 'boolean':
      return 'boolean';
  }
}

function seenBy({ public: open, hidden, secret }: SettingDefinition): string {
  if (hidden === true) return 'nobody';
  const readers = open === true ? 'all' : 'administrators';
  return secret === true ? `${readers}, masked` : readers;
}

/** Roles, and who holds which permission on a fresh install. */
export function permissionsPage(): Page {
  const permissions: readonly (readonly [string, readonly string[]])[] = Object.entries(permissionTable);
  return {
    file: 'permissions.md',
    title: 'Permissions and roles',
    about: 'who may do what on a fresh install',
    body: blocks(
      'An account may do what one of its roles may. Roles of rooms hold nothing outside a room; they are here because clients ask for them. Beside these permissions each setting has one, `change-setting-<id>`, for holders of `manage-selected-settings`; nobody holds it at first.',
      '## Permissions',
      table(
        ['Permission', 'Held by'],
        sorted(permissions, ([id]) => id).map(([id, roles]) => [code(id), codes(sorted(roles, (role) => role))]),
      ),
      '## Roles',
      table(
        ['Role', 'Of', 'Description'],
        sorted(defaultRoles, ({ id }) => id).map(({ id, scope, description }) => [
          code(id),
          scope === 'Users' ? 'the server' : 'rooms',
          plain(description),
        ]),
      ),
    ),
  };
}
