import type { Account, Status } from '../../core/account/account.ts';
import { encodeEjson } from '../shapes/ejson.ts';
import { ownDocument } from '../shapes/user-document.ts';
import type { Document } from './frames.ts';

/** The own document of whoever is signed in (realtime.md §9.1). */
export function usersDocument(account: Account, statusConnection: Status): Document {
  // Member by member: encoding the whole copies it, and this is on the path of every log-in.
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(ownDocument(account, statusConnection))) {
    fields[key] = typeof value === 'object' ? encodeEjson(value) : value;
  }
  return { collection: 'users', id: account.id, fields: JSON.stringify(fields) };
}
