import type { Command } from '../command.ts';
import { roleDocument } from '../roles.ts';
import { counted, table } from '../text.ts';

export const roleList: Command = {
  words: 'role list',
  summary: 'List the roles.',
  example: 'countersign role list',
  async run(_given, desk) {
    const roles = await desk.withApp(async (app) => await Promise.resolve(app.permissions.roles()));
    const heading = ['ID', 'NAME', 'OF', 'DESCRIPTION', 'NOTES'];
    const rows = roles.map((role) => [
      role.id,
      role.name,
      role.scope === 'Users' ? 'server' : 'rooms',
      role.description === '' ? '-' : role.description,
      [role.protected ? 'protected' : '', role.secondFactor ? 'second factor required' : '']
        .filter((note) => note !== '')
        .join(', '),
    ]);
    return {
      document: { roles: roles.map(roleDocument) },
      text: table([heading, ...rows]),
      note: `${counted(roles.length, 'role')}.`,
    };
  },
};
