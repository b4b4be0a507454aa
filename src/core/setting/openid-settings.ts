import type { SettingDefinition } from './definition.ts';

/** Countersign as an OpenID provider. */
export const openIdSettings = {
  Countersign_OpenID_Key_Days: {
    kind: 'integer',
    initial: 90,
    least: 0,
    most: 3650,
    group: 'Countersign',
    section: 'OpenID',
    about:
      'How old the key becomes with which tokens for other applications are signed, in days; 0 keeps it until `countersign openid rotate-keys`.',
  },
  Countersign_OpenID_Inner_Logout: {
    kind: 'boolean',
    initial: false,
    group: 'Countersign',
    section: 'OpenID',
    about:
      'Whether applications may be told of the end of a session at an address inside your own network, or on this host.',
  },
} as const satisfies Record<string, SettingDefinition>;
