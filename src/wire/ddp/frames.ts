import type { MethodAnswer, MethodError } from '../shapes/method-call.ts';

// What goes out, as text: the keys stand in the recorded order (realtime.md §4.2).

/** A document as it travels; `fields` is EJSON text, `{}` for none. */
export interface Document {
  readonly collection: string;
  readonly id: string;
  readonly fields: string;
}

export const greeting = '{"server_id":"0"}';
export const serverPing = '{"msg":"ping"}';

export function connected(session: string): string {
  return `{"msg":"connected","session":"${session}"}`;
}

export function failed(version: string): string {
  return `{"msg":"failed","version":"${version}"}`;
}

export function pong(id: string | undefined): string {
  return id === undefined ? '{"msg":"pong"}' : `{"msg":"pong","id":${JSON.stringify(id)}}`;
}

/** @param offending the message as it was parsed; left out where there was none, or where it nests too deep to be sent */
export function protocolError(reason: string, offending: unknown): string {
  try {
    return JSON.stringify({ msg: 'error', reason, offendingMessage: offending });
  } catch {
    return JSON.stringify({ msg: 'error', reason });
  }
}

export function updated(method: string): string {
  return `{"msg":"updated","methods":[${JSON.stringify(method)}]}`;
}

export function result(id: string, answer: MethodAnswer): string {
  return JSON.stringify({ msg: 'result', id, ...answer });
}

export function ready(subs: readonly string[]): string {
  return `{"msg":"ready","subs":${JSON.stringify(subs)}}`;
}

export function nosub(id: string | number | undefined, error?: MethodError): string {
  return JSON.stringify({ msg: 'nosub', id, error });
}

export function added({ collection, id, fields }: Document): string {
  const start = `{"msg":"added","collection":${JSON.stringify(collection)},"id":${JSON.stringify(id)}`;
  return fields === '{}' ? `${start}}` : `${start},"fields":${fields}}`;
}

export function removed({ collection, id }: Document): string {
  return `{"msg":"removed","collection":${JSON.stringify(collection)},"id":${JSON.stringify(id)}}`;
}

/** Says which members differ, or undefined when none does. */
export function changed(before: Document, after: Document): string | undefined {
  if (before.fields === after.fields) return undefined;
  const had = JSON.parse(before.fields) as Readonly<Record<string, unknown>>;
  const has = JSON.parse(after.fields) as Readonly<Record<string, unknown>>;
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(has)) {
    if (JSON.stringify(had[key]) !== JSON.stringify(has[key])) fields[key] = has[key];
  }
  const cleared = Object.keys(had).filter((key) => !Object.hasOwn(has, key));
  const differs = Object.keys(fields).length > 0;
  if (!differs && cleared.length === 0) return undefined;
  return JSON.stringify({
    msg: 'changed',
    collection: after.collection,
    id: after.id,
    ...(differs ? { fields } : {}),
    ...(cleared.length > 0 ? { cleared } : {}),
  });
}

/** An event of a stream (realtime.md §12.3). @param args already EJSON */
export function streamEvent(collection: string, eventName: string, args: readonly unknown[]): string {
  return JSON.stringify({ msg: 'changed', collection, id: 'id', fields: { eventName, args } });
}
