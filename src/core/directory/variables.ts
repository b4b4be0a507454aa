import { matchedPatiently, replacedPatiently } from '../../lib/patient-pattern.ts';
import type { Settings } from '../setting/settings.ts';
import type { Entry } from './directory.ts';
import { attributesOf, fieldOf } from './entry.ts';

/** A value that is made of attributes, and may be named where fields name attributes (providers.md §4.1). */
export interface Variable {
  readonly name: string;
  /** A field, see `fieldOf`. */
  readonly input: string;
  readonly output: Output | undefined;
}

type Output = Readonly<Record<string, unknown>>;

const mostVariables = 100;
/** Longer ones make no names, addresses or numbers, and could make gigabytes of a short text. */
const longestInput = 1_024;
const longestText = 16_384;
const longestReplacement = 1_024;

/** Those that are set now, in their order: one may be made of those before it. */
export function variablesOf(settings: Pick<Settings, 'get'>): readonly Variable[] {
  if (!settings.get('LDAP_DataSync_UseVariables')) return [];
  let map: unknown;
  try {
    map = JSON.parse(settings.get('LDAP_DataSync_VariableMap'));
  } catch {
    return [];
  }
  if (!isObject(map)) return [];
  return Object.entries(map)
    .slice(0, mostVariables)
    .flatMap(([name, given]) => {
      if (!/^[a-z][\w-]{0,63}$/iu.test(name) || !isObject(given)) return [];
      const input = textIn(given, 'input');
      if (input === undefined || input.length > longestInput) return [];
      return [{ name, input, output: isObject(given['output']) ? given['output'] : undefined }];
    });
}

/** The attributes that variables are made of. */
export function variableAttributes(variables: readonly Variable[]): readonly string[] {
  return variables.flatMap(({ input, output }) => [
    ...attributesOf(input),
    ...attributesOf(textIn(output, 'fallback') ?? ''),
  ]);
}

/** The entry with its variables in the place of attributes of the same name. */
export function withVariables(entry: Entry, variables: readonly Variable[]): Entry {
  if (variables.length === 0) return entry;
  const attributes = new Map(entry.attributes);
  const made = { dn: entry.dn, attributes };
  for (const { name, input, output } of variables) {
    const text = outputOf(made, fieldOf(made, input) ?? '', output);
    if (text === undefined || text === '') attributes.delete(name.toLowerCase());
    else attributes.set(name.toLowerCase(), [Buffer.from(text)]);
  }
  return made;
}

/** What is made of a text; undefined for nothing, also where the operation is none. */
function outputOf(entry: Entry, text: string, output: Output | undefined): string | undefined {
  if (output === undefined) return text;
  if (text.length > longestText) return undefined;
  switch (output['operation']) {
    case 'replace':
      return replaced(text, output);
    case 'match':
      return matched(text, output);
    case 'substring':
      return text.slice(numberIn(output, 'start') ?? 0, numberIn(output, 'end'));
    case 'split': {
      const pattern = textIn(output, 'pattern') ?? '';
      return pattern === '' ? undefined : text.split(pattern)[numberIn(output, 'indexToUse') ?? 0];
    }
    case 'fallback': {
      const isLongEnough = text !== '' && text.length >= (numberIn(output, 'minLength') ?? 1);
      return isLongEnough ? text : fieldOf(entry, textIn(output, 'fallback') ?? '');
    }
    default:
      return undefined;
  }
}

function replaced(text: string, output: Output): string | undefined {
  const [pattern, replacement] = [textIn(output, 'pattern') ?? '', textIn(output, 'replacement')];
  if (pattern === '' || replacement === undefined) return undefined;
  const all = output['all'] === true;
  if (output['regex'] !== true) {
    if (replacement.length > longestReplacement) return undefined;
    return all ? text.replaceAll(pattern, () => replacement) : text.replace(pattern, () => replacement);
  }
  const flags = (textIn(output, 'flags') ?? '').replaceAll('g', '');
  return replacedPatiently(text, pattern, replacement, all ? `${flags}g` : flags);
}

function matched(text: string, output: Output): string | undefined {
  const pattern = textIn(output, 'pattern') ?? '';
  if (pattern === '') return undefined;
  const literal = text.includes(pattern) ? [pattern] : undefined;
  const found = output['regex'] === true ? matchedPatiently(text, pattern, textIn(output, 'flags')) : literal;
  if (found === undefined) return textIn(output, 'valueIfFalse');
  const at = numberIn(output, 'indexToUse');
  const part = at === undefined ? undefined : found[at];
  return typeof part === 'string' ? part : textIn(output, 'valueIfTrue');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textIn(output: Output | undefined, key: string): string | undefined {
  const value = output?.[key];
  return typeof value === 'string' ? value : undefined;
}

function numberIn(output: Output, key: string): number | undefined {
  const value = output[key];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
