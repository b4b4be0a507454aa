import type { App } from '../../../app.ts';
import type { Account } from '../../../core/account/account.ts';
import { Fault } from '../../../core/fault.ts';
import type { Signed } from '../../../core/session/token.ts';
import { pictureInAddress } from '../../shapes/avatar-address.ts';
import { type AnyMethod, nothing, userMethod } from '../method.ts';
import { maybeTextOf, textOf } from '../params.ts';

/** The account that is meant, the caller's own if none is named. @throws Fault `account-unknown` */
async function meant(app: App, { account }: Signed, id: string | undefined): Promise<Account> {
  if (id === undefined || id === account.id) return account;
  // No store takes a NUL or half a surrogate pair, and nobody is called so.
  const found = id.includes('\0') || !id.isWellFormed() ? undefined : await app.account.byId(id);
  if (found === undefined) throw new Fault('account-unknown');
  return found;
}

/** The service under which clients ask for the drawn picture. */
const drawn = 'initials';

/** Takes a picture as a `data:` address: no other address is followed. */
const setAvatarFromService = userMethod({
  name: 'setAvatarFromService',
  params: ([address, , service, userId]) => ({
    address: textOf(address),
    service: maybeTextOf(service),
    userId: maybeTextOf(userId),
  }),
  async run(app, { signed, caller }, { address, service, userId }) {
    const account = await meant(app, signed, userId);
    if (service === drawn) {
      await app.avatar.reset(signed, account, caller);
      return;
    }
    app.avatar.mustMayChoose(signed, account);
    const file = pictureInAddress(address);
    if (file === undefined) throw new Fault('avatar-address-refused');
    await app.avatar.put(signed, account, file, caller);
  },
});

const resetAvatar = userMethod({
  name: 'resetAvatar',
  params: ([userId]) => maybeTextOf(userId),
  async run(app, { signed, caller }, userId) {
    await app.avatar.reset(signed, await meant(app, signed, userId), caller);
  },
});

const getAvatarSuggestion = userMethod({
  name: 'getAvatarSuggestion',
  params: nothing,
  run: async () => await Promise.resolve({}),
});

export const avatarMethods: readonly AnyMethod[] = [setAvatarFromService, resetAvatar, getAvatarSuggestion];
