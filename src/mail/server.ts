import { isIP } from 'node:net';
import type { MailServer } from '../core/mailer.ts';
import type { Settings } from '../core/setting/settings.ts';
import { type Mailbox, mailboxOf } from '../lib/mailbox.ts';

/** A setting cannot be used; the message is one sentence for the operator. */
export class MailSettingError extends Error {}

/**
 * Where mails are handed in now: what `MAIL_URL` names, else what the settings name.
 * @returns undefined where neither names anything
 * @throws MailSettingError
 */
export function mailServerNow(
  fixed: MailServer | 'outbox' | undefined,
  settings: Pick<Settings, 'get'>,
): MailServer | 'outbox' | undefined {
  if (fixed !== undefined) return fixed;
  const host = settings.get('SMTP_Host').trim();
  if (host === '') return undefined;
  const secure = settings.get('SMTP_Protocol') === 'smtps';
  const port = settings.get('SMTP_Port').trim();
  if (port !== '' && (!/^\d{1,5}$/u.test(port) || Number(port) < 1 || Number(port) > 65_535)) {
    throw new MailSettingError('The setting SMTP_Port must be a number from 1 to 65535.');
  }
  const user = settings.get('SMTP_Username');
  return {
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    ignoreTls: settings.get('SMTP_IgnoreTLS'),
    credentials: user === '' ? undefined : { user, password: settings.get('SMTP_Password') },
  };
}

/**
 * Who mails are from: the setting From_Email, else `noreply` at the host of Site_Url; under the site's name unless
 * From_Email brings another.
 * @throws MailSettingError
 */
export function senderNow(settings: Pick<Settings, 'get'>): Mailbox {
  const given = settings.get('From_Email').trim();
  const siteName = settings
    .get('Site_Name')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  if (given === '') return { name: siteName, address: `noreply@${hostOf(settings.get('Site_Url'))}` };
  const mailbox = mailboxOf(given);
  if (mailbox === undefined) throw new MailSettingError('The setting From_Email is no e-mail address.');
  return { name: mailbox.name === '' ? siteName : mailbox.name, address: mailbox.address };
}

function hostOf(siteUrl: string): string {
  let host = 'localhost';
  try {
    host = new URL(siteUrl).hostname;
  } catch {
    // The setting is free text.
  }
  // RFC 5321 4.1.3; a URL has the brackets of the newer form already.
  return isIP(host) === 4 ? `[${host}]` : host.replace(/^\[/u, '[IPv6:');
}
