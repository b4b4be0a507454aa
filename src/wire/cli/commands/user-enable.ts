import { accountDocument, namedAccount, nameOf, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';

export const userEnable: Command = {
  words: 'user enable',
  summary: 'Enable an account that was disabled or waits for approval.',
  about: 'Tokens that were ended stay ended: its people and programs sign in again.',
  arguments: [userArgument],
  example: 'countersign user enable ada',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      await app.host.setOpen(account.id, true, desk.caller);
      return {
        document: { user: accountDocument({ ...account, open: true }) },
        text: `${nameOf(account)} ${account.open ? 'was enabled already' : 'is enabled'}.`,
      };
    });
  },
};
