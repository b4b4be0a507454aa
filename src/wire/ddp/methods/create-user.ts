import { nothing, openMethod } from '../method.ts';
import { Refusal } from '../refusal.ts';

/** Nobody makes an account this way (realtime.md §14.1). */
export const createUser = openMethod({
  name: 'createUser',
  ignoresCaller: true,
  params: nothing,
  run: () => Promise.reject(new Refusal({ error: 403, reason: 'Signups forbidden' })),
});
