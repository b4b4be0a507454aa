import type { Account, Status } from '../../core/account/account.ts';
import { encodeEjson } from '../shapes/ejson.ts';
import { ownDocument } from '../shapes/user-document.ts';
import type { Document } from './frames.ts';

/** The own document of whoever is signed in (realtime.md §9.1). */
export function usersDocument(account: Account, statusConnection: Status): Document {
  return {
    collection: 'users',
    id: account.id,
    fields: JSON.stringify(encodeEjson(ownDocument(account, statusConnection))),
  };
}
