import type { Passkey } from '../../core/second-factor/passkey-store.ts';
import { flag, moment, optional, text } from './schema.ts';

/** The members of a passkey as its owner sees it. */
export const passkeyShape = {
  id: text(),
  name: text(),
  createdAt: moment(),
  usedAt: optional(moment()),
  backedUp: flag({ description: 'Whether it is kept in more places than one device.' }),
};

export function passkeyOf({ id, name, createdAt, usedAt, backedUp }: Passkey) {
  return {
    id,
    name,
    createdAt: new Date(createdAt).toISOString(),
    ...(usedAt === undefined ? {} : { usedAt: new Date(usedAt).toISOString() }),
    backedUp,
  };
}
