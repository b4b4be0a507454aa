import { readFileSync } from 'node:fs';

export type Json = null | boolean | number | string | readonly Json[] | Fields;
export interface Fields {
  readonly [key: string]: Json;
}

export const releases = ['2.13.3', '3.0.4'] as const;
export type Release = (typeof releases)[number];

/** Something that one client saw or did, in the order in which it did. */
export type Event =
  | Sent
  | { readonly dir: '<'; readonly conn: string; readonly at: number; readonly frame: Fields }
  /** The socket closed; the server's reason is `Normal closure`, the client's own is empty. */
  | { readonly dir: 'closed'; readonly conn: string; readonly at: number; readonly frame: Fields }
  | { readonly dir: 'no-answer-to-upgrade'; readonly conn: string; readonly at: number };

export interface Sent {
  readonly dir: '>';
  readonly conn: string;
  readonly at: number;
  readonly frame?: Fields;
  /** Where it was no JSON object: the text itself, or `binary:` and the bytes in hex. */
  readonly raw?: string;
}

export interface Scenario {
  readonly group: string;
  readonly name: string;
  readonly variant: string;
  readonly events: Readonly<Record<Release, readonly Event[]>>;
}

export interface HostUser {
  readonly username: string;
  readonly email?: string;
  readonly password: string;
}

interface Recording {
  readonly hostApp: { readonly users: readonly HostUser[] };
  readonly scenarios: readonly Scenario[];
}

const text = readFileSync(new URL('transcripts.json', import.meta.url), 'utf8');
const recording = JSON.parse(text) as Recording;

export const scenarios = recording.scenarios;
export const hostUsers = recording.hostApp.users;

export function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
