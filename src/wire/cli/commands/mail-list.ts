import type { Command } from '../command.ts';
import { countGiven, countOption } from '../counting.ts';
import { mailDocument } from '../mails.ts';
import { counted, moment, table } from '../text.ts';

const usual = 50;

export const mailList: Command = {
  words: 'mail list',
  summary: 'List the mails of the outbox, newest first.',
  about:
    'A mail waits, was sent, has failed, or is kept because there is no mail server. Sent ones are forgotten after 7 days, others after 30.',
  options: [countOption(usual)],
  example: 'countersign mail list --count 10',
  async run(given, desk) {
    const count = countGiven(given, usual);
    return await desk.withApp(async (app) => {
      const mails = await app.host.mails(count);
      const heading = ['MAIL ID', 'STATE', 'MADE (UTC)', 'TRIES', 'RECIPIENT', 'SUBJECT', 'LAST ERROR'];
      const rows = mails.map((mail) => [
        mail.id,
        mail.state,
        moment(mail.madeAt),
        String(mail.tries),
        mail.recipient,
        mail.subject,
        mail.lastError ?? '-',
      ]);
      return {
        document: { mails: mails.map(mailDocument) },
        ...(mails.length === 0 ? {} : { text: table([heading, ...rows]) }),
        note: `${counted(mails.length, 'mail')}.`,
      };
    });
  },
};
