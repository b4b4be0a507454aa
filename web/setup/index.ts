import { screen } from '../screen.tsx';
import type { Section } from '../section.ts';
import { menu } from '../words/menu.ts';
import { newPassword } from '../words/new-password.ts';
import { ownPassword } from '../words/own-password.ts';
import { profile } from '../words/profile.ts';
import { settingsForm } from '../words/settings-form.ts';
import { setup as words } from '../words/setup.ts';

/** The first minutes of a fresh server. */
export const setup: readonly Section[] = [
  {
    path: 'start',
    title: () => menu.say('setup'),
    icon: 'rocket',
    needs: ['edit-privileged-setting'],
    screen: screen([words, settingsForm, ownPassword, newPassword, profile], async () => await import('./setup.tsx')),
  },
];
