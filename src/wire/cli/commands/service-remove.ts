import { Fault } from '../../../core/fault.ts';
import { customIdOf, customNameOf } from '../../../core/setting/custom-service.ts';
import type { Command } from '../command.ts';

export const serviceRemove: Command = {
  words: 'service remove',
  summary: 'Remove a custom OAuth service with all of its settings.',
  about: 'Accounts that came by it stay, and so do their sessions.',
  arguments: [{ name: 'name', about: 'the name of the service' }],
  example: 'countersign service remove Keycloak',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const asked = given.argument('name');
      const name = customNameOf(asked);
      const id = name === undefined ? '' : customIdOf(name, '');
      if (name === undefined || app.settings.list({ ids: [id], hiddenToo: true }).length === 0) {
        throw new Fault('setting-unknown', { id: id === '' ? asked : id });
      }
      await app.host.removeService(name, desk.caller);
      return { document: { service: { name } }, text: `${name} is removed.` };
    });
  },
};
