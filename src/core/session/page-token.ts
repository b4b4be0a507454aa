import type { Clock, Moment, Sealer } from '../ports.ts';
import type { Token } from './token.ts';

/** How long a page calls the interface with one of these before it asks for the next. */
export const pageTokenLifeMs = 10 * 60_000;

/** What it is sealed for: nothing else that is sealed opens as one. */
const use = 'page-token';

export interface PageTokenNeeds {
  readonly clock: Clock;
  readonly sealer: Sealer;
}

/** What a page holds in its memory, and until when it is good. */
export interface PageToken {
  readonly text: string;
  readonly endsAt: Moment;
}

/**
 * Makes what stands for a session for ten minutes (design §3.13): the page that holds it never holds the text of the
 * session itself. It is stored nowhere, and ends with the session behind it.
 */
export function makePageToken({ clock, sealer }: PageTokenNeeds, { hash }: Pick<Token, 'hash'>): PageToken {
  const endsAt = clock.now() + pageTokenLifeMs;
  return { text: sealer.seal(`${endsAt} ${hash}`, use), endsAt };
}

/** Whether a text may be one of these: sessions and personal tokens are shorter, and hold no point. */
export function looksLikePageToken(text: string): boolean {
  return text.length > 64 && text.includes('.');
}

/** @returns the hash of the session's token; undefined for what was not made here, or has ended */
export function sessionOfPageToken({ clock, sealer }: PageTokenNeeds, text: string): string | undefined {
  let opened: string;
  try {
    opened = sealer.open(text, use);
  } catch {
    return undefined;
  }
  const [endsAt, hash] = opened.split(' ', 2);
  const left = Number(endsAt) - clock.now();
  // More than a whole life left: the clock was set back.
  return left > 0 && left <= pageTokenLifeMs ? hash : undefined;
}
