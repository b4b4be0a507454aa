import { Fault } from '../../../core/fault.ts';
import { accountDocument, namedAccount, nameOf, userArgument } from '../accounts.ts';
import { type Command, UsageError } from '../command.ts';
import { counted } from '../text.ts';

export const tokenRevoke: Command = {
  words: 'token revoke',
  summary: 'End one token of an account, or all of them.',
  about: 'The running server refuses them from then on and closes their sockets.',
  arguments: [
    userArgument,
    { name: 'token', about: 'the id of the token, see countersign token list', optional: true },
  ],
  options: [{ flags: '--all', about: 'every token of the account, personal ones too' }],
  example: 'countersign token revoke ada --all',
  async run(given, desk) {
    const id = given.optionalArgument('token');
    const all = given.flag('all');
    if (all === (id !== undefined)) throw new UsageError('Name one token by its id, or give --all.');
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const user = accountDocument(account);
      if (id === undefined) {
        const ended = await app.host.endTokens(account.id, desk.caller);
        return { document: { user, revoked: ended }, text: `${counted(ended, 'token')} of ${nameOf(account)} ended.` };
      }
      const token = (await app.host.tokens(account.id)).find((one) => one.id === id);
      if (token === undefined || !(await app.host.endToken(token, desk.caller)).held) {
        throw new Fault('token-unknown', { user: nameOf(account), token: id });
      }
      return { document: { user, revoked: 1 }, text: `1 token of ${nameOf(account)} ended.` };
    });
  },
};
