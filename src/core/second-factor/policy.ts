import type { Settings } from '../setting/settings.ts';
import type { AppPolicy } from './app-secret.ts';
import type { EmailCodePolicy } from './email-code.ts';

/** How codes of authenticator apps are judged, as the settings have it (settings.md §5). */
export function appPolicyOf(settings: Settings): AppPolicy {
  return {
    on: settings.get('Accounts_TwoFactorAuthentication_By_TOTP_Enabled'),
    window: settings.get('Accounts_TwoFactorAuthentication_MaxDelta'),
  };
}

export function emailPolicyOf(settings: Settings): EmailCodePolicy {
  return {
    on: settings.get('Accounts_TwoFactorAuthentication_By_Email_Enabled'),
    withoutPassword: settings.get('Accounts_twoFactorAuthentication_email_available_for_OAuth_users'),
    lifeMs: settings.get('Accounts_TwoFactorAuthentication_By_Email_Code_Expiration') * 1000,
    mostWrong: settings.get('Accounts_TwoFactorAuthentication_Max_Invalid_Email_Code_Attempts'),
    mostSent: settings.get('Countersign_Email_Codes_Per_Hour'),
  };
}

/** Where this server is reached, and what it is called: passkeys are made for both. */
export function siteSettings(settings: Settings): { readonly address: string; readonly name: string } {
  return { address: settings.get('Site_Url'), name: settings.get('Site_Name') };
}
