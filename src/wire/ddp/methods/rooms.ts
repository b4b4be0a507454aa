import { type AnyMethod, nothing, openMethod } from '../method.ts';

// There are no conversations here, and clients that ask for theirs must not be refused (real-clients.md §2).

function givesNone(name: string): AnyMethod {
  return openMethod({ name, ignoresCaller: true, params: nothing, run: async () => await Promise.resolve([]) });
}

export const rooms = givesNone('rooms/get');
export const subscriptions = givesNone('subscriptions/get');
