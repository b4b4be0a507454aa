import { listed } from '../account/rules.ts';
import type { Mailer } from '../mailer.ts';
import { capOf } from '../session/policy.ts';
import type { Settings } from '../setting/settings.ts';
import type { ArrivalPolicy } from './judge-newcomer.ts';

/** What settings say of whoever is brought in. */
export function arrivalPolicy(settings: Settings, mailer: Pick<Mailer, 'serverSet'>): ArrivalPolicy {
  const codesAsked =
    settings.get('Accounts_TwoFactorAuthentication_Enabled') &&
    settings.get('Accounts_TwoFactorAuthentication_By_Email_Enabled');
  return {
    usernamePattern: settings.get('UTF8_User_Names_Validation'),
    defaultRoles: listed(settings.get('Accounts_Registration_Users_Default_Roles')),
    lifeDays: settings.get('Accounts_LoginExpiration'),
    cap: (pool) => capOf(settings, pool),
    // A mail server that a trial has brought in is one.
    codesUnmailed: codesAsked && settings.get('SMTP_Host') === '' && !mailer.serverSet().held,
  };
}
