import { type Context, createContext, Script } from 'node:vm';

/** In ms. */
const patience = 200;
/** With a pattern that has used its patience up: strangers must not make the server wait for long again and again. */
const littlePatience = 50;
const mostImpatient = 100;
/** Time ends a search only: a pattern of some hundred thousand characters is made ready for many seconds before. */
const longestPattern = 1_024;
const longestText = 16_384;
const longestReplacement = 1_024;
/** What a replacement may come to: each `$` in it can bring in the whole text, wherever something is found. */
const mostMade = 8_388_608;

const scripts = {
  first: new Script('new RegExp(pattern, flags).exec(text)'),
  count: new Script('var n = 0; text.replace(new RegExp(pattern, flags), () => { n += 1; return ""; }); n'),
  replaced: new Script('text.replace(new RegExp(pattern, flags), replacement)'),
  anyOf: new Script('patterns.some((one) => new RegExp(one.source, one.flags).test(text))'),
};

interface Given {
  readonly text: string;
  readonly pattern: string;
  readonly flags: string;
  readonly replacement?: string;
  readonly patterns?: readonly { readonly source: string; readonly flags: string }[];
}

let context: Context | undefined;

/** Patterns that did not come to an end. */
const impatientWith = new Set<string>();

/**
 * Runs an operator's regular expression over a text. Only from outside can a search be ended that goes on for ever, and no
 * pattern can be known to be harmless.
 * @returns the whole match and its groups; undefined where there is none, it took too long, or the pattern is none
 */
export function matchedPatiently(text: string, pattern: string, flags = ''): readonly unknown[] | undefined {
  const found = patiently(scripts.first, { text, pattern, flags: flags.replace(/[gy]/gu, '') });
  // It is of the other context: never looked at but by its numbers.
  return found === null || found === undefined ? undefined : Array.from(found as ArrayLike<unknown>);
}

/** @returns the text with what was found replaced; undefined where it took too long or too much, or the pattern is none */
export function replacedPatiently(text: string, pattern: string, replacement: string, flags = ''): string | undefined {
  if (replacement.length > longestReplacement) return undefined;
  const found = patiently(scripts.count, { text, pattern, flags });
  const perFind = replacement.length + (replacement.split('$').length - 1) * text.length;
  if (typeof found !== 'number' || found * perFind > mostMade) return undefined;
  const made = patiently(scripts.replaced, { text, pattern, flags, replacement });
  return typeof made === 'string' ? made : undefined;
}

/**
 * Whether one of these patterns is found in a text.
 * @param within how long all of them may take together, in ms; left out, as long as for the others
 * @returns undefined where they took longer, or where the text or a pattern is too long
 */
export function oneIsFound(
  text: string,
  patterns: readonly { readonly source: string; readonly flags: string }[],
  within?: number,
): boolean | undefined {
  if (patterns.some(({ source }) => source.length > longestPattern + 16)) return undefined;
  const found = patiently(scripts.anyOf, { text, pattern: '', flags: '', patterns }, within);
  return typeof found === 'boolean' ? found : undefined;
}

function patiently(script: Script, given: Given, within?: number): unknown {
  if (given.text.length > longestText || given.pattern.length > longestPattern) return undefined;
  context ??= createContext({});
  const name = JSON.stringify([given.pattern, given.flags, given.patterns]);
  const timeout = within ?? (impatientWith.has(name) ? littlePatience : patience);
  try {
    Object.assign(context, given);
    return script.runInContext(context, { timeout });
  } catch (cause) {
    // It is an error of the other context, and no instance of ours.
    const isTimeOut =
      typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    if (isTimeOut && within === undefined) {
      if (impatientWith.size >= mostImpatient) impatientWith.clear();
      impatientWith.add(name);
    }
    return undefined;
  }
}
