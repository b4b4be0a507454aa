import type { Caller } from '../../../core/ports.ts';
import { accountDocument, namedAccount, nameOf } from '../accounts.ts';
import { type Answer, type Command, UsageError } from '../command.ts';
import type { CliApp } from '../needs.ts';
import { counted } from '../text.ts';

export const sessionEnd: Command = {
  words: 'session end',
  summary: 'End one session, all of an account, or all of everybody.',
  about: 'The running server refuses them from then on and closes their sockets. Personal tokens stay.',
  arguments: [{ name: 'session', about: 'the id of the session, see countersign session list', optional: true }],
  options: [
    { flags: '--user <user>', about: 'every session of this account: its username, e-mail address or id' },
    { flags: '--all', about: 'every session of everybody' },
  ],
  example: 'countersign session end --user ada',
  async run(given, desk) {
    const id = given.optionalArgument('session');
    const user = given.text('user');
    const all = given.flag('all');
    if ([id !== undefined, user !== undefined, all].filter(Boolean).length !== 1) {
      throw new UsageError('Name one session by its id, an account with --user, or give --all.');
    }
    return await desk.withApp(async (app) => {
      if (all) return await endedAll(app, desk.caller);
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

/** So many are read at once. */
const pageSize = 1_000;

/** Account by account, each with its entry, so that servers that run hear of it. */
async function endedAll(app: CliApp, caller: Caller): Promise<Answer> {
  const accounts = new Set<string>();
  for (let offset = 0; ; offset += pageSize) {
    const { tokens } = await app.host.sessions({ accountId: undefined, ascending: true, offset, count: pageSize });
    for (const { account } of tokens) accounts.add(account.id);
    if (tokens.length < pageSize) break;
  }
  let ended = 0;
  for (const accountId of accounts) ended += await app.host.endSessions(accountId, caller);
  return {
    document: { ended, accounts: accounts.size },
    text: `${counted(ended, 'session')} of ${counted(accounts.size, 'account')} ended.`,
  };
}
