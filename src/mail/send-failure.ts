import type { MailServer } from '../core/mailer.ts';

/** Why a mail was not taken. */
export interface SendFailure {
  /** One line for the operator, without any secret. */
  readonly error: string;
  /** The mail server will never take this mail: trying again would only repeat the refusal. */
  readonly forGood: boolean;
}

const sentences: Readonly<Record<string, string>> = {
  EAUTH: 'The mail server refused the user name or the password',
  ENOAUTH: 'The mail server wants a user name and a password',
  EENVELOPE: 'The mail server refused the sender or the recipient',
  EMESSAGE: 'The mail server refused the mail',
  ETLS: 'The mail server could not be reached over TLS',
  ETIMEDOUT: 'The mail server did not answer in time',
  EDNS: 'The name of the mail server could not be resolved',
  ECONNECTION: 'The mail server could not be reached',
  ESOCKET: 'The mail server could not be reached',
};

/**
 * Puts an error of the SMTP library into one line. What the mail server said is told only where it cannot repeat the
 * text of the mail or the credentials: about sender and recipient.
 */
export function sendFailureOf(cause: unknown, server: Pick<MailServer, 'credentials'>): SendFailure {
  const { code, command, response, responseCode, originalCode } = fieldsOf(cause);
  const sentence = sentences[code ?? ''] ?? 'The mail could not be sent';
  const isAboutPeople = command === 'MAIL FROM' || command === 'RCPT TO';
  const status = /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/u.exec(response ?? '')?.[0];
  const details = isAboutPeople && response !== undefined ? response : (status ?? originalCode);
  const told = details === undefined ? '' : ` (${tidied(details, server)})`;
  // A refused sender is our configuration, which the operator may mend while the mail waits.
  const isAboutMail = command === 'RCPT TO' || command === 'DATA' || code === 'EMESSAGE';
  return { error: `${sentence}${told}.`, forGood: isAboutMail && responseCode !== undefined && responseCode >= 500 };
}

interface Fields {
  readonly code: string | undefined;
  readonly originalCode: string | undefined;
  readonly command: string | undefined;
  readonly response: string | undefined;
  readonly responseCode: number | undefined;
}

function fieldsOf(cause: unknown): Fields {
  const from = new Map<string, unknown>(cause instanceof Error ? Object.entries(cause) : []);
  const text = (name: string): string | undefined => {
    const value = from.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const number = from.get('responseCode');
  return {
    code: text('code'),
    originalCode: text('originalCode'),
    command: text('command'),
    response: text('response'),
    responseCode: typeof number === 'number' ? number : undefined,
  };
}

function tidied(text: string, { credentials }: Pick<MailServer, 'credentials'>): string {
  let shown = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  for (const secret of credentials === undefined ? [] : [credentials.password, credentials.user]) {
    if (secret !== '') shown = shown.replaceAll(secret, '…');
  }
  return shown.length > 200 ? `${shown.slice(0, 199)}…` : shown;
}
