import { isEmail, listed, type NamingPolicy } from '../account/rules.ts';
import { type AddressList, addressList } from '../setting/address-list.ts';
import { blockedDomains } from '../setting/rules.ts';
import type { Settings } from '../setting/settings.ts';
import type { Limits } from './attempt.ts';
import type { NoticePolicy } from './block-notices.ts';
import type { NewDevicePolicy } from './new-device.ts';
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
    codes: {
      on: settings.get('Accounts_TwoFactorAuthentication_Enabled'),
      failures: settings.get('Countersign_Wrong_Codes_In_A_Row'),
    },
    exempt: exempt(settings.get('Block_Multiple_Failed_Logins_Ip_Whitelist')),
  };
}

const noAddress: AddressList = { has: () => false };
let lastExempt = { text: '', list: noAddress };

/** The list as it was last read: it is asked for at every sign-in. */
function exempt(text: string): AddressList {
  if (text !== lastExempt.text) lastExempt = { text, list: addressList(text) ?? noAddress };
  return lastExempt.list;
}

/** Who is told of blocks. */
export function blockNoticePolicyOf(settings: Settings): NoticePolicy {
  const channel = settings.get('Block_Multiple_Failed_Logins_Notify_Failed_Channel').trim();
  return {
    owner: settings.get('Countersign_Notify_Owner_Of_Blocks'),
    ownerPerDay: settings.get('Countersign_Notify_Owner_Of_Blocks_Per_Day'),
    operator: settings.get('Block_Multiple_Failed_Logins_Notify_Failed'),
    // The name of a channel comes along from Rocket.Chat; there are none here.
    operatorAddress: isEmail(channel).held ? channel : undefined,
    operatorPerHour: settings.get('Countersign_Block_Mails_Per_Hour'),
    language: settings.get('Language'),
  };
}

/** Who is told of sign-ins from new devices; the preference is Rocket.Chat's. */
export function newDevicePolicyOf(settings: Settings): NewDevicePolicy {
  return {
    on: settings.get('Device_Management_Enable_Login_Emails'),
    mayOptOut: settings.get('Device_Management_Allow_Login_Email_preference'),
    mostADay: settings.get('Countersign_New_Device_Mails_Per_Day'),
    wanted: ({ preferences }) => preferences['receiveLoginDetectionEmail'] !== false,
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
