import { isIP } from 'node:net';
import { accountDocument, namedAccount, nameOf } from '../accounts.ts';
import type { Answer, Command, Desk } from '../command.ts';
import type { CliApp } from '../needs.ts';
import { counted } from '../text.ts';

export const unblock: Command = {
  words: 'unblock',
  summary: 'Let an account or an address sign in again after too many failed sign-ins.',
  about:
    'For an account, the failures on every device and the wrong codes are forgotten; its password and second factors stay as they are. An IPv6 address stands for its /64.',
  arguments: [
    {
      name: 'user-or-address',
      about:
        'an IP address; or a username, e-mail address or id; username:, email: or id: before it says which is meant',
    },
  ],
  example: 'countersign unblock 203.0.113.9',
  async run(given, desk) {
    const text = given.argument('user-or-address');
    return await desk.withApp(
      async (app) => await (isIP(text) === 0 ? ofAccount(app, text, desk) : ofAddress(app, text, desk)),
    );
  },
};

async function ofAccount(app: CliApp, text: string, { caller }: Desk): Promise<Answer> {
  const account = await namedAccount(app, text);
  await app.host.unblockAccount(account, caller);
  const closed = account.open ? '' : ' The account is disabled and cannot sign in: countersign user enable.';
  return {
    document: { user: accountDocument(account) },
    text: `${nameOf(account)} is not blocked: failed sign-ins and wrong codes are forgotten.${closed}`,
  };
}

async function ofAddress(app: CliApp, address: string, { caller }: Desk): Promise<Answer> {
  const count = await app.host.unblockAddress(address, caller);
  return {
    document: { address, forgottenFailures: count },
    text: `${address} is not blocked: ${counted(count, 'failed sign-in')} forgotten.`,
  };
}
