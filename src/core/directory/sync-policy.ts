import type { Settings } from '../setting/settings.ts';
import { type RolePolicy, rolePolicyOf } from './groups.ts';
import { type PicturePolicy, picturePolicyOf } from './picture.ts';
import { type PeoplePolicy, peoplePolicyOf } from './policy.ts';
import { type FieldPolicy, fieldPolicyOf } from './sync-fields.ts';

/** What a run over the directory does, as it is set when it begins. */
export interface SyncPolicy {
  readonly people: PeoplePolicy;
  readonly roles: RolePolicy | undefined;
  /** The attribute that says when an entry was last changed. */
  readonly changedAttribute: string;
  readonly imports: boolean;
  readonly updates: boolean;
  readonly joins: boolean;
  readonly closesMissing: boolean;
  readonly closesShut: boolean;
  readonly opens: boolean;
  readonly customFields: FieldPolicy;
  /** Undefined where runs leave pictures alone. */
  readonly pictures: PicturePolicy | undefined;
  /** A run that would close more than this percentage of all, and more than so many, closes none. */
  readonly mostClosedPercent: number;
  readonly mostClosed: number;
}

/** When runs are due. */
export interface SyncTimes {
  /** Undefined where nobody asked for runs. */
  readonly fullMs: number | undefined;
  readonly deltaMs: number | undefined;
}

const hour = 3_600_000;

/** @param roleOf see `rolePolicyOf` */
export function syncPolicyOf(
  settings: Pick<Settings, 'get'>,
  roleOf: (nameOrId: string) => string | undefined,
): SyncPolicy {
  const state = settings.get('LDAP_Sync_User_Active_State');
  return {
    people: peoplePolicyOf(settings),
    roles: rolePolicyOf(settings, roleOf),
    changedAttribute: settings.get('LDAP_Server_Type') === 'ad' ? 'whenChanged' : 'modifyTimestamp',
    imports: settings.get('LDAP_Background_Sync_Import_New_Users'),
    updates: settings.get('LDAP_Background_Sync_Keep_Existant_Users_Updated'),
    joins: settings.get('LDAP_Background_Sync_Merge_Existent_Users'),
    closesMissing: settings.get('LDAP_Background_Sync_Disable_Missing_Users'),
    closesShut: state === 'disable' || state === 'both',
    opens: state === 'enable' || state === 'both',
    customFields: fieldPolicyOf(settings),
    pictures: settings.get('LDAP_Background_Sync_Avatars') ? picturePolicyOf(settings) : undefined,
    mostClosedPercent: settings.get('Countersign_LDAP_Sync_Most_Closed_Percent'),
    mostClosed: settings.get('Countersign_LDAP_Sync_Most_Closed'),
  };
}

/** When runs are due by what is set now. */
export function syncTimesOf(settings: Pick<Settings, 'get'>): SyncTimes {
  if (!settings.get('LDAP_Enable') || !settings.get('LDAP_Background_Sync')) {
    return { fullMs: undefined, deltaMs: undefined };
  }
  const hours = Number(/\d+/u.exec(settings.get('LDAP_Background_Sync_Interval'))?.[0] ?? 24);
  const minutes = settings.get('Countersign_LDAP_Sync_Delta_Minutes');
  return { fullMs: hours * hour, deltaMs: minutes === 0 ? undefined : minutes * 60_000 };
}
