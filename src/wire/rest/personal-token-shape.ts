import type { Token } from '../../core/session/token.ts';
import { flag, list, moment, optional, text } from './schema.ts';

/** A personal token as Rocket.Chat tells of it (rest.md §8.2). */
export function personalTokenOf({ name, createdAt, lastPart, skipsSecondFactor }: Token) {
  return {
    name: name ?? '',
    createdAt: new Date(createdAt).toISOString(),
    lastTokenPart: lastPart,
    bypassTwoFactor: skipsSecondFactor,
  };
}

/** What only clients are told that ask for it; what is not set is left out. */
export function detailsOf({ id, createdAt, usedAt, endsAt, scopes, addresses }: Token) {
  return {
    _id: id,
    // It bears the moment at which it was made until somebody uses it.
    ...(usedAt === createdAt ? {} : { lastUsedAt: new Date(usedAt).toISOString() }),
    ...(endsAt === undefined ? {} : { expiresAt: new Date(endsAt).toISOString() }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(addresses === undefined ? {} : { addresses }),
  };
}

export const personalTokenMembers = {
  name: text(),
  createdAt: moment(),
  lastTokenPart: text(),
  bypassTwoFactor: flag(),
} as const;

export const detailMembers = {
  _id: optional(text({ description: 'Names the token where it is revoked, and is no secret.' })),
  lastUsedAt: optional(moment()),
  expiresAt: optional(moment()),
  scopes: optional(list(text())),
  addresses: optional(list(text())),
} as const;
