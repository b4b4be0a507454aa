import type { Publication } from '../publication.ts';
import { barePublications } from './bare.ts';
import { loginServiceConfiguration } from './login-service-configuration.ts';
import { streams } from './streams.ts';
import { userPresence } from './user-presence.ts';

/** Every publication; a new one is a file and a line here. */
export const publications: readonly Publication[] = [
  loginServiceConfiguration,
  userPresence,
  ...barePublications,
  ...streams,
];
