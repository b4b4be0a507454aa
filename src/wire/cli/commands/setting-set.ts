import { Fault } from '../../../core/fault.ts';
import type { Caller } from '../../../core/ports.ts';
import type { ListedSetting } from '../../../core/setting/settings.ts';
import { typedValue } from '../../shapes/typed-setting.ts';
import { type Command, UsageError } from '../command.ts';
import type { CliApp } from '../needs.ts';
import { Refusal } from '../refusal.ts';
import { namedSetting, settingArgument, settingDocument, valueFrom, valueText, whatFits } from '../setting-value.ts';

export const settingSet: Command = {
  words: 'setting set',
  summary: 'Change a setting; a running server takes it over at once.',
  about:
    'Lists are separated by commas. A secret must come on standard input, since arguments are seen by every process of the host and kept by shells.',
  arguments: [settingArgument, { name: 'value', about: 'the new value', optional: true }],
  options: [{ flags: '--value-stdin', about: 'read the value from standard input' }],
  example: 'countersign setting set Site_Name "Our chat"',
  async run(given, desk) {
    const typed = given.optionalArgument('value');
    const isPiped = given.flag('valueStdin');
    if (isPiped === (typed !== undefined)) throw new UsageError('Give either a value or --value-stdin.');
    const text = typed ?? (await valueFrom(desk.needs.stdin));
    return await desk.withApp(async (app) => {
      const before = namedSetting(app.settings, given.argument('setting'));
      const { id, definition } = before;
      if (definition.secret === true && !isPiped) throw new UsageError(`${id} is a secret: use --value-stdin.`);
      await change(app, before, text, desk.caller);
      const after = namedSetting(app.settings, id);
      const override = `OVERWRITE_SETTING_${id}`;
      const isOverridden = desk.needs.env[override] !== undefined;
      const note = isOverridden
        ? `The environment gives it with ${override}: the next start puts that value back.`
        : `The environment gave the value before: if it did so with ${override}, the next start puts it back.`;
      return {
        document: { setting: settingDocument(after) },
        text: definition.secret === true ? `${id} is set.` : `${id} is ${valueText(after.value)}`,
        ...(isOverridden || before.source === 'environment' ? { note } : {}),
      };
    });
  },
};

async function change(app: CliApp, { id, definition }: ListedSetting, text: string, caller: Caller): Promise<void> {
  try {
    await app.host.changeSetting(id, typedValue(definition, text), caller);
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'setting-value-invalid') throw cause;
    throw new Refusal(cause.code, `${id} must be ${whatFits(definition)}.`);
  }
}
