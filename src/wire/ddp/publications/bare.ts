import type { Publication } from '../publication.ts';

// Clients ask for these and wait for `ready`, though nothing is published (realtime.md §12.2, §12.5).

function bare(name: string): Publication {
  return { name, open: () => ({}) };
}

export const barePublications: readonly Publication[] = [
  bare('meteor_autoupdate_clientVersions'),
  bare('userData'),
  bare('activeUsers'),
  bare('roles'),
  bare('permissions'),
  bare('fullUserData'),
];
