import type { SettingDefinition } from './definition.ts';

const group = 'OAuth';
const on = { kind: 'boolean', initial: false, group } as const;
const text = { kind: 'text', initial: '', group } as const;
const open = { ...text, public: true } as const;
const secret = { ...text, secret: true } as const;
const callback = { kind: 'text', group, readOnly: true } as const;

/**
 * The providers that are built in and have the shape of custom services, by Rocket.Chat's ids (providers.md §2.4). Their
 * addresses follow from where the server is; those that end with `_url` below are ours, for what stands elsewhere.
 */
export const shapedSettings = {
  Accounts_OAuth_Gitlab: {
    ...on,
    section: 'GitLab',
    public: true,
    about: 'People sign in with GitLab.',
  },
  API_Gitlab_URL: {
    ...open,
    section: 'GitLab',
    about: 'Where GitLab is; empty for gitlab.com.',
  },
  Accounts_OAuth_Gitlab_id: {
    ...text,
    section: 'GitLab',
    about: 'The id that GitLab has given to this server.',
  },
  Accounts_OAuth_Gitlab_secret: {
    ...secret,
    section: 'GitLab',
    about: 'The secret that GitLab has given to this server.',
  },
  Accounts_OAuth_Gitlab_callback_url: {
    ...callback,
    section: 'GitLab',
    initial: '_oauth/gitlab',
    about: 'The path of this server to be told to GitLab.',
  },
  Accounts_OAuth_Gitlab_authorize_url: {
    ...text,
    section: 'GitLab',
    about: 'Where browsers are sent; empty for the usual place of the server.',
  },
  Accounts_OAuth_Gitlab_token_url: {
    ...text,
    section: 'GitLab',
    about: 'Where codes are exchanged; empty for the usual place of the server.',
  },
  Accounts_OAuth_Gitlab_identity_url: {
    ...text,
    section: 'GitLab',
    about: 'Where the identity is read; empty for the usual place of the server.',
  },
  Accounts_OAuth_Gitlab_identity_path: {
    ...open,
    section: 'GitLab',
    initial: '/api/v4/user',
    about: 'Where on the GitLab server the identity is read.',
  },
  Accounts_OAuth_Gitlab_merge_users: {
    ...on,
    section: 'GitLab',
    public: true,
    about: 'Joins accounts of the same username, too; of gitlab.com, where strangers choose their names, never.',
  },
  Accounts_OAuth_Nextcloud: {
    ...on,
    section: 'Nextcloud',
    public: true,
    about: 'People sign in with Nextcloud.',
  },
  Accounts_OAuth_Nextcloud_URL: {
    ...open,
    section: 'Nextcloud',
    about: 'Where the Nextcloud server is, without a slash at the end.',
  },
  Accounts_OAuth_Nextcloud_id: {
    ...text,
    section: 'Nextcloud',
    about: 'The id that Nextcloud has given to this server.',
  },
  Accounts_OAuth_Nextcloud_secret: {
    ...secret,
    section: 'Nextcloud',
    about: 'The secret that Nextcloud has given to this server.',
  },
  Accounts_OAuth_Nextcloud_callback_url: {
    ...callback,
    section: 'Nextcloud',
    initial: '_oauth/nextcloud',
    about: 'The path of this server to be told to Nextcloud.',
  },
  Accounts_OAuth_Nextcloud_authorize_url: {
    ...text,
    section: 'Nextcloud',
    about: 'Where browsers are sent; empty for the usual place of the server.',
  },
  Accounts_OAuth_Nextcloud_token_url: {
    ...text,
    section: 'Nextcloud',
    about: 'Where codes are exchanged; empty for the usual place of the server.',
  },
  Accounts_OAuth_Nextcloud_identity_url: {
    ...text,
    section: 'Nextcloud',
    about: 'Where the identity is read; empty for the usual place of the server.',
  },
  Accounts_OAuth_Nextcloud_button_label_text: {
    ...open,
    section: 'Nextcloud',
    initial: 'Nextcloud',
    about: 'How the button reads.',
  },
  Accounts_OAuth_Nextcloud_button_label_color: {
    ...open,
    section: 'Nextcloud',
    initial: '#ffffff',
    about: 'The colour of the text on the button.',
  },
  Accounts_OAuth_Nextcloud_button_color: {
    ...open,
    section: 'Nextcloud',
    initial: '#0082c9',
    about: 'The colour of the button.',
  },
  Accounts_OAuth_Wordpress: {
    ...on,
    section: 'WordPress',
    public: true,
    about: 'People sign in with WordPress.',
  },
  API_Wordpress_URL: {
    ...open,
    section: 'WordPress',
    about: 'Where the WordPress server is, without a slash at the end.',
  },
  Accounts_OAuth_Wordpress_id: {
    ...text,
    section: 'WordPress',
    about: 'The id that WordPress has given to this server.',
  },
  Accounts_OAuth_Wordpress_secret: {
    ...secret,
    section: 'WordPress',
    about: 'The secret that WordPress has given to this server.',
  },
  Accounts_OAuth_Wordpress_callback_url: {
    ...callback,
    section: 'WordPress',
    initial: '_oauth/wordpress',
    about: 'The path of this server to be told to WordPress.',
  },
  Accounts_OAuth_Wordpress_authorize_url: {
    ...text,
    section: 'WordPress',
    about: 'Where browsers are sent; empty for the usual place of the server.',
  },
  Accounts_OAuth_Wordpress_token_url: {
    ...text,
    section: 'WordPress',
    about: 'Where codes are exchanged; empty for the usual place of the server.',
  },
  Accounts_OAuth_Wordpress_identity_url: {
    ...text,
    section: 'WordPress',
    about: 'Where the identity is read; empty for the usual place of the server.',
  },
  Accounts_OAuth_Wordpress_server_type: {
    kind: 'choice',
    initial: '',
    choices: ['', 'wordpress-com', 'wp-oauth-server', 'custom'],
    group,
    public: true,
    section: 'WordPress',
    about:
      'Whose addresses are taken: those of the plugin WP OAuth Server, of wordpress.com, or those that are set below.',
  },
  Accounts_OAuth_Wordpress_identity_path: {
    ...open,
    section: 'WordPress',
    about: 'Where the identity is read, for the server type custom.',
  },
  Accounts_OAuth_Wordpress_identity_token_sent_via: {
    ...open,
    section: 'WordPress',
    about: 'How the access token goes there, for the server type custom: header or payload.',
  },
  Accounts_OAuth_Wordpress_token_path: {
    ...open,
    section: 'WordPress',
    about: 'Where codes are exchanged, for the server type custom.',
  },
  Accounts_OAuth_Wordpress_authorize_path: {
    ...open,
    section: 'WordPress',
    about: 'Where browsers are sent, for the server type custom.',
  },
  Accounts_OAuth_Wordpress_scope: {
    ...open,
    section: 'WordPress',
    about: 'What is asked for, for the server type custom.',
  },
  Accounts_OAuth_Drupal: {
    ...on,
    section: 'Drupal',
    about: 'People sign in with Drupal.',
  },
  API_Drupal_URL: {
    ...open,
    section: 'Drupal',
    about: 'Where the Drupal server is, without a slash at the end.',
  },
  Accounts_OAuth_Drupal_id: {
    ...text,
    section: 'Drupal',
    about: 'The id that Drupal has given to this server.',
  },
  Accounts_OAuth_Drupal_secret: {
    ...secret,
    section: 'Drupal',
    about: 'The secret that Drupal has given to this server.',
  },
  Accounts_OAuth_Drupal_callback_url: {
    ...callback,
    section: 'Drupal',
    initial: '_oauth/drupal',
    about: 'The path of this server to be told to Drupal.',
  },
  Accounts_OAuth_Drupal_authorize_url: {
    ...text,
    section: 'Drupal',
    about: 'Where browsers are sent; empty for the usual place of the server.',
  },
  Accounts_OAuth_Drupal_token_url: {
    ...text,
    section: 'Drupal',
    about: 'Where codes are exchanged; empty for the usual place of the server.',
  },
  Accounts_OAuth_Drupal_identity_url: {
    ...text,
    section: 'Drupal',
    about: 'Where the identity is read; empty for the usual place of the server.',
  },
  Accounts_OAuth_GitHub_Enterprise: {
    ...on,
    section: 'GitHub Enterprise',
    about: 'People sign in with GitHub Enterprise.',
  },
  API_GitHub_Enterprise_URL: {
    ...open,
    section: 'GitHub Enterprise',
    about: 'Where the GitHub Enterprise server is, without a slash at the end.',
  },
  Accounts_OAuth_GitHub_Enterprise_id: {
    ...text,
    section: 'GitHub Enterprise',
    about: 'The id that GitHub Enterprise has given to this server.',
  },
  Accounts_OAuth_GitHub_Enterprise_secret: {
    ...secret,
    section: 'GitHub Enterprise',
    about: 'The secret that GitHub Enterprise has given to this server.',
  },
  Accounts_OAuth_GitHub_Enterprise_callback_url: {
    ...callback,
    section: 'GitHub Enterprise',
    initial: '_oauth/github_enterprise',
    about: 'The path of this server to be told to GitHub Enterprise.',
  },
  Accounts_OAuth_GitHub_Enterprise_authorize_url: {
    ...text,
    section: 'GitHub Enterprise',
    about: 'Where browsers are sent; empty for the usual place of the server.',
  },
  Accounts_OAuth_GitHub_Enterprise_token_url: {
    ...text,
    section: 'GitHub Enterprise',
    about: 'Where codes are exchanged; empty for the usual place of the server.',
  },
  Accounts_OAuth_GitHub_Enterprise_identity_url: {
    ...text,
    section: 'GitHub Enterprise',
    about: 'Where the identity is read; empty for the usual place of the server.',
  },
  Accounts_OAuth_Dolphin: {
    ...on,
    section: 'Dolphin',
    about: 'People sign in with Dolphin.',
  },
  Accounts_OAuth_Dolphin_URL: {
    ...open,
    section: 'Dolphin',
    about: 'Where the Dolphin server is, without a slash at the end.',
  },
  Accounts_OAuth_Dolphin_id: {
    ...text,
    section: 'Dolphin',
    about: 'The id that Dolphin has given to this server.',
  },
  Accounts_OAuth_Dolphin_secret: {
    ...secret,
    section: 'Dolphin',
    about: 'The secret that Dolphin has given to this server.',
  },
  Accounts_OAuth_Dolphin_authorize_url: {
    ...text,
    section: 'Dolphin',
    about: 'Where browsers are sent; empty for the usual place of the server.',
  },
  Accounts_OAuth_Dolphin_token_url: {
    ...text,
    section: 'Dolphin',
    about: 'Where codes are exchanged; empty for the usual place of the server.',
  },
  Accounts_OAuth_Dolphin_identity_url: {
    ...text,
    section: 'Dolphin',
    about: 'Where the identity is read; empty for the usual place of the server.',
  },
  Accounts_OAuth_Dolphin_login_style: {
    kind: 'choice',
    initial: 'redirect',
    choices: ['redirect', 'popup', ''],
    group,
    section: 'Dolphin',
    about: 'Whether clients open a window for Dolphin or leave the page.',
  },
  Accounts_OAuth_Dolphin_button_label_text: {
    ...text,
    section: 'Dolphin',
    about: 'How the button reads.',
  },
  Accounts_OAuth_Dolphin_button_label_color: {
    ...text,
    section: 'Dolphin',
    initial: '#FFFFFF',
    about: 'The colour of the text on the button.',
  },
  Accounts_OAuth_Dolphin_button_color: {
    ...text,
    section: 'Dolphin',
    initial: '#1d74f5',
    about: 'The colour of the button.',
  },
} as const satisfies Record<string, SettingDefinition>;
