import type { App } from '../../../app.ts';
import type { Account } from '../../../core/account/account.ts';
import { Fault } from '../../../core/fault.ts';
import { type AnyMethod, userMethod } from '../method.ts';
import { textOf } from '../params.ts';

/** @throws Fault `account-unknown` */
export async function accountOf(app: App, id: string): Promise<Account> {
  // No store takes a NUL or half a surrogate pair, and nobody is called so.
  const account = id.includes('\0') || !id.isWellFormed() ? undefined : await app.account.byId(id);
  if (account === undefined) throw new Fault('account-unknown');
  return account;
}

/** How old administration pages delete an account. */
const deleteUser = userMethod({
  name: 'deleteUser',
  scoped: true,
  params: ([userId]) => textOf(userId),
  async run(app, { signed, caller }, userId) {
    if (!app.permissions.held(signed, 'delete-user').held) throw new Fault('permission-missing');
    await app.account.remove(signed, await accountOf(app, userId), caller);
    return true;
  },
});

/** How old administration pages open and close an account. */
const setUserActiveStatus = userMethod({
  name: 'setUserActiveStatus',
  scoped: true,
  params([userId, open]) {
    if (typeof open !== 'boolean') throw new Fault('malformed');
    return { userId: textOf(userId), open };
  },
  async run(app, { signed, caller }, { userId, open }) {
    if (!app.permissions.held(signed, 'edit-other-user-active-status').held) throw new Fault('permission-missing');
    await app.account.setOpen(signed, await accountOf(app, userId), open, caller);
    return true;
  },
});

export const accountMethods: readonly AnyMethod[] = [deleteUser, setUserActiveStatus];
