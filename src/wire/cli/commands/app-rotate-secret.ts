import { applicationArgument, credentialsOf, namedApplication } from '../applications.ts';
import type { Command } from '../command.ts';

export const appRotateSecret: Command = {
  words: 'app rotate-secret',
  summary: 'Give an application another secret and print it.',
  about:
    'The old one is dead at once, and so are the codes and tokens that the application has: people sign in there anew.',
  arguments: [applicationArgument],
  example: 'countersign app rotate-secret aX3kQ9bTz7LmN2rWe',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const { id } = await namedApplication(app, given.argument('application'));
      const application = await app.application.host.rotateSecret(id, desk.caller);
      return {
        ...credentialsOf(app, application),
        note: `${application.name} has another secret.`,
        unwritten: `${application.name} has another secret, which is lost: countersign app rotate-secret gives one more.`,
      };
    });
  },
};
