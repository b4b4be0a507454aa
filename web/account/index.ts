import { screen } from '../screen.tsx';
import type { Section } from '../section.ts';
import { activity } from '../words/activity.ts';
import { data } from '../words/data.ts';
import { identities } from '../words/identities.ts';
import { menu } from '../words/menu.ts';
import { newPassword } from '../words/new-password.ts';
import { ownPassword } from '../words/own-password.ts';
import { profile } from '../words/profile.ts';
import { security } from '../words/security.ts';
import { sessions } from '../words/sessions.ts';
import { tokens } from '../words/tokens.ts';
import { ways } from '../words/ways.ts';

/** What people do with their own account. */
export const account: readonly Section[] = [
  {
    path: 'profile',
    title: () => menu.say('profile'),
    icon: 'user',
    screen: screen([profile], async () => await import('./profile.tsx')),
  },
  {
    path: 'security',
    title: () => menu.say('security'),
    icon: 'key',
    screen: screen([ownPassword, newPassword, security, ways], async () => await import('./security.tsx')),
  },
  {
    path: 'sessions',
    title: () => menu.say('sessions'),
    icon: 'desktop',
    screen: screen([sessions, ways], async () => await import('./sessions.tsx')),
  },
  {
    path: 'tokens',
    title: () => menu.say('tokens'),
    icon: 'code',
    needs: ['create-personal-access-tokens'],
    screen: screen([tokens], async () => await import('./tokens.tsx')),
  },
  {
    path: 'identities',
    title: () => menu.say('identities'),
    icon: 'link',
    screen: screen([identities], async () => await import('./identities.tsx')),
  },
  {
    path: 'activity',
    title: () => menu.say('activity'),
    icon: 'history',
    screen: screen([activity, ways], async () => await import('./activity.tsx')),
  },
  {
    path: 'data',
    title: () => menu.say('data'),
    icon: 'download',
    screen: screen([data], async () => await import('./data.tsx')),
  },
];
