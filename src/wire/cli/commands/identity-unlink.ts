import { accountDocument, namedAccount, nameOf, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { printable } from '../text.ts';

export const identityUnlink: Command = {
  words: 'identity unlink',
  summary: 'Part an identity from an account, and end the sessions that it has opened.',
  about: 'Refused where nobody could sign in to the account any more: give it a password first.',
  arguments: [
    userArgument,
    { name: 'provider', about: 'as countersign identity list shows it' },
    { name: 'subject', about: 'as countersign identity list shows it' },
  ],
  example: 'countersign identity unlink ada google 110248495921238986420',
  async run(given, desk) {
    const [provider, subject] = [given.argument('provider'), given.argument('subject')];
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      await app.host.unlinkIdentity(account, { provider, subject }, desk.caller);
      return {
        document: { user: accountDocument(account), provider, subject },
        text: `${nameOf(account)} was parted from ${printable(subject)} at ${printable(provider)}.`,
      };
    });
  },
};
