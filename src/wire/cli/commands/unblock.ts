import { accountDocument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { clearedDocument, clearedText, subjectOf } from './block-clear.ts';

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
    return await desk.withApp(async (app) => {
      const { subject, name, account } = await subjectOf(app, text, undefined);
      const cleared = await app.host.clearBlock(subject, desk.caller);
      const whom = account === undefined ? { address: text } : { user: accountDocument(account) };
      return { document: { ...whom, ...clearedDocument(cleared) }, text: clearedText(name, cleared, account) };
    });
  },
};
