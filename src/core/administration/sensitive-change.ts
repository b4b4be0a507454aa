import { changesEmail, type ProfileChange } from '../account/edit.ts';
import { opensChange } from '../session/restricted.ts';
import type { Signed } from '../session/token.ts';

/** What somebody asks of their own profile. */
export type OwnChange = Pick<
  ProfileChange,
  'username' | 'name' | 'email' | 'bio' | 'nickname' | 'statusText' | 'status' | 'customFields'
> & { readonly newPassword?: string | undefined };

/**
 * Whether a change of one's own profile needs a second factor, whatever was proved lately (rest.md §11.4): another
 * address where there is one, and another password, unless the sign-in was for that. Whoever has no password gets one by
 * a first address as well, so that counts, too.
 */
export function isSensitive(signed: Signed, { email, newPassword }: OwnChange): boolean {
  const { account } = signed;
  if ((account.emails.length > 0 || !account.hasPassword) && changesEmail(account, email)) return true;
  return newPassword !== undefined && newPassword !== '' && !opensChange(signed).held;
}
