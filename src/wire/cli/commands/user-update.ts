import { accountDocument, namedAccount, nameOf, userArgument } from '../accounts.ts';
import { type Command, UsageError } from '../command.ts';

export const userUpdate: Command = {
  words: 'user update',
  summary: 'Change the username, the name or the address of an account.',
  about:
    'A new address is not verified unless --verified says so, and then a link that verifies it is mailed there; the owner is told at the address before. Sessions stay: countersign user set-password ends them.',
  arguments: [userArgument],
  options: [
    { flags: '--username <username>', about: 'the new username' },
    { flags: '--name <name>', about: 'the new display name' },
    { flags: '--email <address>', about: 'the new e-mail address, in the place of all others' },
    { flags: '--verified', about: 'mark the address as verified' },
    { flags: '--unverified', about: 'mark the address as not verified' },
    { flags: '--require-password-change', about: 'the owner must choose another password at the next log-in' },
  ],
  example: 'countersign user update ada --email ada@example.org --verified',
  async run(given, desk) {
    const [verified, unverified] = [given.flag('verified'), given.flag('unverified')];
    if (verified && unverified) throw new UsageError('Give --verified or --unverified, not both.');
    const change = {
      username: given.text('username'),
      name: given.text('name'),
      email: given.text('email'),
      verified: verified || unverified ? verified : undefined,
      passwordChangeRequired: given.flag('requirePasswordChange') ? true : undefined,
    };
    if (Object.values(change).every((value) => value === undefined)) {
      throw new UsageError('Say what to change, for example --name.');
    }
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const written = await app.host.edit(account, change, desk.caller);
      return { document: { user: accountDocument(written) }, text: `${nameOf(written)} is changed.` };
    });
  },
};
