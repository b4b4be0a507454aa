import type { Command } from '../command.ts';
import { namedRole, roleArgument, roleDocument } from '../roles.ts';

export const roleDelete: Command = {
  words: 'role delete',
  summary: 'Delete a role that nobody has, from all permissions, too.',
  about: 'The roles that come with the product cannot be deleted.',
  arguments: [roleArgument],
  example: 'countersign role delete "Night shift"',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const role = namedRole(app, given.argument('role'));
      await app.host.removeRole(role.id, desk.caller);
      return { document: { role: roleDocument(role) }, text: `${role.name} is deleted.` };
    });
  },
};
