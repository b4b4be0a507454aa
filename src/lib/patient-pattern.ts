import { type Context, createContext, Script } from 'node:vm';

/** In ms. */
const patience = 200;

const scripts = {
  first: new Script('new RegExp(pattern, flags).exec(text)'),
  replaced: new Script('text.replace(new RegExp(pattern, flags), replacement)'),
};

let context: Context | undefined;

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

/** @returns the text with what was found replaced; undefined where it took too long, or the pattern is none */
export function replacedPatiently(text: string, pattern: string, replacement: string, flags = ''): string | undefined {
  const made = patiently(scripts.replaced, { text, pattern, flags, replacement });
  return typeof made === 'string' ? made : undefined;
}

function patiently(script: Script, given: Readonly<Record<string, string>>): unknown {
  context ??= createContext({});
  try {
    Object.assign(context, given);
    return script.runInContext(context, { timeout: patience });
  } catch {
    return undefined;
  }
}
