import type { SettingDefinition } from './definition.ts';

/** Our own pages, and where they may send a browser. */
export const pageSettings = {
  Countersign_Page_Cookie_Domain: {
    kind: 'text',
    initial: '',
    group: 'Countersign',
    section: 'Pages',
    about:
      'The domain whose hosts all get the cookie of a signed-in browser, for example `example.org`; empty keeps it at this host.',
  },
  Countersign_Return_Origins: {
    kind: 'text',
    initial: '',
    group: 'Countersign',
    section: 'Pages',
    about:
      'Origins that the sign-in page may send a browser back to beside this server, exact and separated by commas, for example `https://wiki.example.org`.',
  },
  Countersign_Setup_Done: {
    kind: 'boolean',
    initial: false,
    group: 'Countersign',
    section: 'Pages',
    about: 'Whether the first steps are done; until then administrators are led to them after they sign in.',
  },
} as const satisfies Record<string, SettingDefinition>;
