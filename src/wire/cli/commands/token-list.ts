import type { Token } from '../../../core/session/token.ts';
import { accountDocument, lastUseOf, namedAccount, nameOf, tokenDocument, userArgument } from '../accounts.ts';
import type { Answer, Command } from '../command.ts';
import { countGiven, countOption, offsetOption } from '../counting.ts';
import type { CliApp } from '../needs.ts';
import { counted, moment, table } from '../text.ts';

const usual = 50;

export const tokenList: Command = {
  words: 'token list',
  summary: 'List the live tokens of an account, or the personal ones of everybody, newest first.',
  about: 'The texts of tokens are not stored and cannot be shown.',
  arguments: [{ ...userArgument, optional: true }],
  options: [countOption(usual), offsetOption],
  example: 'countersign token list ada',
  async run(given, desk) {
    const [count, offset] = [countGiven(given, usual), given.wholeNumber('offset', 0)];
    const user = given.optionalArgument('user');
    return await desk.withApp(async (app) => {
      if (user === undefined) return await ofEverybody(app, { offset, count });
      const account = await namedAccount(app, user);
      const all = await app.host.tokens(account.id);
      const tokens = all.slice(offset, offset + count);
      return {
        document: { user: accountDocument(account), tokens: tokens.map(tokenDocument) },
        ...(tokens.length === 0 ? {} : { text: tokenTable(tokens) }),
        note: `${nameOf(account)} has ${counted(all.length, 'live token')}${shown(tokens.length, all.length)}.`,
      };
    });
  },
};

async function ofEverybody(
  app: CliApp,
  { offset, count }: { readonly offset: number; readonly count: number },
): Promise<Answer> {
  const page = { accountId: undefined, ascending: false, offset, count };
  const { tokens, total } = await app.host.personalTokens(page);
  const usernameOf = ({ account }: (typeof tokens)[number]): string => account.username ?? account.id;
  const owners = new Map(tokens.map((listed) => [listed.token.id, usernameOf(listed)]));
  return {
    document: {
      total,
      tokens: tokens.map(({ token, account }) => ({
        userId: account.id,
        username: account.username ?? null,
        ...tokenDocument(token),
      })),
    },
    ...(tokens.length === 0
      ? {}
      : {
          text: tokenTable(
            tokens.map(({ token }) => token),
            owners,
          ),
        }),
    note: `There are ${counted(total, 'live personal token')}${shown(tokens.length, total)}.`,
  };
}

function shown(listed: number, total: number): string {
  return listed < total ? `; listed are ${listed}` : '';
}

/**
 * Tokens as a table for people.
 * @param owners by the ids of the tokens, where they are of several accounts
 */
export function tokenTable(tokens: readonly Token[], owners?: ReadonlyMap<string, string>): string {
  const owner = (whose: string): readonly string[] => (owners === undefined ? [] : [whose]);
  const heading = [
    'TOKEN ID',
    ...owner('USER'),
    'POOL',
    'NAME',
    'MADE (UTC)',
    'LAST USED',
    'ENDS',
    'MAY',
    'ONLY FROM',
    'DOOR',
    'ADDRESS',
    'CLIENT',
  ];
  return table([
    heading,
    ...tokens.map((token) => [
      token.id,
      ...owner(owners?.get(token.id) ?? '-'),
      token.pool,
      `${token.name ?? '-'}${token.skipsSecondFactor ? ' (no second factor)' : ''}`,
      moment(token.createdAt),
      moment(lastUseOf(token)),
      moment(token.endsAt),
      mayText(token),
      token.addresses?.join(', ') ?? '-',
      token.door,
      token.address === '' ? '-' : token.address,
      token.userAgent === '' ? '-' : token.userAgent.slice(0, 60),
    ]),
  ]);
}

/** Of the permissions of its account. */
function mayText({ scopes }: Token): string {
  if (scopes === undefined) return 'all';
  return scopes.length === 0 ? 'read only' : scopes.join(', ');
}
