import type { SettingDefinition } from '../../core/setting/definition.ts';

/** What a text is for a setting, as terminals and forms know nothing else; what fits none comes back as it is, and is
 * refused by the setting. */
export function typedValue(definition: SettingDefinition, text: string): unknown {
  switch (definition.kind) {
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'integer':
      return /^-?\d+(\.\d+)?$/u.test(text) ? Number(text) : text;
    case 'list':
      return text === '' ? [] : text.split(',').map((item) => item.trim());
    case 'text':
    case 'choice':
      return text;
  }
}
