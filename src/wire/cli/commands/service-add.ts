import { customIds, customNameOf } from '../../../core/setting/custom-service.ts';
import type { Command } from '../command.ts';

export const serviceAdd: Command = {
  words: 'service add',
  summary: 'Add a custom OAuth or OpenID Connect service, switched off.',
  about:
    'What it needs is then set with `countersign setting set`; one that is there already stays as it is. Of the name lower-case letters, digits and "_" are kept.',
  arguments: [{ name: 'name', about: 'the name, which ends the address that the provider sends people back to' }],
  example: 'countersign service add Keycloak',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const asked = given.argument('name');
      await app.host.addService(asked, desk.caller);
      const name = customNameOf(asked) ?? '';
      const settings = customIds(name);
      const callback = `${app.settings.get('Site_Url')}/_oauth/${name.toLowerCase()}`;
      return {
        document: { service: { name, callback, settings } },
        text: settings.join('\n'),
        note: `People are sent back to ${callback} by clients of their own, and to ${callback.replace('/_oauth/', '/oauth/')}/callback from our pages: tell the provider both.`,
      };
    });
  },
};
