import { accountDocument, namedAccount, nameOf, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { counted } from '../text.ts';

export const userDisable: Command = {
  words: 'user disable',
  summary: 'Disable an account and end all its tokens, personal ones too.',
  about: 'The account keeps what it has and can be enabled again. The last enabled administrator cannot be disabled.',
  arguments: [userArgument],
  example: 'countersign user disable ada',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const tokens = await app.host.tokens(account.id);
      await app.host.setOpen(account.id, false, desk.caller);
      const state = account.open ? 'is disabled' : 'was disabled already';
      return {
        document: { user: accountDocument({ ...account, open: false }), endedTokens: tokens.length },
        text: `${nameOf(account)} ${state}; ${counted(tokens.length, 'token')} ended, personal ones included.`,
      };
    });
  },
};
