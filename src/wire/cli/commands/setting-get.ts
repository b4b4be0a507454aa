import type { Command } from '../command.ts';
import { namedSetting, originOf, settingArgument, settingDocument, valueText } from '../setting-value.ts';

export const settingGet: Command = {
  words: 'setting get',
  summary: 'Print the value of a setting.',
  about: 'Of a secret only whether there is one is shown.',
  arguments: [settingArgument],
  example: 'countersign setting get Site_Url',
  async run(given, desk) {
    const setting = await desk.withApp(
      async (app) => await Promise.resolve(namedSetting(app.settings, given.argument('setting'))),
    );
    const { definition } = setting;
    const initial = definition.secret === true ? '' : ` A fresh install has: ${valueText(definition.initial)}`;
    return {
      document: { setting: settingDocument(setting) },
      text: valueText(setting.value),
      note: `${definition.about} (${originOf(setting)})${initial}`,
    };
  },
};
