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
} as const satisfies Record<string, SettingDefinition>;
