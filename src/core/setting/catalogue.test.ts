import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue, definitions, isSettingId } from './catalogue.ts';
import { permissionTable } from './permission-table.ts';
import { defaultRoles } from './role-table.ts';
import { fit } from './rules.ts';
import { throwAwayDomains } from './throw-away-domains.ts';

// settings.md §5, §7 and rest.md §19.3: readable by anybody. The default preferences are public without exception.
const publicIds = [
  'Accounts_TwoFactorAuthentication_By_TOTP_Enabled',
  'Accounts_TwoFactorAuthentication_By_Email_Enabled',
  'Accounts_TwoFactorAuthentication_Enabled',
  'Accounts_TwoFactorAuthentication_Enforce_Password_Fallback',
  'Device_Management_Allow_Login_Email_preference',
  'Device_Management_Enable_Login_Emails',
  'Accounts_LoginExpiration',
  'Accounts_ForgetUserSessionOnWindowClose',
  'Accounts_AllowUserStatusMessageChange',
  'Accounts_AllowInvisibleStatusOption',
  'Accounts_EmailVerification',
  'Accounts_RegistrationForm',
  'Accounts_ManuallyApproveNewUsers',
  'Accounts_RequirePasswordConfirmation',
  'Accounts_PasswordReset',
  'Accounts_RequireNameForSignUp',
  'Accounts_AllowedDomainsList',
  'Accounts_Registration_AuthenticationServices_Enabled',
  'Accounts_Registration_Users_Default_Roles',
  'Accounts_CustomFields',
  'Accounts_AvatarBlockUnauthenticatedAccess',
  'Accounts_AllowDeleteOwnAccount',
  'Accounts_AllowUserProfileChange',
  'Accounts_AllowRealNameChange',
  'Accounts_AllowUsernameChange',
  'Accounts_AllowEmailChange',
  'Accounts_AllowPasswordChange',
  'Accounts_AllowPasswordChangeForOAuthUsers',
  'Accounts_OAuth_Use_Modern_Flow',
  'Accounts_twoFactorAuthentication_email_available_for_OAuth_users',
  'Accounts_Password_Policy_Enabled',
  'Accounts_Password_Policy_MinLength',
  'Accounts_Password_Policy_MaxLength',
  'Accounts_Password_Policy_ForbidRepeatingCharacters',
  'Accounts_Password_Policy_ForbidRepeatingCharactersCount',
  'Accounts_Password_Policy_AtLeastOneLowercase',
  'Accounts_Password_Policy_AtLeastOneUppercase',
  'Accounts_Password_Policy_AtLeastOneNumber',
  'Accounts_Password_Policy_AtLeastOneSpecialCharacter',
  'Accounts_AllowUserAvatarChange',
  'Accounts_ShowFormLogin',
  'Accounts_EmailOrUsernamePlaceholder',
  'Accounts_PasswordPlaceholder',
  'Accounts_ConfirmPasswordPlaceholder',
  'Accounts_RegistrationForm_LinkReplacementText',
  'UTF8_User_Names_Validation',
  'Site_Url',
  'Site_Name',
  'Language',
  'uniqueID',
  'Show_Setup_Wizard',
  'API_Use_REST_For_DDP_Calls',
  'Presence_broadcast_disabled',
  'LDAP_Enable',
  'LDAP_Server_Type',
  ...['provider', 'idp_slo_redirect_url', 'logout_behaviour'].map((name) => `SAML_Custom_Default_${name}`),
  ...['enabled', 'base_url', 'login_url', 'trust_username', 'popup_width', 'popup_height'].map((name) => `CAS_${name}`),
  ...['Google', 'Facebook', 'Twitter', 'Github', 'Linkedin', 'Meteor', 'Apple', 'Apple_id'].map(
    (name) => `Accounts_OAuth_${name}`,
  ),
  ...['Gitlab', 'Nextcloud', 'Wordpress'].map((name) => `Accounts_OAuth_${name}`),
  'API_Gitlab_URL',
  'API_Wordpress_URL',
  'API_Drupal_URL',
  'API_GitHub_Enterprise_URL',
  'Accounts_OAuth_Nextcloud_URL',
  'Accounts_OAuth_Dolphin_URL',
  'Accounts_OAuth_Gitlab_identity_path',
  'Accounts_OAuth_Gitlab_merge_users',
  ...['button_label_text', 'button_label_color', 'button_color'].map((part) => `Accounts_OAuth_Nextcloud_${part}`),
  ...['server_type', 'identity_path', 'identity_token_sent_via', 'token_path', 'authorize_path', 'scope'].map(
    (part) => `Accounts_OAuth_Wordpress_${part}`,
  ),
  'Accounts_OAuth_Proxy_host',
  'Accounts_OAuth_Proxy_services',
  // By which the pages make pictures fit.
  'Countersign_Avatar_Bytes',
  'Countersign_Avatar_Side',
];

const preferences = {
  enableAutoAway: true,
  idleTimeLimit: 300,
  desktopNotificationRequireInteraction: false,
  desktopNotifications: 'all',
  desktopNotificationVoiceCalls: true,
  pushNotifications: 'all',
  unreadAlert: true,
  useEmojis: true,
  convertAsciiEmoji: true,
  autoImageLoad: true,
  saveMobileBandwidth: true,
  collapseMediaByDefault: false,
  hideUsernames: false,
  hideRoles: false,
  hideFlexTab: false,
  displayAvatars: true,
  sidebarGroupByType: true,
  themeAppearence: 'auto',
  sidebarViewMode: 'medium',
  sidebarDisplayAvatar: true,
  sidebarShowUnread: false,
  sidebarSortby: 'activity',
  showThreadsInMainChannel: false,
  alsoSendThreadToChannel: 'default',
  sidebarShowFavorites: true,
  sendOnEnter: 'normal',
  emailNotificationMode: 'mentions',
  newRoomNotification: 'door',
  newMessageNotification: 'chime',
  muteFocusedConversations: true,
  notificationsSoundVolume: 100,
  masterVolume: 100,
  voipRingerVolume: 100,
  omnichannelTranscriptEmail: false,
  notifyCalendarEvents: true,
  enableMobileRinging: true,
  sidebarSectionsOrder: [
    'Incoming_Calls',
    'Incoming_Livechats',
    'Open_Livechats',
    'On_Hold_Chats',
    'Unread',
    'Drafts',
    'Favorites',
    'Teams',
    'Discussions',
    'Channels',
    'Direct_Messages',
    'Conversations',
  ],
  featuresPreview: '[]',
};

const preferencePrefix = 'Accounts_Default_User_Preferences_';

describe('the catalogue', () => {
  it('makes public what the contract makes public, and nothing else', () => {
    const open = [...definitions].filter(([, definition]) => definition.public === true).map(([id]) => id);
    const expected = [...publicIds, ...Object.keys(preferences).map((key) => preferencePrefix + key)];
    assert.deepEqual(open.toSorted(), expected.toSorted());
  });

  it('never makes a secret or hidden setting public', () => {
    for (const [id, { public: open, secret, hidden }] of definitions) {
      assert.ok(open !== true || (secret !== true && hidden !== true), id);
    }
  });

  it('has the default preferences of Rocket.Chat 8 with exactly their keys', () => {
    const listed = [...definitions]
      .filter(([id]) => id.startsWith(preferencePrefix))
      .map(([id, { initial }]) => [id.slice(preferencePrefix.length), initial]);
    assert.deepEqual(Object.fromEntries(listed), preferences);
  });

  it('has initial values that fit', () => {
    for (const [id, definition] of definitions) assert.ok(fit(definition, definition.initial).fits, id);
  });

  it('says in one sentence what each setting does', () => {
    for (const [id, { about }] of definitions) assert.match(about, /^[A-Z][^\n]{8,}[^.]\.$/, id);
  });

  it('has the values where Countersign differs from Rocket.Chat', () => {
    assert.equal(catalogue.Accounts_TwoFactorAuthentication_RememberFor.initial, 300);
    assert.equal(catalogue.Accounts_AvatarBlockUnauthenticatedAccess.initial, false);
    assert.equal(catalogue.Show_Setup_Wizard.initial, 'completed');
    assert.equal(catalogue.Accounts_SystemBlockedUsernameList.hidden, true);
  });

  it('has the limits of realtime calls', () => {
    const limits = ['IP', 'User', 'Connection', 'User_By_Method', 'Connection_By_Method'].map((which) => [
      definitions.get(`DDP_Rate_Limit_${which}_Enabled`)?.initial,
      definitions.get(`DDP_Rate_Limit_${which}_Requests_Allowed`)?.initial,
      definitions.get(`DDP_Rate_Limit_${which}_Interval_Time`)?.initial,
    ]);
    assert.deepEqual(limits, [
      [true, 120_000, 60_000],
      [true, 1200, 60_000],
      [true, 600, 60_000],
      [true, 20, 10_000],
      [true, 10, 10_000],
    ]);
  });

  it('takes no id that only looks listed', () => {
    const ids = ['toString', '__proto__', 'constructor', 'accounts_loginexpiration', ''];
    assert.deepEqual(ids.filter(isSettingId), []);
  });
});

it('the default permissions name default roles only', () => {
  const roles = new Set(defaultRoles.map((role) => role.id));
  for (const [id, holders] of Object.entries<readonly string[]>(permissionTable)) {
    for (const holder of holders) assert.ok(roles.has(holder), `${id}: ${holder}`);
    assert.equal(new Set(holders).size, holders.length, id);
  }
});

it('throw-away domains stand in lower case and in order, each once', () => {
  assert.deepEqual(throwAwayDomains, [...new Set(throwAwayDomains.map((domain) => domain.toLowerCase()))].toSorted());
});
