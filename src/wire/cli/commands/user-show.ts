import { accountDocument, namedAccount, tokenDocument, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { moment, table } from '../text.ts';
import { tokenTable } from './token-list.ts';

export const userShow: Command = {
  words: 'user show',
  summary: 'Show an account with its roles, addresses, last log-in and live tokens.',
  arguments: [userArgument],
  example: 'countersign user show ada@example.org',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const tokens = await app.host.tokens(account.id);
      const addresses = account.emails.map(
        ({ address, verified }) => `${address} (${verified ? 'verified' : 'not verified'})`,
      );
      const rows = [
        ['Username', account.username ?? '-'],
        ['Id', account.id],
        ['Name', account.name ?? '-'],
        ['Kind', account.kind],
        ['State', account.open ? 'enabled' : 'disabled'],
        ['Roles', orDash(account.roles)],
        ['E-mail', orDash(addresses)],
        ['Password', passwordState(account.hasPassword, account.passwordChange !== undefined)],
        ['Made', `${moment(account.createdAt)} UTC`],
        ['Last log-in', account.lastLogInAt === undefined ? 'never' : `${moment(account.lastLogInAt)} UTC`],
        ['Live tokens', String(tokens.length)],
      ];
      return {
        document: { user: accountDocument(account), tokens: tokens.map(tokenDocument) },
        text: tokens.length === 0 ? table(rows) : `${table(rows)}\n\n${tokenTable(tokens)}`,
      };
    });
  },
};

function orDash(items: readonly string[]): string {
  return items.length === 0 ? '-' : items.join(', ');
}

function passwordState(set: boolean, changeRequired: boolean): string {
  if (!set) return 'none';
  return changeRequired ? 'set, to be changed at the next log-in' : 'set';
}
