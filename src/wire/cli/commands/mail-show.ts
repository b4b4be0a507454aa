import type { Command } from '../command.ts';
import { mailArgument, mailDocument, mailUnknown, nextTryOf } from '../mails.ts';
import { moment, printableLines, table } from '../text.ts';

export const mailShow: Command = {
  words: 'mail show',
  summary: 'Show a mail of the outbox with its text.',
  about:
    'The text may hold a code that signs in. Of a sent mail it is not kept. The audit trail tells that it was shown.',
  arguments: [mailArgument],
  example: 'countersign mail show 4fKp2wQ9sXcVb7nM3',
  async run(given, desk) {
    const id = given.argument('mail');
    return await desk.withApp(async (app) => {
      const found = await app.host.showMail(id, desk.caller);
      if (found === undefined) throw mailUnknown(id);
      const { mail, body } = found;
      const next = nextTryOf(mail);
      const rows = [
        ['Mail', mail.id],
        ['Kind', mail.kind],
        ['To', mail.recipient],
        ['Subject', mail.subject],
        ['State', mail.state],
        ['Made', `${moment(mail.madeAt)} UTC`],
        ['Tries', String(mail.tries)],
        ...(next === undefined ? [] : [['Next try', `${moment(next)} UTC`]]),
        ...(mail.sentAt === undefined ? [] : [['Sent', `${moment(mail.sentAt)} UTC`]]),
        ['Last error', mail.lastError ?? '-'],
      ];
      return {
        document: { mail: mailDocument(mail), text: body?.text ?? null, html: body?.html ?? null },
        text: body === undefined ? table(rows) : `${table(rows)}\n\n${printableLines(body.text.trimEnd())}`,
      };
    });
  },
};
