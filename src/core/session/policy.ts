import { listed, type NamingPolicy } from '../account/rules.ts';
import { blockedDomains } from '../setting/rules.ts';
import type { Settings } from '../setting/settings.ts';
import type { Limits } from './attempt.ts';
import type { Pool } from './token.ts';

const minuteMs = 60_000;

/** The limits of failed sign-ins as the settings have them (rest.md §19.1). */
export function limitsOf(settings: Settings): Limits {
  const on = settings.get('Block_Multiple_Failed_Logins_Enabled');
  return {
    account: {
      on: on && settings.get('Block_Multiple_Failed_Logins_By_User'),
      failures: settings.get('Block_Multiple_Failed_Logins_Attempts_Until_Block_by_User'),
      windowMs: settings.get('Block_Multiple_Failed_Logins_Time_To_Unblock_By_User_In_Minutes') * minuteMs,
    },
    address: {
      on: on && settings.get('Block_Multiple_Failed_Logins_By_Ip'),
      failures: settings.get('Block_Multiple_Failed_Logins_Attempts_Until_Block_By_Ip'),
      windowMs: settings.get('Block_Multiple_Failed_Logins_Time_To_Unblock_By_Ip_In_Minutes') * minuteMs,
    },
    exempt: listed(settings.get('Block_Multiple_Failed_Logins_Ip_Whitelist')),
  };
}

/** How many tokens a pool holds. */
export function capOf(settings: Settings, pool: Pool): number {
  switch (pool) {
    case 'interactive':
      return settings.get('Countersign_Token_Pool_Interactive');
    case 'script':
      return settings.get('Countersign_Token_Pool_Script');
    case 'personal':
      return settings.get('Countersign_Token_Pool_Personal');
  }
}

/** The rules of names and addresses as the settings have them (rest.md §11.0). */
export function namingOf(settings: Settings): NamingPolicy {
  return {
    usernamePattern: settings.get('UTF8_User_Names_Validation'),
    reserved: [
      ...listed(settings.get('Accounts_BlockedUsernameList')),
      ...listed(settings.get('Accounts_SystemBlockedUsernameList')),
    ],
    nameRequired: settings.get('Accounts_RequireNameForSignUp'),
    allowedDomains: listed(settings.get('Accounts_AllowedDomainsList').toLowerCase()),
    blockedDomains: [
      ...blockedDomains(
        settings.get('Accounts_BlockedDomainsList'),
        settings.get('Accounts_UseDefaultBlockedDomainsList'),
      ),
    ],
  };
}
