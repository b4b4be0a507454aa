import type { PasswordPolicy, Violation } from '../../core/password/policy.ts';

const notMet = 'error-password-policy-not-met';

/** Rocket.Chat's texts (rest.md §13.2); the last two rules are Countersign's. */
const texts: Readonly<Record<Violation, readonly [suffix: string, message: string]>> = {
  'too-short': ['minLength', 'The password does not meet the minimum length password policy.'],
  'too-long': ['maxLength', 'The password does not meet the maximum length password policy.'],
  'repeats': [
    'repeatingCharacters',
    'The password contains repeating characters which is against the password policy.',
  ],
  'no-lowercase': [
    'oneLowercase',
    'The password does not contain at least one lowercase character which is against the password policy.',
  ],
  'no-uppercase': [
    'oneUppercase',
    'The password does not contain at least one uppercase character which is against the password policy.',
  ],
  'no-number': [
    'oneNumber',
    'The password does not contain at least one numerical character which is against the password policy.',
  ],
  'no-special': [
    'oneSpecial',
    'The password does not contain at least one special character which is against the password policy.',
  ],
  'common': ['commonPassword', 'The password is a common one which is against the password policy.'],
  'names-oneself': ['ownName', 'The password is a name of its owner which is against the password policy.'],
};

/** Why a password was refused, as clients read it in the details. */
export function violationTexts(
  violations: readonly unknown[],
): readonly { readonly error: string; readonly message: string }[] {
  return violations.filter(isViolation).map((violation) => {
    const [suffix, message] = texts[violation];
    return { error: `${notMet}-${suffix}`, message };
  });
}

/** Whether a fact of a refusal is one of the rules. */
export function isViolation(value: unknown): value is Violation {
  return typeof value === 'string' && Object.hasOwn(texts, value);
}

/** One rule as clients read it: its name, and its number where it has one. */
export type ListedRule = readonly [string] | readonly [string, Readonly<Record<string, number>>];

/** The policy as clients read it beside the field for a new password (rest.md §13.1). */
export function listedPolicy(policy: PasswordPolicy): {
  readonly enabled: boolean;
  readonly policy: readonly ListedRule[];
} {
  if (!policy.on) return { enabled: false, policy: [] };
  const rules: ListedRule[] = [];
  const rule = (name: string): string => `get-password-policy-${name}`;
  const { minLength, maxLength, longestRun } = policy;
  if (minLength !== undefined) rules.push([rule('minLength'), { minLength }]);
  if (maxLength !== undefined) rules.push([rule('maxLength'), { maxLength }]);
  if (longestRun !== undefined) {
    rules.push([rule('forbidRepeatingCharacters')]);
    rules.push([rule('forbidRepeatingCharactersCount'), { forbidRepeatingCharactersCount: longestRun }]);
  }
  if (policy.lowercase) rules.push([rule('mustContainAtLeastOneLowercase')]);
  if (policy.uppercase) rules.push([rule('mustContainAtLeastOneUppercase')]);
  if (policy.number) rules.push([rule('mustContainAtLeastOneNumber')]);
  if (policy.special) rules.push([rule('mustContainAtLeastOneSpecialCharacter')]);
  return { enabled: true, policy: rules };
}
