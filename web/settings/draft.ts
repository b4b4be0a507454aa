import type { DescribedSetting, SettingValue } from '../../src/client/index.ts';
import { FieldMistake } from '../explain.ts';
import { numberText } from '../language.ts';
import { settingsForm as words } from '../words/settings-form.ts';

/** What stands in a field: a number is the text that was typed, a list its items line by line. */
export type Draft = boolean | string;

/** What a field shows of a value. */
export function draftOf({ kind, secret }: DescribedSetting, value: SettingValue): Draft {
  if (kind === 'boolean') return value === true;
  if (secret) return '';
  return typeof value === 'object' ? value.join('\n') : String(value);
}

/**
 * The value that a field holds, looked at as far as this can be done here; the server looks again.
 * @throws FieldMistake beside the field, which bears the id of the setting
 */
export function valueOf(setting: DescribedSetting, draft: Draft): SettingValue {
  const { _id: id, kind, choices = [] } = setting;
  if (typeof draft === 'boolean') return draft;
  switch (kind) {
    case 'integer':
      return numberIn(setting, draft);
    case 'list': {
      const items = draft.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
      const strange = items.find((item, at) => !choices.includes(item) || items.indexOf(item) !== at);
      if (strange !== undefined) throw new FieldMistake(id, words.say('strangeItem', { item: strange }));
      return items;
    }
    case 'text':
      mustBeOfForm(setting, draft);
      return draft;
    default:
      return draft;
  }
}

function numberIn({ _id: id, fractions = false, least, most }: DescribedSetting, draft: string): number {
  const text = draft.trim().replace(',', '.');
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) throw new FieldMistake(id, words.say('noNumber'));
  if (!fractions && !Number.isInteger(value)) throw new FieldMistake(id, words.say('noWhole'));
  if (least !== undefined && value < least) throw new FieldMistake(id, words.say('least', { bound: least }));
  if (most !== undefined && value > most) throw new FieldMistake(id, words.say('most', { bound: most }));
  return value;
}

function mustBeOfForm({ _id: id, form }: DescribedSetting, draft: string): void {
  if (form === 'url' && !/^https?:$/u.test(URL.parse(draft.trim())?.protocol ?? '')) {
    throw new FieldMistake(id, words.say('noAddress'));
  }
  if (form !== 'json' || draft.trim() === '') return;
  let found: unknown;
  try {
    found = JSON.parse(draft);
  } catch {
    throw new FieldMistake(id, words.say('noJson'));
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    throw new FieldMistake(id, words.say('noJson'));
  }
}

/** What a setting may be, in words; empty where anything may be. */
export function boundsText({ kind, least, most }: DescribedSetting): string {
  if (kind !== 'integer') return '';
  if (least !== undefined && most !== undefined) return words.say('between', { least, most });
  if (least !== undefined) return words.say('least', { bound: least });
  return most === undefined ? '' : words.say('most', { bound: most });
}

/** A value in words, for what cannot be changed and for defaults. */
export function valueText({ kind, secret }: DescribedSetting, value: SettingValue): string {
  if (kind === 'boolean') return words.say(value === true ? 'on' : 'off');
  if (secret) return words.say(value === '' ? 'notSet' : 'set');
  if (typeof value === 'number') return numberText(value);
  const text = typeof value === 'object' ? value.join(', ') : String(value);
  return text === '' ? words.say('empty') : text;
}
