import type { Command } from '../command.ts';
import { roleDocument } from '../roles.ts';

export const roleCreate: Command = {
  words: 'role create',
  summary: 'Make a role.',
  about: 'It has no permission yet; an administrator gives them to it in a client, or over the API.',
  arguments: [{ name: 'name', about: 'the name, which no other role has' }],
  options: [
    { flags: '--description <text>', about: 'shown beside the names of those who have it' },
    { flags: '--second-factor', about: 'who has it must have a second factor' },
    { flags: '--of-rooms', about: 'a role of rooms, which no account has by itself' },
  ],
  example: 'countersign role create "Night shift" --second-factor',
  async run(given, desk) {
    const asked = {
      name: given.argument('name'),
      description: given.text('description') ?? '',
      scope: given.flag('ofRooms') ? 'Subscriptions' : 'Users',
      secondFactor: given.flag('secondFactor'),
    } as const;
    const role = await desk.withApp(async (app) => await app.host.createRole(asked, desk.caller));
    return { document: { role: roleDocument(role) }, text: `${role.name} is made with id ${role.id}.` };
  },
};
