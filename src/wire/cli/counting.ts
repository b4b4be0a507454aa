import type { Given, OptionDefinition } from './command.ts';

/** What every command that lists takes. @param usual how many where nothing is said */
export function countOption(usual: number): OptionDefinition {
  return { flags: '--count <n>', about: `how many; 0 for all (default: ${usual})` };
}

/** Where a list begins. */
export const offsetOption: OptionDefinition = {
  flags: '--offset <n>',
  about: 'how many to leave out at the start (default: 0)',
};

/** More than any list has. */
const all = 1_000_000_000;

/** @throws UsageError when it is no whole number from 0 on */
export function countGiven(given: Given, usual: number): number {
  const count = given.wholeNumber('count', usual);
  return count === 0 ? all : count;
}
