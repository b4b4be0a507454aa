import { accountDocument, namedAccount, nameOf, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { keptMail } from '../mails.ts';
import { Refusal } from '../refusal.ts';

export const userResetPassword: Command = {
  words: 'user reset-password',
  summary: 'Mail the owner of an account a link that sets a new password.',
  about: 'The password of before stays good until the link is used. The link goes to the first address of the account.',
  arguments: [userArgument],
  example: 'countersign user reset-password ada',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const [email] = account.emails;
      if (email === undefined) {
        throw new Refusal('email-missing', 'The account has no address: countersign user update --email gives it one.');
      }
      if (!account.hasPassword) {
        throw new Refusal(
          'password-missing',
          'The account has no password: countersign user set-password gives it one.',
        );
      }
      if (!(await app.host.mailPasswordLink(account, email.address, desk.caller)).held) {
        throw new Refusal(
          'too-many-links',
          'Too many links were mailed to this account lately; the last one stays good.',
        );
      }
      const kept = await keptMail(app, email.address);
      return {
        document: { user: accountDocument(account), address: email.address, keptMail: kept ?? null },
        text:
          kept === undefined
            ? `A link that sets the password of ${nameOf(account)} is on its way to ${email.address}.`
            : `A link that sets the password of ${nameOf(account)} is made, and stays in the outbox.`,
        ...(kept === undefined
          ? {}
          : {
              note: `There is no mail server (MAIL_URL, or the settings of SMTP), so no mail leaves: countersign mail show ${kept} prints it with its link. Hand that to ${nameOf(account)} by a way that nobody else reads.`,
            }),
      };
    });
  },
};
