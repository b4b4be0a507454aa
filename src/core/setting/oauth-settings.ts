import type { SettingDefinition } from './definition.ts';

/** People from OAuth and OpenID providers, by Rocket.Chat's ids (providers.md §2.4). */
export const oauthSettings = {
  Accounts_Registration_AuthenticationServices_Enabled: {
    kind: 'boolean',
    initial: true,
    group: 'Accounts',
    section: 'Registration',
    public: true,
    about: 'People whom a provider names and nobody knows here get an account; without it only joined ones may come.',
  },
  Accounts_Registration_AuthenticationServices_Default_Roles: {
    kind: 'text',
    initial: 'user',
    group: 'Accounts',
    section: 'Registration',
    about: 'Roles of people who come by a provider, separated by commas, beside those that everybody gets.',
  },
  Accounts_Verify_Email_For_External_Accounts: {
    kind: 'boolean',
    initial: true,
    group: 'Accounts',
    section: 'Registration',
    about: 'An address that the provider asserts counts as verified here.',
  },
  Accounts_OAuth_Use_Modern_Flow: {
    kind: 'boolean',
    initial: false,
    group: 'OAuth',
    public: true,
    about:
      'Tells clients to begin with a provider at `/oauth/<service>`, where this server keeps what has to stay secret; that way is open whether or not they do.',
  },
  Countersign_Rate_Limit_Browser_Flow: {
    kind: 'integer',
    initial: 60,
    least: 1,
    most: 1_000_000_000,
    group: 'Rate Limiter',
    section: 'REST API',
    about:
      'How often an address may begin, or end, a sign-in at `/oauth/<service>`, with SAML or with CAS, or one at an application at `/oauth/authorize`, in a minute; an office is one address.',
  },
  Accounts_AllowPasswordChangeForOAuthUsers: {
    kind: 'boolean',
    initial: true,
    group: 'Accounts',
    public: true,
    about: 'People from providers, who have no password here, may set one: in their profile, or by a mailed link.',
  },
  Accounts_twoFactorAuthentication_email_available_for_OAuth_users: {
    kind: 'boolean',
    initial: true,
    group: 'Accounts',
    section: 'Two Factor Authentication',
    public: true,
    about: 'Codes by e-mail are a second factor of people from providers, who have no password here, too.',
  },
} as const satisfies Record<string, SettingDefinition>;
