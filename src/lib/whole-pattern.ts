import { oneIsFound } from './patient-pattern.ts';

/** An operator's regular expression for a whole text, any case of letters. */
export interface WholePattern {
  readonly source: string;
  readonly flags: 'iu' | 'i';
}

const longestPattern = 1_024;

/** @returns undefined where the text is no regular expression, or too long to be looked at */
export function wholePattern(text: string): WholePattern | undefined {
  if (text.length > longestPattern) return undefined;
  for (const flags of ['iu', 'i'] as const) {
    try {
      const { source } = new RegExp(`^(?:${text})$`, flags);
      return { source, flags };
    } catch {
      // Not with these flags.
    }
  }
  return undefined;
}

/**
 * Whether a whole text fits one of several patterns, in bounded time (see `oneIsFound`).
 * @returns `unknown` where they were given up
 */
export function fitsOne(text: string, patterns: readonly WholePattern[]): 'yes' | 'no' | 'unknown' {
  const slow: WholePattern[] = [];
  for (const pattern of patterns) {
    if (!isPlain(pattern)) slow.push(pattern);
    else if (new RegExp(pattern.source, pattern.flags).test(text)) return 'yes';
  }
  if (slow.length === 0) return 'no';
  const found = oneIsFound(text, slow);
  return found === undefined ? 'unknown' : found ? 'yes' : 'no';
}

/** Such a pattern goes through a text some times at most: no group, no reference back, one repetition. */
function isPlain({ source }: WholePattern): boolean {
  const text = source.slice('^(?:'.length, -')$'.length);
  return !/\(|\\[1-9k]/u.test(text) && (text.match(/[*+?{]/gu) ?? []).length <= 1;
}

const probeLength = 128;
const mostProbes = 400;
/** In ms, of one text and of all. */
const probePatience = 100;
const allProbesPatience = 2_000;

/**
 * Tries patterns with texts that are known to keep such ones busy, made of what they hold themselves: of `(a+)+` a hundred
 * times `a`, and something else behind. What holds out may still be slow with another text: see `fitsOne`.
 */
export function holdOut(patterns: readonly WholePattern[]): { readonly held: boolean } {
  const slow = patterns.filter((pattern) => !isPlain(pattern));
  const probes = new Set(slow.flatMap(probesOf));
  const begun = performance.now();
  for (const text of [...probes].slice(0, mostProbes)) {
    // Twice, since a machine that is busy with other things may have let it wait.
    const ended = [1, 2].some(() => oneIsFound(text, slow, probePatience) !== undefined);
    if (!ended || performance.now() - begun > allProbesPatience) return { held: false };
  }
  return { held: true };
}

function probesOf({ source }: WholePattern): readonly string[] {
  const words = [...new Set(source.match(/[\p{L}\p{N}_.@ -]+/gu))].slice(0, 8);
  const letters = [...new Set(words.join(''))].slice(0, 16);
  const units = new Set(['a', 'A', '0', '-', '.', ' ', 'a-', 'a.', 'a0', ...letters, ...words]);
  return ['', words[0] ?? ''].flatMap((start) =>
    [...units].flatMap((unit) => ['!', '\n'].map((end) => probe(start, unit, end))),
  );
}

function probe(start: string, unit: string, end: string): string {
  return `${start}${unit.slice(0, probeLength).repeat(probeLength)}`.slice(0, probeLength - end.length) + end;
}
