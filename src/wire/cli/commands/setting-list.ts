import type { Command } from '../command.ts';
import { originOf, settingDocument, valueText } from '../setting-value.ts';
import { counted, table } from '../text.ts';

const longestShown = 60;

export const settingList: Command = {
  words: 'setting list',
  summary: 'List the settings.',
  about:
    'Of secrets only whether there is one is shown. Under ORIGIN stands where the value comes from: "environment" where a variable gave it, with "blocked" where SETTINGS_BLOCKED forbids changes.',
  arguments: [{ name: 'part', about: 'only those whose id contains this, in any case of letters', optional: true }],
  options: [{ flags: '--changed', about: 'only those that were changed, or given by the environment' }],
  example: 'countersign setting list Login --changed',
  async run(given, desk) {
    const part = (given.optionalArgument('part') ?? '').toLowerCase();
    const all = await desk.withApp(async (app) => await Promise.resolve(app.settings.list({ hiddenToo: true })));
    const settings = all.filter(({ id, source }) => {
      const isChanged = source === 'administrator' || source === 'environment';
      return id.toLowerCase().includes(part) && (isChanged || !given.flag('changed'));
    });
    const rows = settings.map((setting) => {
      const value = valueText(setting.value).replaceAll(/\s+/gu, ' ');
      return [setting.id, value.length > longestShown ? `${value.slice(0, longestShown)}…` : value, originOf(setting)];
    });
    return {
      document: { settings: settings.map(settingDocument) },
      ...(settings.length === 0 ? {} : { text: table([['SETTING', 'VALUE', 'ORIGIN'], ...rows]) }),
      note: `${counted(settings.length, 'setting')} of ${all.length}.`,
    };
  },
};
