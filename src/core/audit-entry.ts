import type { Door, Moment } from './ports.ts';

/** What happened to an identity: who, what, from where, by which door, with what outcome. Never holds a secret. */
export interface AuditEntry {
  readonly at: Moment;
  /** What happened, for example `log-in`, `account.add`, `token.make`. */
  readonly what: string;
  readonly outcome: 'done' | 'refused';
  /** The account it happened to, if one can be named. */
  readonly accountId: string | undefined;
  /** The account that did it; undefined for the server itself and for strangers. */
  readonly actorId: string | undefined;
  readonly door: Door;
  readonly address: string;
  readonly userAgent: string;
  /** Names and codes only: the fault code of a refusal, the name of a token, the typed username. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}
