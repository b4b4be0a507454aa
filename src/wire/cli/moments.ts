import type { Moment } from '../../core/ports.ts';
import { momentOf } from '../shapes/moment.ts';
import { type Given, type OptionDefinition, UsageError } from './command.ts';

/** What commands that ask for a time take. */
export const timeOptions: readonly OptionDefinition[] = [
  { flags: '--since <moment>', about: 'from then on: 2026-01-31, 2026-01-31T14:00Z or with +02:00; days are UTC' },
  { flags: '--until <moment>', about: 'before then' },
];

/** @throws UsageError when what was given is no moment */
export function momentGiven(given: Given, option: 'since' | 'until' | 'expires'): Moment | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  const at = momentOf(text);
  if (at === undefined) {
    throw new UsageError(`--${option} must be a day such as 2026-01-31, or a moment such as 2026-01-31T14:00Z.`);
  }
  return at;
}
