import type { Settings } from '../setting/settings.ts';
import type { PasswordPolicy } from './policy.ts';

/** The policy as the settings have it (rest.md §13.1). */
export function passwordPolicyOf(settings: Settings): PasswordPolicy {
  const forbidsRuns = settings.get('Accounts_Password_Policy_ForbidRepeatingCharacters');
  return {
    on: settings.get('Accounts_Password_Policy_Enabled'),
    minLength: atLeastOne(settings.get('Accounts_Password_Policy_MinLength')),
    maxLength: atLeastOne(settings.get('Accounts_Password_Policy_MaxLength')),
    longestRun: forbidsRuns
      ? atLeastOne(settings.get('Accounts_Password_Policy_ForbidRepeatingCharactersCount'))
      : undefined,
    lowercase: settings.get('Accounts_Password_Policy_AtLeastOneLowercase'),
    uppercase: settings.get('Accounts_Password_Policy_AtLeastOneUppercase'),
    number: settings.get('Accounts_Password_Policy_AtLeastOneNumber'),
    special: settings.get('Accounts_Password_Policy_AtLeastOneSpecialCharacter'),
    refusesCommon: settings.get('Countersign_Password_Common_Refused'),
    most: settings.get('Countersign_Password_Longest'),
    siteNames: [settings.get('Site_Name')],
  };
}

/** How many former passwords are kept, and whether new ones are compared with them (rest.md §13.3). */
export function passwordHistoryOf(settings: Settings): PasswordHistory {
  return {
    on: settings.get('Accounts_Password_History_Enabled'),
    kept: settings.get('Accounts_Password_History_Amount'),
  };
}

export interface PasswordHistory {
  readonly on: boolean;
  readonly kept: number;
}

function atLeastOne(value: number): number | undefined {
  return value < 1 ? undefined : value;
}
