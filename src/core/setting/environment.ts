import { listed } from '../account/rules.ts';
import { customDefinition, customIdOfVariable } from './custom-service.ts';
import type { SettingDefinition, SettingValue } from './definition.ts';
import { fit, tidy } from './rules.ts';

/** What the environment says of settings. */
export interface SettingEnvironment {
  /** From `OVERWRITE_SETTING_<id>`: wins at every start. */
  readonly overrides: ReadonlyMap<string, SettingValue>;
  /** Of those, the ones that hold only until an administrator writes another value. */
  readonly passing?: ReadonlySet<string>;
  /** From `<id>` and its kin: the value at the first start that knows the setting. */
  readonly initial: ReadonlyMap<string, SettingValue>;
  readonly blocked: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
  /** Ids that are named but not listed, to be logged once each and ignored. */
  readonly unlisted: readonly { readonly variable: string; readonly id: string }[];
}

const overridePrefix = 'OVERWRITE_SETTING_';

/** Variables with a name of their own that give initial values; the setting's own name wins over them. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  DEPLOYMENT_ID: ['uniqueID'],
  MAX_RESUME_LOGIN_TOKENS: ['Countersign_Token_Pool_Interactive', 'Countersign_Token_Pool_Script'],
};

/**
 * Reads settings from the environment. Throws an `Error` with one sentence that names the variable when a value does not
 * fit its setting.
 * @param env the environment, as `process.env`
 * @param catalogue the listed settings
 */
export function settingsFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  catalogue: Readonly<Record<string, SettingDefinition>>,
): SettingEnvironment {
  const definitions = new Map(Object.entries(catalogue));
  const overrides = new Map<string, SettingValue>();
  const own = new Map<string, SettingValue>();
  const others = new Map<string, SettingValue>();
  const unlisted: { variable: string; id: string }[] = [];
  // Of a custom service the variable may have another form than the id, since shells allow no `-` in names.
  const listedAs = (given: string): { id: string; definition: SettingDefinition } | undefined => {
    const id = definitions.has(given) ? given : customIdOfVariable(given);
    const definition = id === undefined ? undefined : (definitions.get(id) ?? customDefinition(id));
    return id === undefined || definition === undefined ? undefined : { id, definition };
  };
  for (const [variable, text] of Object.entries(env)) {
    if (text === undefined) continue;
    if (variable.startsWith(overridePrefix)) {
      const given = variable.slice(overridePrefix.length);
      const found = listedAs(given);
      if (found === undefined) unlisted.push({ variable, id: given });
      else overrides.set(found.id, read(variable, found.id, found.definition, text));
      continue;
    }
    const found = listedAs(variable);
    if (found !== undefined) own.set(found.id, read(variable, found.id, found.definition, text));
    else if (variable.startsWith('Accounts_OAuth_Custom')) unlisted.push({ variable, id: variable });
    for (const id of Object.hasOwn(otherNames, variable) ? (otherNames[variable] ?? []) : []) {
      const target = definitions.get(id);
      if (target !== undefined) others.set(id, read(variable, id, target, text));
    }
  }
  const idsOf = (variable: string): ReadonlySet<string> => {
    const ids = new Set<string>();
    for (const given of listed(env[variable] ?? '')) {
      const found = listedAs(given);
      if (found === undefined) unlisted.push({ variable, id: given });
      else ids.add(found.id);
    }
    return ids;
  };
  return {
    overrides,
    initial: new Map([...others, ...own]),
    blocked: idsOf('SETTINGS_BLOCKED'),
    hidden: idsOf('SETTINGS_HIDDEN'),
    unlisted,
  };
}

function read(variable: string, id: string, definition: SettingDefinition, text: string): SettingValue {
  const fitting = fit(definition, converted(definition, text));
  if (!fitting.fits) throw new Error(`${variable} must be ${wanted(definition)}.`);
  return tidy(id, fitting.value);
}

// Rocket.Chat's conversion: the two words become booleans whatever the kind, and are then refused by all other kinds.
function converted(definition: SettingDefinition, text: string): unknown {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  if (definition.kind === 'integer') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (definition.kind !== 'list') return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the value of a variable must be, behind "must be". */
export function wanted(definition: SettingDefinition): string {
  switch (definition.kind) {
    case 'boolean':
      return 'true or false';
    case 'integer': {
      const kind = definition.fractions === true ? 'a number' : 'a whole number';
      if (definition.least !== undefined && definition.most !== undefined) {
        return `${kind} from ${definition.least} to ${definition.most}`;
      }
      if (definition.least !== undefined) return `${kind} of at least ${definition.least}`;
      return definition.most !== undefined ? `${kind} of at most ${definition.most}` : kind;
    }
    case 'text':
      if (definition.form === 'addresses') return 'IP addresses and CIDR ranges, separated by commas';
      return 'a text, and the words true and false are read as no text';
    case 'choice':
      return `one of ${definition.choices.join(', ')}`;
    case 'list':
      return `a JSON list without repeats of ${definition.choices.join(', ')}`;
  }
}
