import type { Token } from '../../../core/session/token.ts';
import { accountDocument, namedAccount, nameOf, tokenDocument, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { counted, moment, table } from '../text.ts';

export const tokenList: Command = {
  words: 'token list',
  summary: 'List the live tokens of an account, newest first.',
  about: 'The texts of tokens are not stored and cannot be shown.',
  arguments: [userArgument],
  example: 'countersign token list ada',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const tokens = await app.host.tokens(account.id);
      return {
        document: { user: accountDocument(account), tokens: tokens.map(tokenDocument) },
        ...(tokens.length === 0 ? {} : { text: tokenTable(tokens) }),
        note: `${nameOf(account)} has ${counted(tokens.length, 'live token')}.`,
      };
    });
  },
};

/** Tokens as a table for people. */
export function tokenTable(tokens: readonly Token[]): string {
  const heading = ['TOKEN ID', 'POOL', 'NAME', 'MADE (UTC)', 'LAST USED', 'ENDS', 'DOOR', 'ADDRESS', 'CLIENT'];
  return table([
    heading,
    ...tokens.map((token) => [
      token.id,
      token.pool,
      `${token.name ?? '-'}${token.skipsSecondFactor ? ' (no second factor)' : ''}`,
      moment(token.createdAt),
      moment(token.usedAt),
      moment(token.endsAt),
      token.door,
      token.address === '' ? '-' : token.address,
      token.userAgent === '' ? '-' : token.userAgent.slice(0, 60),
    ]),
  ]);
}
