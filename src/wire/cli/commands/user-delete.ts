import { accountDocument, namedAccount, nameOf, userArgument } from '../accounts.ts';
import { type Command, UsageError } from '../command.ts';

export const userDelete: Command = {
  words: 'user delete',
  summary: 'Delete an account with everything that hangs on it.',
  about:
    'This cannot be undone; countersign user disable can. The audit trail keeps what it tells. The last enabled administrator cannot be deleted.',
  arguments: [userArgument],
  options: [{ flags: '--yes', about: 'really delete it' }],
  example: 'countersign user delete ada --yes',
  async run(given, desk) {
    if (!given.flag('yes')) throw new UsageError('Deleting cannot be undone: give --yes, or see user disable.');
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      await app.host.remove(account, desk.caller);
      return { document: { user: accountDocument(account) }, text: `${nameOf(account)} is deleted.` };
    });
  },
};
