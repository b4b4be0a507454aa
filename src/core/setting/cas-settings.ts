import type { SettingDefinition } from './definition.ts';

/** People from a CAS server, by Rocket.Chat's ids (providers.md §6). */
export const casSettings = {
  CAS_enabled: {
    kind: 'boolean',
    initial: false,
    group: 'CAS',
    public: true,
    about: 'People sign in by way of a CAS server.',
  },
} as const satisfies Record<string, SettingDefinition>;
