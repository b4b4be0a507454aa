import { accountDocument, namedAccount, nameOf, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { madeUpPassword, passwordFrom, weaknessOf } from '../password.ts';
import { counted } from '../text.ts';

export const userSetPassword: Command = {
  words: 'user set-password',
  summary: 'Give an account a new password and end its sessions.',
  about:
    'Without --password-stdin a random password is made and printed once, on standard output. Personal tokens stay: countersign token revoke ends them.',
  arguments: [userArgument],
  options: [{ flags: '--password-stdin', about: 'read the password from standard input' }],
  example: 'countersign user set-password ada --password-stdin < password.txt',
  async run(given, desk) {
    const random = given.flag('passwordStdin') ? undefined : madeUpPassword();
    const password = random ?? (await passwordFrom(desk.needs.stdin));
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const tokens = await app.host.tokens(account.id);
      await app.host.setPassword(account.id, { plain: password }, desk.caller);
      const weak = random === undefined ? await weaknessOf(app, password, account) : undefined;
      const personal = tokens.filter(({ pool }) => pool === 'personal').length;
      const ended = tokens.length - personal;
      const done = [
        `${nameOf(account)} has a new password; ${counted(ended, 'session')} ended.`,
        ...(personal === 0
          ? []
          : [`${counted(personal, 'personal token')} stayed alive: countersign token revoke ends them.`]),
        ...(account.open ? [] : ['The account is disabled and cannot sign in: countersign user enable.']),
      ].join(' ');
      return {
        document: {
          user: accountDocument({ ...account, hasPassword: true }),
          endedSessions: ended,
          personalTokens: personal,
          ...(random === undefined ? {} : { password: random }),
        },
        ...(random === undefined
          ? { text: done, ...(weak === undefined ? {} : { note: weak }) }
          : {
              text: random,
              note: `${done} The password is printed this once, on standard output.`,
              unwritten: `${done} The password is lost: countersign user set-password gives another.`,
            }),
      };
    });
  },
};
