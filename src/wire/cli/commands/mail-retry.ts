import type { Command } from '../command.ts';
import { mailArgument, mailUnknown } from '../mails.ts';
import { Refusal } from '../refusal.ts';

export const mailRetry: Command = {
  words: 'mail retry',
  summary: 'Send a mail that has failed or was kept, as if it were new.',
  about: 'The running server takes it within seconds. A code in it may be too old by then.',
  arguments: [mailArgument],
  example: 'countersign mail retry 4fKp2wQ9sXcVb7nM3',
  async run(given, desk) {
    const id = given.argument('mail');
    return await desk.withApp(async (app) => {
      if (await app.host.retryMail(id, desk.caller)) {
        return { document: { mail: id, state: 'waiting' }, text: `The mail ${id} waits to be sent.` };
      }
      const found = await app.host.mail(id);
      if (found === undefined) throw mailUnknown(id);
      throw new Refusal(
        'mail-not-stopped',
        found.state === 'sent' ? `The mail ${id} was sent.` : `The mail ${id} waits to be sent already.`,
      );
    });
  },
};
