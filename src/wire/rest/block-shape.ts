import type { Block, BlockSubject } from '../../core/session/block-store.ts';
import { object, oneOf, optional, text, whole } from './schema.ts';

/** A block as it is listed; the members that name its subject are the ones by which it is cleared. */
export const blockShape = object({
  type: oneOf('account', 'device', 'address', 'name', 'codes'),
  userId: optional(text()),
  username: optional(text()),
  device: optional(text({ description: 'A fingerprint of the address and the client.' })),
  address: optional(text({ description: 'An address, or the /64 of an IPv6 one.' })),
  name: optional(text({ description: 'The digest of a typed name that no account has.' })),
  failures: whole({ description: 'Failed sign-ins; of the type "codes" the wrong codes in a row.' }),
  since: optional(text({ description: 'When the last failure was counted, ISO 8601 in UTC; not for "codes".' })),
  until: optional(
    text({ description: 'When the block ends, ISO 8601 in UTC; "codes" end when the account is cleared.' }),
  ),
});

/** The document of a block. */
export function blockDocument({ subject, username, failures, since, until }: Block) {
  return {
    type: subject.kind,
    ...named(subject),
    ...(username === undefined ? {} : { username }),
    failures,
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
  };
}

function named(subject: BlockSubject) {
  switch (subject.kind) {
    case 'account':
    case 'codes':
      return { userId: subject.accountId };
    case 'device':
      return { userId: subject.accountId, device: subject.device };
    case 'address':
      return { address: subject.address };
    case 'name':
      return { name: subject.digest };
  }
}
