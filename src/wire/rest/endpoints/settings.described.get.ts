import type { ListedSetting } from '../../../core/setting/settings.ts';
import { endpoint } from '../endpoint.ts';
import { anything, flag, list, object, oneOf, optional, type Static, text, whole } from '../schema.ts';

const described = object({
  _id: text(),
  value: anything({ description: 'Of a secret, only whether there is one.' }),
  initial: anything({ description: 'The value of a fresh install.' }),
  kind: oneOf('boolean', 'integer', 'text', 'choice', 'list'),
  group: text(),
  section: text({ description: 'Empty for none.' }),
  about: text({ description: 'One sentence.' }),
  secret: flag(),
  fixed: flag({
    description:
      'Whoever asks does not change it: it is only shown, SETTINGS_BLOCKED names it, or only administrators may (who somebody is hangs on it).',
  }),
  overridden: flag({ description: 'OVERWRITE_SETTING_… of the environment sets it again at every start.' }),
  choices: optional(list(text())),
  least: optional(whole()),
  most: optional(whole()),
  fractions: optional(flag({ description: 'Parts of the unit are allowed as well.' })),
  multiline: optional(flag()),
  form: optional(oneOf('addresses', 'url', 'json', 'pattern', 'patterns', 'mailbox')),
});

export default endpoint({
  method: 'get',
  path: '/api/v1/settings.described',
  summary: 'Lists all settings with what each does, and what it can be; for a form that changes them.',
  auth: 'token',
  permission: { all: ['view-privileged-setting'] },
  answer: object({ settings: list(described) }),
  run: (app, { signed }) => ({
    settings: app.settings.list().map((setting) => {
      const isFixed = setting.blocked || app.setting.keptFrom(signed, setting.id).held;
      return describedOf({ ...setting, blocked: isFixed });
    }),
  }),
});

function describedOf({ id, value, definition, blocked, overridden }: ListedSetting): Static<typeof described> {
  const { kind, initial, group, section = '', about, secret = false } = definition;
  const common = { _id: id, value, initial, kind, group, section, about, secret, fixed: blocked, overridden };
  switch (kind) {
    case 'integer': {
      const { least, most, fractions } = definition;
      return {
        ...common,
        ...(least === undefined ? {} : { least }),
        ...(most === undefined ? {} : { most }),
        ...(fractions === undefined ? {} : { fractions }),
      };
    }
    case 'text': {
      const { multiline, form } = definition;
      return { ...common, ...(multiline === undefined ? {} : { multiline }), ...(form === undefined ? {} : { form }) };
    }
    case 'choice':
    case 'list':
      return { ...common, choices: definition.choices };
    default:
      return common;
  }
}
