import { accountDocument, namedAccount, nameOf } from '../accounts.ts';
import { type Command, UsageError } from '../command.ts';
import { counted } from '../text.ts';

export const sessionEnd: Command = {
  words: 'session end',
  summary: 'End one session, or all of an account.',
  about: 'The running server refuses them from then on and closes their sockets. Personal tokens stay.',
  arguments: [{ name: 'session', about: 'the id of the session, see countersign session list', optional: true }],
  options: [{ flags: '--user <user>', about: 'every session of this account: its username, e-mail address or id' }],
  example: 'countersign session end --user ada',
  async run(given, desk) {
    const id = given.optionalArgument('session');
    const user = given.text('user');
    if ((id === undefined) === (user === undefined)) {
      throw new UsageError('Name one session by its id, or an account with --user.');
    }
    return await desk.withApp(async (app) => {
      if (id !== undefined) {
        const { account } = await app.host.endSession(id, desk.caller);
        return {
          document: { user: accountDocument(account), ended: 1 },
          text: `1 session of ${nameOf(account)} ended.`,
        };
      }
      const account = await namedAccount(app, user ?? '');
      const ended = await app.host.endSessions(account.id, desk.caller);
      return {
        document: { user: accountDocument(account), ended },
        text: `${counted(ended, 'session')} of ${nameOf(account)} ended.`,
      };
    });
  },
};
