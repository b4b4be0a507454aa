import type { MailServer } from '../core/mailer.ts';
import type { MailBody } from '../core/outbox.ts';
import type { Moment } from '../core/ports.ts';
import { isLoopback } from '../lib/loopback.ts';
import type { Mailbox } from '../lib/mailbox.ts';
import { type SendFailure, sendFailureOf } from './send-failure.ts';

/** A mail as it leaves. */
export interface Outgoing {
  readonly id: string;
  readonly from: Mailbox;
  readonly to: string;
  readonly subject: string;
  readonly body: MailBody;
  readonly at: Moment;
}

/** How long each part may take, in milliseconds; and all of it, however slowly the server goes on answering. */
export interface Patience {
  readonly connection: number;
  readonly greeting: number;
  readonly silence: number;
  readonly all: number;
}

export const usualPatience: Patience = { connection: 10_000, greeting: 10_000, silence: 20_000, all: 45_000 };

/** Hands a mail in. @returns the failure, or undefined when the mail server took it */
export async function send(server: MailServer, mail: Outgoing, patience: Patience): Promise<SendFailure | undefined> {
  const { createTransport } = await import('nodemailer');
  const { host, port, secure, ignoreTls, credentials } = server;
  const transport = createTransport({
    host,
    port,
    secure,
    ignoreTLS: ignoreTls,
    // A password must not follow a STARTTLS that somebody on the way has cut out.
    requireTLS: !secure && !ignoreTls && credentials !== undefined && !isLoopback(host),
    ...(credentials === undefined ? {} : { auth: { user: credentials.user, pass: credentials.password } }),
    connectionTimeout: patience.connection,
    greetingTimeout: patience.greeting,
    socketTimeout: patience.silence,
    dnsTimeout: patience.connection,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      transport.sendMail({
        from: mail.from,
        to: { name: '', address: mail.to },
        envelope: { from: mail.from.address, to: [mail.to] },
        subject: mail.subject,
        text: mail.body.text,
        html: mail.body.html,
        date: new Date(mail.at),
        // The same at each try, so that a mail that arrives twice is known for one.
        messageId: `<${mail.id}.countersign@${mail.from.address.split('@').at(-1) ?? ''}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        xMailer: false,
      }),
      new Promise((_, reject) => {
        timer = setTimeout(() => {
          reject(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' }));
        }, patience.all);
      }),
    ]);
    return undefined;
  } catch (cause) {
    return sendFailureOf(cause, server);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}
