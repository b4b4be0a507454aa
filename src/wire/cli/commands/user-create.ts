import { listed } from '../../../core/account/rules.ts';
import { Fault } from '../../../core/fault.ts';
import { accountDocument, nameOf } from '../accounts.ts';
import { type Command, type Given, UsageError } from '../command.ts';
import type { CliApp } from '../needs.ts';
import { madeUpPassword, passwordFrom, weaknessOf } from '../password.ts';

export const userCreate: Command = {
  words: 'user create',
  summary: 'Make an account.',
  about:
    'Without --password-stdin a random password is made and printed once, on standard output. Without --role the account gets the roles of the setting Accounts_Registration_Users_Default_Roles, and with --bot the role bot.',
  arguments: [{ name: 'username', about: 'the username' }],
  options: [
    { flags: '--name <name>', about: 'display name (default: the username)' },
    { flags: '--email <address>', about: 'e-mail address' },
    { flags: '--verified', about: 'mark that address as verified' },
    { flags: '--role <role>', about: 'give this role; may be repeated', many: true },
    { flags: '--bot', about: 'the account is a bot' },
    { flags: '--password-stdin', about: 'read the password from standard input' },
  ],
  example: 'countersign user create ada --email ada@example.org --verified --role admin',
  begins: true,
  async run(given, desk) {
    const address = given.text('email');
    if (address === undefined && given.flag('verified')) throw new UsageError('--verified needs --email.');
    const bot = given.flag('bot');
    const random = given.flag('passwordStdin') ? undefined : madeUpPassword();
    const password = random ?? (await passwordFrom(desk.needs.stdin));
    const { account, weak } = await desk.withApp(async (app) => {
      const username = given.argument('username');
      const made = app.host.createAccount(
        {
          username,
          name: given.text('name') ?? username,
          email: address === undefined ? undefined : { address, verified: given.flag('verified') },
          password,
          roles: rolesOf(app, given.texts('role'), bot),
          kind: bot ? 'bot' : 'user',
        },
        desk.caller,
      );
      const written = await made.catch((cause: unknown) => {
        throw aboutUsername(cause, given);
      });
      return { account: written, weak: random === undefined ? await weaknessOf(app, password, written) : undefined };
    });
    const made = `${nameOf(account)} is made with id ${account.id} and ${account.roles.length === 1 ? 'the role' : 'the roles'} ${account.roles.join(', ')}.`;
    return {
      document: { user: accountDocument(account), ...(random === undefined ? {} : { password: random }) },
      ...(random === undefined
        ? { text: made, ...(weak === undefined ? {} : { note: weak }) }
        : {
            text: random,
            note: `${made} Its password is printed this once, on standard output.`,
            unwritten: `${made} Its password is lost: countersign user set-password gives it another.`,
          }),
    };
  },
};

/** Where no name was given, it was the username that was no name. */
function aboutUsername(cause: unknown, given: Given): unknown {
  const isName = cause instanceof Fault && cause.code === 'name-invalid' && given.text('name') === undefined;
  return isName ? new Fault('username-invalid', { username: given.argument('username') }) : cause;
}

function rolesOf(app: CliApp, asked: readonly string[], bot: boolean): readonly string[] {
  const initial = bot ? ['bot'] : listed(app.settings.get('Accounts_Registration_Users_Default_Roles'));
  const roles = [...new Set(asked.length > 0 ? asked : initial)];
  const unknown = roles.find((role) => !app.host.roleExists(role));
  if (unknown === undefined && roles.length > 0) return roles;
  const known = app.permissions.roles().filter(({ id }) => app.host.roleExists(id));
  throw new Fault('role-unknown', { role: unknown ?? '', roles: known.map(({ id }) => id) });
}
