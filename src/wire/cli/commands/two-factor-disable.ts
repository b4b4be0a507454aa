import { accountDocument, namedAccount, nameOf, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { counted } from '../text.ts';

export const twoFactorDisable: Command = {
  words: '2fa disable',
  summary: 'Take every second factor of an account away and end all its tokens, personal ones too.',
  about:
    'For whoever has lost their telephone and their backup codes. The owner is told by mail. Where a second factor is required of the account, its next sign-in is good for setting one up.',
  arguments: [userArgument],
  example: 'countersign 2fa disable ada',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const { app: byApp, email, passkey } = account.secondFactors;
      if (!byApp && !email && !passkey) {
        return {
          document: { user: accountDocument(account), hadSecondFactor: false, endedTokens: 0 },
          text: `${nameOf(account)} has no second factor: nothing is changed, and no token ended.`,
        };
      }
      const tokens = await app.host.tokens(account.id);
      await app.host.resetFactors(account, desk.caller);
      return {
        document: { user: accountDocument(account), hadSecondFactor: true, endedTokens: tokens.length },
        text: `${nameOf(account)} has no second factor any more; ${counted(tokens.length, 'token')} ended, personal ones included.`,
      };
    });
  },
};
