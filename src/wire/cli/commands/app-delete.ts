import { applicationArgument, applicationDocument, namedApplication } from '../applications.ts';
import type { Command } from '../command.ts';

export const appDelete: Command = {
  words: 'app delete',
  summary: 'Remove an application; nobody signs in there with this server any more.',
  about: 'Its codes and tokens end, and what people agreed to is forgotten.',
  arguments: [applicationArgument],
  example: 'countersign app delete aX3kQ9bTz7LmN2rWe',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const application = await namedApplication(app, given.argument('application'));
      await app.application.host.remove(application.id, desk.caller);
      const document = { application: applicationDocument(application) };
      return { document, text: `${application.name} is removed.` };
    });
  },
};
