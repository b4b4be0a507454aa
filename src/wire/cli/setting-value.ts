import { Fault } from '../../core/fault.ts';
import type { SettingDefinition, SettingValue } from '../../core/setting/definition.ts';
import { wanted } from '../../core/setting/environment.ts';
import type { ListedSetting, Settings } from '../../core/setting/settings.ts';
import type { CliNeeds } from './needs.ts';
import { Refusal } from './refusal.ts';

/** What `--help` says of an argument that names a setting. */
export const settingArgument = { name: 'setting', about: 'id of the setting, letter by letter' } as const;

/** @throws Fault `setting-unknown` */
export function namedSetting(settings: Pick<Settings, 'list'>, id: string): ListedSetting {
  const [setting] = settings.list({ ids: [id], hiddenToo: true });
  if (setting === undefined) throw new Fault('setting-unknown', { id });
  return setting;
}

/** What a value must be as an operator types it, behind "must be". */
export function whatFits(definition: SettingDefinition): string {
  if (definition.kind === 'list') return `some of ${definition.choices.join(', ')}, with commas between`;
  return definition.kind === 'text' ? textForms[definition.form ?? 'plain'] : wanted(definition);
}

const textForms = {
  plain: 'a text of a length that can be kept',
  addresses: 'addresses and networks with commas between, for example 203.0.113.9, 198.51.100.0/24',
  url: 'a web address, for example https://chat.example.org',
  json: 'an object in JSON',
  pattern: 'a regular expression that no text keeps busy',
  mailbox: 'an e-mail address, or a name and an address, for example Desk <desk@example.org>',
  patterns: 'names or regular expressions that no text keeps busy, with commas between',
} as const;

/** A value as an operator types it. */
export function valueText(value: SettingValue): string {
  return typeof value === 'object' ? value.join(',') : String(value);
}

/** What stands about a value in lists: where it comes from, and what forbids to change it. */
export function originOf({ source, blocked, hidden }: ListedSetting): string {
  const origins = { catalogue: 'initial', initial: 'initial', environment: 'environment', administrator: 'changed' };
  return `${origins[source]}${blocked ? ', blocked' : ''}${hidden ? ', hidden' : ''}`;
}

/** A setting in the documents of `--json`; of a secret only whether there is one. */
export function settingDocument(setting: ListedSetting) {
  const { id, value, definition, source, blocked, hidden } = setting;
  return {
    id,
    value,
    initial: definition.initial,
    source,
    blocked,
    hidden,
    secret: definition.secret === true,
    public: definition.public === true,
    about: definition.about,
  };
}

const mostBytes = 1_048_576;

/**
 * The value that was piped in: all of it, without the end of its last line.
 * @throws Refusal `value-missing`, `value-unreadable`
 */
export async function valueFrom(stdin: CliNeeds['stdin']): Promise<string> {
  if (stdin.isTTY === true) {
    throw new Refusal(
      'value-missing',
      'Standard input is a terminal: pipe the value in, for example with < value.txt.',
    );
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stdin) {
    const chunk = Buffer.from(part);
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Refusal('value-unreadable', 'Standard input holds more than 1 MiB.');
    parts.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)).replace(/\r?\n$/u, '');
  } catch {
    throw new Refusal('value-unreadable', 'Standard input holds no UTF-8 text.');
  }
}
