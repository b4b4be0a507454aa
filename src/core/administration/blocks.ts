import type { AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Limits } from '../session/attempt.ts';
import type { Block, BlockStore, Cleared, ClearSubject } from '../session/block-store.ts';
import { addressKey } from '../session/device.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission, mustNotOutrank } from './may.ts';

export interface ListBlocksNeeds {
  readonly clock: Clock;
  readonly blocks: BlockStore;
  readonly limits: () => Limits;
}

export interface BlocksNeeds extends ListBlocksNeeds {
  readonly accounts: Pick<AccountStore, 'byId'>;
  readonly authority: Authority;
}

/** Part of a list. */
interface Page {
  readonly offset: number;
  readonly count: number;
}

/**
 * Who may not sign in for now: those first whose block has no end, then the newest first.
 * @throws Fault `permission-missing`
 */
export async function listBlocksFor(
  needs: BlocksNeeds,
  signed: Signed,
  page: Page,
): Promise<{ readonly blocks: readonly Block[]; readonly total: number }> {
  mustHoldPermission(needs.authority, signed, 'manage-blocks');
  return await listBlocks(needs, page);
}

/** The same for the host. */
export async function listBlocks(
  { clock, blocks, limits }: ListBlocksNeeds,
  page: Page,
): Promise<{ readonly blocks: readonly Block[]; readonly total: number }> {
  return await blocks.list({ limits: limits(), now: clock.now(), ...page });
}

/**
 * Forgets the failures of somebody, blocked or not. Nobody clears accounts above their own: whoever could, could guess
 * at them without end.
 * @throws Fault `permission-missing`, `role-too-high`
 */
export async function clearBlockFor(
  needs: BlocksNeeds,
  signed: Signed,
  subject: ClearSubject,
  caller: Caller,
): Promise<Cleared> {
  mustHoldPermission(needs.authority, signed, 'manage-blocks');
  if ('accountId' in subject) {
    const account = await needs.accounts.byId(subject.accountId);
    if (account !== undefined) mustNotOutrank(needs.authority, account.roles, signed);
  }
  return await clearBlock(needs, subject, signed.account.id, caller);
}

/** The same for the host, who is asked for no permission. */
export async function clearBlock(
  { clock, blocks }: Pick<ListBlocksNeeds, 'clock' | 'blocks'>,
  subject: ClearSubject,
  actorId: string | undefined,
  caller: Caller,
): Promise<Cleared> {
  const accountId = 'accountId' in subject ? subject.accountId : undefined;
  const who = { at: clock.now(), caller, actorId, accountId };
  switch (subject.kind) {
    case 'account':
      return await blocks.clear(subject, recordOf('account.unblock', who));
    case 'device':
      return await blocks.clear(subject, recordOf('device.unblock', who, { device: subject.device }));
    case 'address': {
      const { address } = subject;
      return await blocks.clear(
        { kind: 'address', address: networkOf(address) },
        recordOf('address.unblock', who, { address }),
      );
    }
    case 'name':
      return await blocks.clear(subject, recordOf('name.unblock', who, { digest: subject.digest }));
  }
}

/** An address as it is counted; a list shows the /64 of an IPv6 one. */
function networkOf(address: string): string {
  return addressKey(address.replace(/\/64$/u, ''));
}
