import type { Screen } from '../screen.tsx';
import { screen } from '../screen.tsx';
import { newPassword } from '../words/new-password.ts';
import { notSignedIn } from '../words/not-signed-in.ts';
import { recovery } from '../words/recovery.ts';
import { register } from '../words/register.ts';
import { signIn } from '../words/sign-in.ts';

/** A screen that stands alone, for somebody who is not signed in. */
interface Door {
  readonly path: string;
  readonly screen: Screen;
}

const registration = screen([register, newPassword], async () => await import('./register.tsx'));
const resetPassword = screen([recovery, newPassword], async () => await import('./reset-password.tsx'));

/** Every such screen. */
export const doors: readonly Door[] = [
  { path: '/sign-in', screen: screen([signIn, notSignedIn], async () => await import('./sign-in.tsx')) },
  { path: '/register', screen: registration },
  { path: '/register/:secret', screen: registration },
  { path: '/forgot-password', screen: screen([recovery], async () => await import('./forgot-password.tsx')) },
  { path: '/reset-password', screen: resetPassword },
  { path: '/enroll-account', screen: resetPassword },
  { path: '/verify-email', screen: screen([recovery], async () => await import('./verify-email.tsx')) },
  { path: '/home', screen: screen([signIn, notSignedIn], async () => await import('./login-link.tsx')) },
  { path: '/2fa/:method/:challengeId', screen: screen([signIn], async () => await import('./second-factor.tsx')) },
];
