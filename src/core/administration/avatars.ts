import type { Account } from '../account/account.ts';
import type { AvatarStore } from '../account/avatar-store.ts';
import { fitPicture, type PictureBounds } from '../account/fit-picture.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditEntry } from '../audit-entry.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Random } from '../ports.ts';
import { mustBeFull } from '../session/restricted.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission, mustNotOutrank } from './may.ts';

export interface AvatarNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly avatars: Pick<AvatarStore, 'put'>;
  readonly authority: Authority;
  readonly policy: () => PictureBounds & {
    /** Whether people may choose their own. */
    readonly on: boolean;
  };
}

/**
 * Whether the caller may choose the picture of an account: of one's own where a setting lets people, of all with the
 * permission, except of those above them.
 * @throws Fault `switched-off`, `permission-missing`, `role-too-high`, those of `mustBeFull`
 */
export function mustMayChooseAvatar(
  { authority, policy }: Pick<AvatarNeeds, 'authority' | 'policy'>,
  signed: Signed,
  account: Account,
): void {
  const own = account.id === signed.account.id;
  if (own) {
    mustBeFull(signed);
    if (!policy().on && !authority.held(signed, 'edit-other-user-avatar').held) throw new Fault('switched-off');
    return;
  }
  mustHoldPermission(authority, signed, 'edit-other-user-avatar');
  mustNotOutrank(authority, account.roles, signed);
}

/**
 * Gives an account a picture. Only what belongs to the picture itself is kept of the file: no notes, no places, nothing
 * behind its end.
 * @param file a PNG, JPEG, GIF or WebP, told by its content alone
 * @throws Fault `avatar-too-large`, `avatar-invalid`, `account-unknown`, and those of `mustMayChooseAvatar`
 */
export async function putAvatar(
  needs: AvatarNeeds,
  signed: Signed,
  account: Account,
  file: Uint8Array,
  caller: Caller,
): Promise<void> {
  mustMayChooseAvatar(needs, signed, account);
  const { mediaType, bytes } = await fitPicture(file, needs.policy());
  const chosen = { avatar: { mediaType, bytes }, tag: needs.random.id() };
  await write(needs, signed, account, chosen, caller, { type: mediaType, bytes: bytes.length });
}

/**
 * Gives an account its drawn picture back.
 * @throws Fault `account-unknown`, and those of `mustMayChooseAvatar`
 */
export async function resetAvatar(needs: AvatarNeeds, signed: Signed, account: Account, caller: Caller): Promise<void> {
  mustMayChooseAvatar(needs, signed, account);
  await write(needs, signed, account, undefined, caller, {});
}

async function write(
  { avatars, clock }: AvatarNeeds,
  signed: Signed,
  account: Account,
  chosen: Parameters<AvatarStore['put']>[1],
  caller: Caller,
  facts: AuditEntry['facts'],
): Promise<void> {
  const at = clock.now();
  const what = chosen === undefined ? 'avatar.reset' : 'avatar.set';
  const audit = recordOf(what, { at, caller, actorId: signed.account.id, accountId: account.id }, facts);
  if (!(await avatars.put(account.id, chosen, at, audit))) throw new Fault('account-unknown');
}
