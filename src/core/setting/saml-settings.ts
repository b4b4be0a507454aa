import type { SettingDefinition } from './definition.ts';

/** People from a SAML identity provider, by Rocket.Chat's ids (providers.md §5.2). */
export const samlSettings = {
  SAML_Custom_Default: {
    kind: 'boolean',
    initial: false,
    group: 'SAML',
    about: 'People sign in by way of a SAML identity provider.',
  },
} as const satisfies Record<string, SettingDefinition>;
