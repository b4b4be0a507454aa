import type { Account, Status } from '../../core/account/account.ts';
import type { Settings } from '../../core/setting/settings.ts';
import { factorServices } from './factor-services.ts';
import { preferencesOf } from './preferences.ts';
import { firstVerified, isoOf, ofPresent, statusText } from './user-fields.ts';

/** What the presence and the settings add to an account. */
export interface MeNeeds {
  readonly settings: Pick<Settings, 'get'>;
  readonly status: Status;
  readonly statusConnection: Status;
}

/** The signed-in person as `me` and a log-in tell it (rest.md §7.7); what is not set is not there. */
export function meOf(account: Account, needs: MeNeeds): Readonly<Record<string, unknown>> {
  const { settings, status, statusConnection } = needs;
  return ofPresent({
    _id: account.id,
    name: account.name,
    emails: account.emails.length === 0 ? undefined : account.emails,
    status,
    statusConnection,
    statusDefault: account.chosenStatus,
    statusText: statusText(account),
    statusExpiresAt: isoOf(account.statusEndsAt),
    username: account.username,
    nickname: account.nickname,
    bio: account.bio,
    // A number in every published answer; clients add it to the hour.
    utcOffset: account.utcOffset ?? 0,
    language: account.language,
    active: account.open,
    roles: account.roles,
    customFields: Object.keys(account.customFields).length === 0 ? undefined : account.customFields,
    requirePasswordChange: account.passwordChange === undefined ? undefined : true,
    requirePasswordChangeReason: account.passwordChange?.reason,
    settings: { profile: {}, preferences: preferencesOf(settings, account.preferences), calendar: {} },
    _updatedAt: isoOf(account.updatedAt),
    avatarETag: account.avatarTag,
    services: { ...factorServices(account), password: { exists: account.hasPassword } },
    // Clients then ask for no password that there is none of.
    isOAuthUser: !account.hasPassword,
    email: firstVerified(account),
    avatarUrl: avatarUrl(settings.get('Site_Url'), account.username),
  });
}

/** Where the picture of an account is; undefined for one without a username. */
export function avatarUrl(siteUrl: string, username: string | undefined): string | undefined {
  return username === undefined ? undefined : `${siteUrl}/avatar/${encodeURIComponent(username)}`;
}
