import type { PasswordPolicy, Violation } from '../../../core/password/policy.ts';

/** What a new password must be, as it stands beside the field for one. */
export function rulesInWords(policy: PasswordPolicy): readonly string[] {
  const { minLength, maxLength, longestRun } = policy;
  const parts = [
    ...(policy.lowercase ? ['a small letter'] : []),
    ...(policy.uppercase ? ['a capital'] : []),
    ...(policy.number ? ['a digit'] : []),
    ...(policy.special ? ['a special character'] : []),
  ];
  return [
    ...(policy.on && minLength !== undefined ? [`at least ${minLength} characters`] : []),
    ...(policy.on && maxLength !== undefined ? [`at most ${maxLength} characters`] : []),
    ...(policy.on && parts.length > 0 ? [`with ${listed(parts)}`] : []),
    ...(policy.on && longestRun !== undefined ? [`no character more than ${longestRun} times in a row`] : []),
    ...(policy.refusesCommon ? ['no common password, and none of your names'] : []),
  ];
}

/** What is wrong with a password, a sentence for each rule that it breaks. */
export function violationInWords(violation: Violation): string {
  return sentences[violation];
}

const sentences: Readonly<Record<Violation, string>> = {
  'too-short': 'It is too short.',
  'too-long': 'It is too long.',
  'repeats': 'It has one character too often in a row.',
  'no-lowercase': 'It has no small letter.',
  'no-uppercase': 'It has no capital.',
  'no-number': 'It has no digit.',
  'no-special': 'It has no special character.',
  'common': 'It is a common password: others have it, and it is guessed first.',
  'names-oneself': 'It is a name of yours.',
};

/** `a, b and c`. */
function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
