import { accountDocument, namedAccount, nameOf, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { namedRole, roleArgument, roleDocument } from '../roles.ts';

export const roleGrant: Command = {
  words: 'role grant',
  summary: 'Give a role to an account.',
  arguments: [userArgument, roleArgument],
  example: 'countersign role grant ada admin',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const role = namedRole(app, given.argument('role'));
      await app.host.giveRole(account, role.id, desk.caller);
      const roles = [...account.roles, role.id];
      return {
        document: { user: accountDocument({ ...account, roles }), role: roleDocument(role) },
        text: `${nameOf(account)} has the role ${role.name} now.`,
      };
    });
  },
};
