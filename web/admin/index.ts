import { screen } from '../screen.tsx';
import type { Section } from '../section.ts';
import { applications } from '../words/applications.ts';
import { audit } from '../words/audit.ts';
import { auditKindWords } from '../words/audit-kinds.ts';
import { blocks } from '../words/blocks.ts';
import { dashboard } from '../words/dashboard.ts';
import { directory } from '../words/directory.ts';
import { imports } from '../words/import.ts';
import { importProblems } from '../words/import-problems.ts';
import { mail } from '../words/mail.ts';
import { menu } from '../words/menu.ts';
import { people } from '../words/people.ts';
import { providers } from '../words/providers.ts';
import { refusals } from '../words/refusals.ts';
import { roles } from '../words/roles.ts';
import { settings } from '../words/settings.ts';
import { settingsForm } from '../words/settings-form.ts';
import { ways } from '../words/ways.ts';

/** What administrators do. */
export const administration: readonly Section[] = [
  {
    path: 'dashboard',
    title: () => menu.say('dashboard'),
    icon: 'dashboard',
    needs: ['view-statistics'],
    screen: screen([dashboard, refusals], async () => await import('./dashboard.tsx')),
  },
  {
    path: 'users',
    title: () => menu.say('users'),
    icon: 'team',
    needs: ['view-user-administration'],
    screen: screen([people], async () => await import('./users.tsx')),
  },
  {
    path: 'roles',
    title: () => menu.say('roles'),
    icon: 'key',
    needs: ['access-permissions'],
    screen: screen([people, roles], async () => await import('./roles.tsx')),
  },
  {
    path: 'settings',
    title: () => menu.say('settings'),
    icon: 'cog',
    needs: ['view-privileged-setting'],
    screen: screen([settings, settingsForm], async () => await import('./settings.tsx')),
  },
  {
    path: 'providers',
    title: () => menu.say('providers'),
    icon: 'login',
    needs: ['view-privileged-setting'],
    screen: screen([providers, settingsForm], async () => await import('./providers.tsx')),
  },
  {
    path: 'directory',
    title: () => menu.say('directory'),
    icon: 'address-book',
    needs: ['view-privileged-setting'],
    screen: screen([directory, providers, settingsForm], async () => await import('./directory.tsx')),
  },
  {
    path: 'applications',
    title: () => menu.say('applications'),
    icon: 'desktop',
    needs: ['manage-oauth-apps'],
    screen: screen([applications], async () => await import('./applications.tsx')),
  },
  {
    path: 'audit',
    title: () => menu.say('audit'),
    icon: 'book',
    needs: ['view-logs'],
    screen: screen([audit, auditKindWords, ways], async () => await import('./audit.tsx')),
  },
  {
    path: 'blocks',
    title: () => menu.say('blocks'),
    icon: 'shield',
    needs: ['manage-blocks'],
    screen: screen([blocks], async () => await import('./blocks.tsx')),
  },
  {
    path: 'mail',
    title: () => menu.say('mail'),
    icon: 'mail',
    needs: ['view-privileged-setting'],
    screen: screen([mail], async () => await import('./mail.tsx')),
  },
  {
    path: 'import',
    title: () => menu.say('import'),
    icon: 'cloud-arrow-up',
    needs: ['access-permissions'],
    screen: screen([imports, importProblems], async () => await import('./import.tsx')),
  },
];
