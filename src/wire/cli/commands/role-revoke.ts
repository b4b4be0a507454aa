import { accountDocument, namedAccount, nameOf, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { namedRole, roleArgument, roleDocument } from '../roles.ts';

export const roleRevoke: Command = {
  words: 'role revoke',
  summary: 'Take a role from an account; all its sessions feel it at once.',
  about: 'The last enabled administrator keeps the role admin.',
  arguments: [userArgument, roleArgument],
  example: 'countersign role revoke ada admin',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const role = namedRole(app, given.argument('role'));
      await app.host.takeRole(account, role.id, desk.caller);
      const roles = account.roles.filter((id) => id !== role.id);
      return {
        document: { user: accountDocument({ ...account, roles }), role: roleDocument(role) },
        text: `${nameOf(account)} does not have the role ${role.name} any more.`,
      };
    });
  },
};
