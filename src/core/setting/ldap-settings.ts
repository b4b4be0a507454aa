import type { SettingDefinition } from './definition.ts';

/** People from a directory, by Rocket.Chat's ids (providers.md §4.1). */
export const ldapSettings = {
  LDAP_Enable: {
    kind: 'boolean',
    initial: false,
    group: 'LDAP',
    public: true,
    about: 'People sign in with the password that an LDAP directory knows.',
  },
} as const satisfies Record<string, SettingDefinition>;
