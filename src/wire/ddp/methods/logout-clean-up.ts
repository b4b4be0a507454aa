import { nothing, openMethod } from '../method.ts';

/** What clients send after a log-out; there is nothing to clean up here (realtime.md §10.5). */
export const logoutCleanUp = openMethod({
  name: 'logoutCleanUp',
  ignoresCaller: true,
  params: nothing,
  run: async () => await Promise.resolve(undefined),
});
