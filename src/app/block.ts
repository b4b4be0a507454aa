import { clearBlockFor, type listBlocks, listBlocksFor } from '../core/administration/blocks.ts';
import type { Caller } from '../core/ports.ts';
import type { Cleared, ClearSubject } from '../core/session/block-store.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.block`, given what they need. */
export function blockCases({ blocking }: Needs) {
  return {
    /** @throws Fault, see `listBlocksFor` */
    list: async (signed: Signed, page: Parameters<typeof listBlocks>[1]) => await listBlocksFor(blocking, signed, page),
    /** @throws Fault, see `clearBlockFor` */
    clear: async (signed: Signed, subject: ClearSubject, caller: Caller): Promise<Cleared> =>
      await clearBlockFor(blocking, signed, subject, caller),
  };
}
