import type { Mail, Mailer, MailServer } from '../core/mailer.ts';
import { type Delivery, type OutboxMail, type OutboxStore, openBody, sealBody } from '../core/outbox.ts';
import type { Clock, Random, Sealer } from '../core/ports.ts';
import type { Settings } from '../core/setting/settings.ts';
import { render } from './letters/render.ts';
import { mustBeAddress } from './mailbox.ts';
import { pauseAfter } from './pauses.ts';
import { type Outgoing, type Patience, send, usualPatience } from './send.ts';
import type { SendFailure } from './send-failure.ts';
import { MailSettingError, mailServerNow, senderNow } from './server.ts';

export interface PostOfficeNeeds {
  readonly outbox: OutboxStore;
  readonly sealer: Pick<Sealer, 'seal' | 'open'>;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  readonly settings: Pick<Settings, 'get'>;
  /** What `MAIL_URL` names. */
  readonly server: MailServer | 'outbox' | undefined;
  /** Hears what the operator should know. Never given an address, a subject or a text. */
  readonly log: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
  readonly patience?: Patience;
}

/** Writes mails, and brings them to the mail server. */
export interface PostOffice extends Mailer {
  /** Sends what is due, and returns when all of it was tried. */
  deliverDue(): Promise<void>;
  /** Delivers from now on what is due, and forgets what is over. @returns what ends it, waiting for what is on its way */
  start(): () => Promise<void>;
}

const dayMs = 86_400_000;
/** What was sent is of no use after a week; what was not sent may still be asked for. */
const keepSentMs = 7 * dayMs;
const keepUnsentMs = 30 * dayMs;
/** Longer than any sending takes. */
const leaseMs = 5 * 60_000;
const mostAtOnce = 4;

export function openPostOffice(needs: PostOfficeNeeds): PostOffice {
  const { outbox, sealer, clock, random, settings, log, patience = usualPatience } = needs;
  let toldOfOutbox = false;
  let started = false;
  let stopping = false;
  const workers = new Set<Promise<void>>();

  function write(mail: Mail, to: string, state: 'waiting' | 'kept'): OutboxMail {
    const { subject, text, html } = rendered(mail);
    const id = random.id();
    const now = clock.now();
    return {
      id,
      kind: mail.kind,
      recipient: to,
      subject,
      sealedBody: sealBody(sealer, id, { text, html }),
      state,
      madeAt: now,
      dueAt: state === 'kept' ? now + keepUnsentMs : now,
      tries: 0,
      lastError: undefined,
      sentAt: undefined,
    };
  }

  function rendered(mail: Mail) {
    return render(mail, { name: settings.get('Site_Name'), url: settings.get('Site_Url') });
  }

  /** False also where a setting is wrong: then mails wait until it is mended. */
  function keeps(): boolean {
    try {
      const server = mailServerNow(needs.server, settings);
      if (server === undefined && !toldOfOutbox) {
        toldOfOutbox = true;
        log('No mail server is set: mails stay in the outbox.', {});
      }
      return server === undefined || server === 'outbox';
    } catch (cause) {
      if (cause instanceof MailSettingError) return false;
      throw cause;
    }
  }

  function isServerSet(): boolean {
    try {
      return mailServerNow(needs.server, settings) !== undefined;
    } catch (cause) {
      // Set, and wrongly.
      if (cause instanceof MailSettingError) return true;
      throw cause;
    }
  }

  /** Hands a mail in under the settings that hold now. */
  async function handIn(mail: Omit<Outgoing, 'from' | 'at'>): Promise<SendFailure | 'kept' | undefined> {
    try {
      const server = mailServerNow(needs.server, settings);
      if (server === undefined || server === 'outbox') return 'kept';
      return await send(server, { ...mail, from: senderNow(settings), at: clock.now() }, patience);
    } catch (cause) {
      if (cause instanceof MailSettingError) return { error: cause.message, forGood: false };
      throw cause;
    }
  }

  async function outcomeOf(mail: OutboxMail): Promise<Delivery> {
    const failure = await tried(mail);
    const now = clock.now();
    if (failure === undefined) return { state: 'sent', at: now, dueAt: now + keepSentMs };
    if (failure === 'kept') return { state: 'kept', dueAt: now + keepUnsentMs };
    const { id, kind, tries } = mail;
    const { error } = failure;
    const pause = failure.forGood ? undefined : pauseAfter(tries);
    const about = { mail: id, kind, tries, error: withoutAddresses(error) };
    if (pause === undefined) {
      log('A mail was not sent, and is not tried again.', about);
      return { state: 'failed', dueAt: now + keepUnsentMs, error };
    }
    log('A mail was not sent; it is tried again.', about);
    return { state: 'waiting', dueAt: now + pause, error };
  }

  async function tried({ id, recipient, subject, sealedBody }: OutboxMail) {
    let body: ReturnType<typeof openBody>;
    try {
      body = openBody(sealer, { id, sealedBody });
    } catch {
      // Another key, or a row that was tampered with: no later try would help.
    }
    if (body === undefined) return { error: 'The text of the mail cannot be opened with this key.', forGood: true };
    return await handIn({ id, to: recipient, subject, body });
  }

  async function work(): Promise<void> {
    while (!stopping) {
      const now = clock.now();
      const mail = await outbox.claim(now, now + leaseMs);
      if (mail === undefined) return;
      // While this one is on its way, the next one need not wait.
      hire();
      await outbox.settle(mail, await outcomeOf(mail));
    }
  }

  function hire(): void {
    if (workers.size >= mostAtOnce || stopping) return;
    const worker = work()
      .catch((cause: unknown) => {
        log('Mails could not be delivered; it is tried again.', { err: cause });
      })
      .finally(() => workers.delete(worker));
    workers.add(worker);
  }

  async function allDone(): Promise<void> {
    while (workers.size > 0) await Promise.all(workers);
  }

  async function sweep(): Promise<void> {
    while (!stopping && (await outbox.sweep(clock.now(), 500)) > 0);
  }

  return {
    post: async (mail) => {
      for (const to of mail.to) mustBeAddress(to);
      const state = keeps() ? 'kept' : 'waiting';
      await outbox.add(mail.to.map((to) => write(mail, to, state)));
      if (started && state === 'waiting') hire();
    },
    serverSet: () => ({ held: isServerSet() }),
    deliver: async (mail) => {
      for (const to of mail.to) mustBeAddress(to);
      if (mail.to.length === 0) return { held: false, because: 'There is no address to send it to.' };
      const { subject, text, html } = rendered(mail);
      for (const to of mail.to) {
        const failure = await handIn({ id: random.id(), to, subject, body: { text, html } });
        if (failure === undefined) continue;
        if (failure !== 'kept') return { held: false, because: failure.error };
        if (needs.server !== 'outbox') {
          return { held: false, because: 'No mail server is set: give MAIL_URL, or the setting SMTP_Host.' };
        }
        await outbox.add([write(mail, to, 'kept')]);
      }
      return { held: true };
    },
    deliverDue: async () => {
      hire();
      await allDone();
    },
    start: () => {
      started = true;
      hire();
      const timers = [
        setInterval(hire, 5_000),
        setInterval(() => {
          sweep().catch((cause: unknown) => {
            log('The outbox could not be tidied; it is tried again.', { err: cause });
          });
        }, 3_600_000),
      ];
      for (const timer of timers) timer.unref();
      return async () => {
        stopping = true;
        for (const timer of timers) clearInterval(timer);
        await allDone();
      };
    },
  };
}

/** The outbox tells them to whoever may look into it; a log goes further. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/[^\s<>]+@[^\s<>]+/gu, '…');
}
