import type { Command } from '../command.ts';
import { Refusal } from '../refusal.ts';

export const mailTest: Command = {
  words: 'mail test',
  summary: 'Send a test mail at once, and say whether the mail server took it.',
  about:
    'It uses MAIL_URL of this environment, else the SMTP settings. A mail server that takes a mail may still fail to bring it on: look into the mailbox.',
  arguments: [{ name: 'address', about: 'the e-mail address that it is sent to' }],
  example: 'countersign mail test ada@example.org',
  async run(given, desk) {
    const address = given.argument('address');
    return await desk.withApp(async (app) => {
      const { held, because } = await app.host.testMail(address, desk.caller);
      if (!held) throw new Refusal('mail-undelivered', because ?? 'The mail server did not take the mail.');
      return { document: { address, delivered: true }, text: `A test mail to ${address} was handed in.` };
    });
  },
};
