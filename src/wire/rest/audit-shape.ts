import type { AuditCursor, KeptEntry } from '../../core/audit/store.ts';
import type { Moment } from '../../core/ports.ts';
import { momentOf } from '../shapes/moment.ts';
import { coded } from './refusal.ts';
import { free, moment, object, optional, type Static, text, whole } from './schema.ts';

/** An entry of the audit trail. What the kinds and their facts mean stands in the guide. */
export const entryShape = object({
  at: moment(),
  what: text({ description: 'What happened, for example `log-in`.' }),
  outcome: text({ description: '`done` or `refused`.' }),
  accountId: optional(text({ description: 'The account that it happened to.' })),
  actorId: optional(text({ description: 'The account that did it.' })),
  door: text(),
  address: text(),
  userAgent: text(),
  facts: free(),
  position: optional(whole({ description: 'Its place in the chain; an entry of the last second may have none yet.' })),
  seal: optional(text({ description: 'Over this entry and all before it.' })),
});

export function entryAnswer({ entry, link }: KeptEntry): Static<typeof entryShape> {
  const { at, what, outcome, accountId, actorId, door, address, userAgent, facts } = entry;
  return {
    at: new Date(at).toISOString(),
    what,
    outcome,
    ...(accountId === undefined ? {} : { accountId }),
    ...(actorId === undefined ? {} : { actorId }),
    door,
    address,
    userAgent,
    facts,
    ...link,
  };
}

export function cursorText({ at, seq }: AuditCursor): string {
  return `${at}.${seq}`;
}

/** @throws Refusal 400 when it is none of ours */
export function cursorOf(given: string | undefined): AuditCursor | undefined {
  if (given === undefined) return undefined;
  const [, at, seq] = /^(\d{1,15})\.(\d{1,15})$/u.exec(given) ?? [];
  if (at === undefined || seq === undefined) throw invalid('cursor');
  return { at: Number(at), seq: Number(seq) };
}

/** @throws Refusal 400 when it is no moment */
export function momentAsked(name: 'since' | 'until', given: string | undefined): Moment | undefined {
  if (given === undefined) return undefined;
  const at = momentOf(given);
  if (at === undefined) throw invalid(name);
  return at;
}

function invalid(name: string): Error {
  return coded('error-invalid-params', `The "${name}" query parameter is not valid.`);
}
