import type { Moment } from '../../core/ports.ts';
import { type Given, type OptionDefinition, UsageError } from './command.ts';

/** What commands that ask for a time take. */
export const timeOptions: readonly OptionDefinition[] = [
  { flags: '--since <moment>', about: 'from then on: 2026-01-31, 2026-01-31T14:00Z or with +02:00; days are UTC' },
  { flags: '--until <moment>', about: 'before then' },
];

/** `2026-01-31`, or with a time and its zone; years of four figures. */
const form = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/u;

/** @throws UsageError when what was given is no moment */
export function momentGiven(given: Given, option: 'since' | 'until'): Moment | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  const at = form.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new UsageError(`--${option} must be a day such as 2026-01-31, or a moment such as 2026-01-31T14:00Z.`);
  }
  return at;
}
