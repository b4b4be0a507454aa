import { namedAccount, nameOf, userArgument } from '../accounts.ts';
import { type Command, UsageError } from '../command.ts';
import { momentGiven } from '../moments.ts';
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
    { flags: '--expires <when>', about: 'when the personal token ends: a day or a moment, such as 2027-01-31T12:00Z' },
    {
      flags: '--scope <permission>',
      about: 'a permission that the personal token carries, of those of the account; without any it carries all',
      many: true,
    },
    { flags: '--read-only', about: 'the personal token carries no permission at all' },
    {
      flags: '--address <address>',
      about: 'an address or a network (CIDR) from which the personal token counts; without any it counts anywhere',
      many: true,
    },
  ],
  example: 'countersign token create deploy-bot --personal nightly --bypass-two-factor',
  async run(given, desk) {
    const personal = given.text('personal');
    const skipsSecondFactor = given.flag('bypassTwoFactor');
    const endsAt = momentGiven(given, 'expires');
    const scopes = given.texts('scope');
    const addresses = given.texts('address');
    const readOnly = given.flag('readOnly');
    if (personal === undefined) {
      const wanted = [
        [skipsSecondFactor, '--bypass-two-factor'],
        [endsAt !== undefined, '--expires'],
        [scopes.length > 0, '--scope'],
        [readOnly, '--read-only'],
        [addresses.length > 0, '--address'],
      ].find(([isGiven]) => isGiven === true);
      if (wanted !== undefined) throw new UsageError(`${String(wanted[1])} needs --personal.`);
    }
    if (personal?.trim() === '') throw new UsageError('--personal needs a name for the token.');
    if (readOnly && scopes.length > 0) throw new UsageError('Give either --scope or --read-only.');
    const limits = {
      ...(endsAt === undefined ? {} : { endsAt }),
      ...(scopes.length > 0 || readOnly ? { scopes } : {}),
      ...(addresses.length > 0 ? { addresses } : {}),
    };
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const who = { userId: account.id, username: account.username ?? null };
      const use = `A client sends it as X-Auth-Token, with X-User-Id: ${account.id}. It is printed this once.`;
      if (personal !== undefined) {
        const asked = { name: personal, skipsSecondFactor, ...limits };
        const text = await app.host.makePersonalToken(account, asked, desk.caller);
        return {
          document: { ...who, token: text, pool: 'personal', ...asked, endsAt: isoMoment(endsAt) },
          text,
          unwritten: `The token is made and lost: countersign token revoke ends it.`,
          note: `${nameOf(account)} has a personal token named ${personal} that ends ${ending(endsAt)}. ${use}`,
        };
      }
      const { text, token } = await app.host.makeToken(account, desk.caller);
      return {
        document: { ...who, token: text, id: token.id, pool: token.pool, endsAt: isoMoment(token.endsAt) },
        text,
        unwritten: `The token ${token.id} is made and lost: countersign token revoke ends it.`,
        note: `${nameOf(account)} has a token with the id ${token.id} that ends ${ending(token.endsAt)}. ${use}`,
      };
    });
  },
};

function ending(at: number | undefined): string {
  return at === undefined ? 'when it is revoked' : `at ${moment(at)} UTC`;
}
