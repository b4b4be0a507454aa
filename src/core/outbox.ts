import type { AuditEntry } from './audit-entry.ts';
import type { MailKind } from './mailer.ts';
import type { Moment, Sealer } from './ports.ts';

/**
 * `waiting` is sent when it is due; `kept` stays because there is no mail server to send it; `failed` was tried for long
 * enough, or the mail server will never take it.
 */
export type OutboxState = 'waiting' | 'sent' | 'failed' | 'kept';

/** A mail to one recipient. */
export interface OutboxMail {
  readonly id: string;
  readonly kind: MailKind;
  readonly recipient: string;
  readonly subject: string;
  /** See `sealBody`; `''` once it was sent, since nobody needs it any more. */
  readonly sealedBody: string;
  readonly state: OutboxState;
  readonly madeAt: Moment;
  /** When it is tried next; in the other states, when it is forgotten. */
  readonly dueAt: Moment;
  readonly tries: number;
  readonly lastError: string | undefined;
  readonly sentAt: Moment | undefined;
}

/** Which mails a list shows. */
export interface OutboxPage {
  readonly state: OutboxState | undefined;
  readonly offset: number;
  readonly count: number;
}

/** What has become of a mail that was claimed. */
export type Delivery =
  | { readonly state: 'sent'; readonly at: Moment; readonly dueAt: Moment }
  | { readonly state: 'waiting' | 'failed'; readonly dueAt: Moment; readonly error: string }
  | { readonly state: 'kept'; readonly dueAt: Moment };

/** The mails of the installation: every node takes from it, and no mail is taken by two. */
export interface OutboxStore {
  /** Puts in all of them, or none. */
  add(mails: readonly OutboxMail[]): Promise<void>;
  /**
   * Takes the waiting mail that has been due for longest and counts the try; until `leaseEnd` it is due for nobody else.
   * @returns the mail as it stands then, `dueAt` being the lease that `settle` asks for
   */
  claim(now: Moment, leaseEnd: Moment): Promise<OutboxMail | undefined>;
  /**
   * Writes what became of a claimed mail; the text of a sent one is dropped.
   * @returns false when the lease had ended and somebody else has taken it since
   */
  settle(claimed: OutboxMail, delivery: Delivery): Promise<boolean>;
  /** Makes a failed or kept mail wait again, as if it had never been tried; false where there is no such mail. */
  retry(id: string, now: Moment, audit: AuditEntry): Promise<boolean>;
  /** Forgets a mail, whatever became of it; false where there is none. One that is just being sent still leaves. */
  remove(id: string, audit: AuditEntry): Promise<boolean>;
  /** A part of the mails, or of those in one state, the newest first; and how many there are in all. */
  page(page: OutboxPage): Promise<{ readonly mails: readonly OutboxMail[]; readonly total: number }>;
  /** The newest first. */
  newest(count: number): Promise<readonly OutboxMail[]>;
  byId(id: string): Promise<OutboxMail | undefined>;
  /** Forgets mails whose time is over, `atMost` at a time; says how many. */
  sweep(now: Moment, atMost: number): Promise<number>;
}

/** What a mail says, in both forms. */
export interface MailBody {
  readonly text: string;
  readonly html: string;
}

/** The stored form of a body: it holds codes, so a stolen database must not tell it. */
export function sealBody(sealer: Pick<Sealer, 'seal'>, id: string, { text, html }: MailBody): string {
  return sealer.seal(JSON.stringify({ text, html }), boundTo(id));
}

/**
 * @returns undefined for a mail that was sent
 * @throws Error where it was sealed with another key, or belongs to another mail
 */
export function openBody(
  sealer: Pick<Sealer, 'open'>,
  { id, sealedBody }: Pick<OutboxMail, 'id' | 'sealedBody'>,
): MailBody | undefined {
  return sealedBody === '' ? undefined : (JSON.parse(sealer.open(sealedBody, boundTo(id))) as MailBody);
}

function boundTo(id: string): string {
  return `outbox ${id}`;
}
