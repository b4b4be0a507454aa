import { Fault } from '../../../core/fault.ts';
import { namedAccount, nameOf, userArgument } from '../accounts.ts';
import { type Command, UsageError } from '../command.ts';
import { counted, isoMoment, moment } from '../text.ts';

const most = 60;
const usual = 10;

export const loginLink: Command = {
  words: 'login-link',
  summary: 'Print a link that signs in to an account once, without password and second factor.',
  about:
    'Whoever has the link is let in: hand it over by a way that nobody else reads. Standard output holds the link and, on the next line, its code alone.',
  arguments: [userArgument],
  options: [
    { flags: '--minutes <minutes>', about: `how long it is good, ${usual} minutes if left out, at most ${most}` },
  ],
  example: 'countersign login-link ada --minutes 5',
  async run(given, desk) {
    const minutes = given.wholeNumber('minutes', usual);
    if (minutes < 1 || minutes > most) throw new UsageError(`--minutes must be between 1 and ${most}.`);
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      if (!account.open) throw new Fault('account-closed', { user: nameOf(account) });
      const { code, endsAt } = await app.host.makeLoginCode(account, minutes, desk.caller);
      const site = app.settings.get('Site_Url').replace(/\/+$/u, '');
      const url = `${site}/home?loginCode=${code}`;
      // So until a server has been started on this database.
      const hint = site === '' ? ' Put the address of the server before it: Site_Url is empty.' : '';
      return {
        document: { userId: account.id, username: account.username ?? null, url, code, endsAt: isoMoment(endsAt) },
        text: `${url}\n${code}`,
        note: `It signs in as ${nameOf(account)} once, within ${counted(minutes, 'minute')}, until ${moment(endsAt)} UTC. It is printed this once.${hint}`,
      };
    });
  },
};
