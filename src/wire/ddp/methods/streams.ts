import { type AnyMethod, nothing, openMethod } from '../method.ts';
import { streamNames } from '../stream-names.ts';

/** A method named like a stream would publish an event; nobody may, and it is passed over quietly (realtime.md §12.3). */
export const streamWrites: readonly AnyMethod[] = streamNames.map((name) =>
  openMethod({ name, ignoresCaller: true, params: nothing, run: async () => await Promise.resolve(undefined) }),
);
