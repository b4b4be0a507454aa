import { namedAccount, nameOf, userArgument } from '../accounts.ts';
import { type Command, UsageError } from '../command.ts';
import { isoMoment, moment } from '../text.ts';

export const tokenCreate: Command = {
  words: 'token create',
  summary: 'Make a token for an account and print it once.',
  about:
    'An ordinary token ends when the setting Accounts_LoginExpiration says; a personal one stays until it is revoked. Standard output holds the token alone, so that a script can read it.',
  arguments: [userArgument],
  options: [
    { flags: '--personal <name>', about: 'make a personal token of this name' },
    { flags: '--bypass-two-factor', about: 'the personal token is never asked for a second factor' },
  ],
  example: 'countersign token create deploy-bot --personal nightly --bypass-two-factor',
  async run(given, desk) {
    const personal = given.text('personal');
    const skipsSecondFactor = given.flag('bypassTwoFactor');
    if (personal === undefined && skipsSecondFactor) throw new UsageError('--bypass-two-factor needs --personal.');
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const who = { userId: account.id, username: account.username ?? null };
      const use = `A client sends it as X-Auth-Token, with X-User-Id: ${account.id}. It is printed this once.`;
      if (personal !== undefined) {
        const text = await app.host.makePersonalToken(account, { name: personal, skipsSecondFactor }, desk.caller);
        return {
          document: { ...who, token: text, pool: 'personal', name: personal, skipsSecondFactor, endsAt: null },
          text,
          note: `${nameOf(account)} has a personal token named ${personal}. ${use}`,
        };
      }
      const { text, token } = await app.host.makeToken(account, desk.caller);
      return {
        document: { ...who, token: text, id: token.id, pool: token.pool, endsAt: isoMoment(token.endsAt) },
        text,
        note: `${nameOf(account)} has a token with the id ${token.id} that ends ${ending(token.endsAt)}. ${use}`,
      };
    });
  },
};

function ending(at: number | undefined): string {
  return at === undefined ? 'when it is revoked' : `at ${moment(at)} UTC`;
}
