import type { PasswordPolicy, Violation } from '../../../core/password/policy.ts';
import type { Speech } from '../../shapes/speech.ts';
import type { WordKey } from '../../shapes/words/en.ts';

/** What a new password must be, as it stands beside the field for one. */
export function rulesInWords(policy: PasswordPolicy, speech: Speech): readonly string[] {
  const { minLength, maxLength, longestRun } = policy;
  const parts = [
    ...(policy.lowercase ? [speech.say('partSmall')] : []),
    ...(policy.uppercase ? [speech.say('partCapital')] : []),
    ...(policy.number ? [speech.say('partDigit')] : []),
    ...(policy.special ? [speech.say('partSpecial')] : []),
  ];
  return [
    ...(policy.on && minLength !== undefined ? [speech.say('ruleLeast', { count: minLength })] : []),
    ...(policy.on && maxLength !== undefined ? [speech.say('ruleMost', { count: maxLength })] : []),
    ...(policy.on && parts.length > 0 ? [speech.say('ruleWith', { parts: speech.listed(parts) })] : []),
    ...(policy.on && longestRun !== undefined ? [speech.say('ruleRun', { count: longestRun })] : []),
    ...(policy.refusesCommon ? [speech.say('ruleCommon')] : []),
  ];
}

/** What is wrong with a password, a sentence for each rule that it breaks. */
export function violationInWords(violation: Violation, speech: Speech): string {
  return speech.say(sentences[violation]);
}

const sentences: Readonly<Record<Violation, WordKey>> = {
  'too-short': 'tooShort',
  'too-long': 'tooLong',
  'repeats': 'repeats',
  'no-lowercase': 'noSmall',
  'no-uppercase': 'noCapital',
  'no-number': 'noDigit',
  'no-special': 'noSpecial',
  'common': 'common',
  'names-oneself': 'namesOneself',
};
