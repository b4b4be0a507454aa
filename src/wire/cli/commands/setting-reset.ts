import type { Command } from '../command.ts';
import { namedSetting, settingArgument, settingDocument, valueText } from '../setting-value.ts';

export const settingReset: Command = {
  words: 'setting reset',
  summary: 'Give a setting the value of a fresh install.',
  about: 'What OVERWRITE_SETTING_<id> gives comes back with the next start of the server.',
  arguments: [settingArgument],
  example: 'countersign setting reset Accounts_LoginExpiration',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const { id } = namedSetting(app.settings, given.argument('setting'));
      await app.host.resetSetting(id, desk.caller);
      const after = namedSetting(app.settings, id);
      return {
        document: { setting: settingDocument(after) },
        text: after.definition.secret === true ? `${id} is empty.` : `${id} is ${valueText(after.value)}`,
      };
    });
  },
};
