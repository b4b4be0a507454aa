import type { Account } from '../../../core/account/account.ts';
import { accountDocument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { countOption, offsetOption } from '../counting.ts';
import { counted, moment, table } from '../text.ts';

const usual = 50;

export const userList: Command = {
  words: 'user list',
  summary: 'List accounts by username.',
  options: [countOption(usual), offsetOption],
  example: 'countersign user list --count 20 --offset 40',
  async run(given, desk) {
    const count = given.wholeNumber('count', usual);
    const offset = given.wholeNumber('offset', 0);
    const page = { count, offset, sort: [{ field: 'username', ascending: true }] } as const;
    const { accounts, total } = await desk.withApp(async (app) => await app.account.list(page));
    const heading = ['USERNAME', 'NAME', 'E-MAIL', 'ROLES', 'STATE', 'LAST LOG-IN (UTC)', 'ID'];
    const shown =
      accounts.length === total ? counted(total, 'account') : `${accounts.length} of ${counted(total, 'account')}`;
    return {
      document: { users: accounts.map(accountDocument), offset, count: accounts.length, total },
      ...(accounts.length === 0 ? {} : { text: table([heading, ...accounts.map(row)]) }),
      note: `${shown}${offset > 0 ? `, from number ${offset + 1} on` : ''}.`,
    };
  },
};

function row(account: Account): readonly string[] {
  return [
    account.username ?? '-',
    account.name ?? '-',
    account.emails[0]?.address ?? '-',
    account.roles.join(','),
    account.open ? 'enabled' : 'disabled',
    moment(account.lastLogInAt),
    account.id,
  ];
}
