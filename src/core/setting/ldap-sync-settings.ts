import type { SettingDefinition } from './definition.ts';

const shared = { group: 'LDAP', section: 'Background sync' } as const;
const roles = { group: 'LDAP', section: 'Roles' } as const;

/** How accounts are kept in step with a directory: Rocket.Chat's ids (providers.md §4.1), and ours at the end. */
export const ldapSyncSettings = {
  LDAP_Background_Sync: {
    kind: 'boolean',
    initial: false,
    ...shared,
    about: 'Looks at all people of the directory again and again, and keeps the accounts here in step with them.',
  },
  LDAP_Background_Sync_Interval: {
    kind: 'choice',
    initial: 'every_24_hours',
    choices: ['every_1_hour', 'every_6_hours', 'every_12_hours', 'every_24_hours', 'every_48_hours'],
    ...shared,
    about: 'How often all people of the directory are looked at.',
  },
  LDAP_Background_Sync_Import_New_Users: {
    kind: 'boolean',
    initial: true,
    ...shared,
    about: 'A run makes accounts for people whom nobody knows here yet.',
  },
  LDAP_Background_Sync_Keep_Existant_Users_Updated: {
    kind: 'boolean',
    initial: true,
    ...shared,
    about:
      'A run writes what the directory says of names, addresses, roles and custom fields to accounts joined with it.',
  },
  LDAP_Background_Sync_Merge_Existent_Users: {
    kind: 'boolean',
    initial: false,
    ...shared,
    about: 'A run joins a person of the directory with the account here that has the same username.',
  },
  LDAP_Background_Sync_Disable_Missing_Users: {
    kind: 'boolean',
    initial: false,
    ...shared,
    about:
      'A full run closes accounts of people who are gone from the directory, or whom the filters leave out by now.',
  },
  LDAP_Background_Sync_Avatars: {
    kind: 'boolean',
    initial: false,
    ...shared,
    about: 'A run looks at the pictures of people as well, where LDAP_Sync_User_Avatar is on.',
  },
  LDAP_Sync_User_Active_State: {
    kind: 'choice',
    initial: 'disable',
    choices: ['none', 'disable', 'enable', 'both'],
    ...shared,
    about:
      'Whether a run closes accounts of people whom the directory has disabled or locked, opens again those that a run has closed, or both.',
  },
  LDAP_Sync_AutoLogout_Enabled: {
    kind: 'boolean',
    initial: false,
    ...shared,
    about: 'Ends all sessions and tokens of people whom the directory has disabled; their accounts stay open.',
  },
  LDAP_Sync_AutoLogout_Interval: {
    kind: 'choice',
    initial: '*/5 * * * *',
    choices: ['*/1 * * * *', '*/5 * * * *', '*/10 * * * *', '*/15 * * * *', '*/30 * * * *', '0 * * * *'],
    ...shared,
    about: 'How often they are looked for: every so many minutes, or every hour.',
  },
  LDAP_Sync_Custom_Fields: {
    kind: 'boolean',
    initial: false,
    ...shared,
    about: 'A run, and a sign-in by LDAP, copies attributes of the directory to custom fields.',
  },
  LDAP_CustomFieldMap: {
    kind: 'text',
    initial: '{}',
    form: 'json',
    multiline: true,
    ...shared,
    about:
      'JSON: attribute of the directory, or a template with `#{attribute}`, to the name of a custom field. No name with a dot.',
  },
  LDAP_Sync_User_Data_Roles: {
    kind: 'boolean',
    initial: false,
    ...roles,
    about: 'Groups of the directory give roles, at each run and at each sign-in by LDAP.',
  },
  LDAP_Sync_User_Data_Roles_AutoRemove: {
    kind: 'boolean',
    initial: false,
    ...roles,
    about: 'Whoever leaves the group loses its role; only roles of the map are ever taken.',
  },
  LDAP_Sync_User_Data_Roles_BaseDN: {
    kind: 'text',
    initial: '',
    ...roles,
    about: 'Where groups are looked for; the base of people if it is empty.',
  },
  LDAP_Sync_User_Data_Roles_GroupMembershipValidationStrategy: {
    kind: 'choice',
    initial: 'each_group',
    choices: ['each_group', 'once'],
    ...roles,
    about:
      'Whether the filter is asked once for each group of the map, or once for all groups of the person, whose names are read then.',
  },
  LDAP_Sync_User_Data_Roles_Filter: {
    kind: 'text',
    initial: '(&(cn=#{groupName})(memberUid=#{username}))',
    ...roles,
    about: 'Finds a group of a person; #{username}, #{userdn} and #{groupName} are put in, escaped.',
  },
  LDAP_Sync_User_Data_RolesMap: {
    kind: 'text',
    initial: '{"rocket-admin":"admin","tech-support":"support"}',
    form: 'json',
    multiline: true,
    ...roles,
    about:
      'JSON: name of a group to the role that it gives, or to a list of them. Roles that do not exist are left out.',
  },
  Countersign_LDAP_Nested_Groups: {
    kind: 'boolean',
    initial: true,
    ...roles,
    about:
      'Members of a group that is itself a member of a group of the map get its role as well, where the filter of groups goes by #{userdn}.',
  },
  Countersign_LDAP_Sync_Delta_Minutes: {
    kind: 'integer',
    initial: 0,
    least: 0,
    most: 1_440,
    ...shared,
    about: 'Minutes from one look at what changed in the directory to the next, between full runs; 0 for never.',
  },
  Countersign_LDAP_Sync_Most_Closed_Percent: {
    kind: 'integer',
    initial: 10,
    least: 0,
    most: 100,
    ...shared,
    about: 'A run that would close more than this part of the accounts of the directory closes none.',
  },
  Countersign_LDAP_Sync_Most_Closed: {
    kind: 'integer',
    initial: 5,
    least: 0,
    most: 1_000_000,
    ...shared,
    about: 'So many accounts a run may close whatever part of all they are.',
  },
} as const satisfies Record<string, SettingDefinition>;
