import type { SuppliedFactor } from '../core/second-factor/gate.ts';

/** What a client sends that has no code. */
export const noFactor: SuppliedFactor = { code: undefined, method: undefined };
