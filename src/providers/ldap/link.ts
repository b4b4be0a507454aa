import type { Socket } from 'node:net';
import type { Filter } from 'ldapts';
import {
  type BindOutcome,
  DirectoryUnreachable,
  type Entry,
  type Search,
  TooManyEntries,
} from '../../core/directory/directory.ts';
import { Meter } from './meter.ts';
import type { LdapReach } from './settings.ts';
import { openSocket } from './socket.ts';

/** One connection to the directory. It never opens another one in its place, so nothing is ever said unencrypted. */
export interface Link {
  readonly isOpen: () => { readonly held: boolean };
  /** @throws DirectoryUnreachable */
  bind(dn: string, password: string): Promise<BindOutcome>;
  /** Page by page. @throws DirectoryUnreachable, TooManyEntries */
  pages(what: Search): AsyncGenerator<readonly Entry[]>;
  close(): void;
}

/** In bytes: an entry, and a page of them. */
const longest = { message: 8 * 1_048_576, answer: 64 * 1_048_576 };

/** Results of a bind that say something of the person (RFC 4511 appendix A.2). */
const wrongResults: ReadonlySet<number> = new Set([32, 48, 49]);
/** Constraint violation, insufficient access, unwilling to perform: how directories say that somebody may not (yet). */
const lockedResults: ReadonlySet<number> = new Set([19, 50, 53]);
/** In what Active Directory says of a refused bind: not at this time, not from here, disabled, expired, locked. */
const lockedInWords = /\bdata (?:530|531|533|701|775)\b/u;

/** @throws DirectoryUnreachable */
export async function openLink(reach: LdapReach): Promise<Link> {
  const { Client, FilterParser, ResultCodeError } = await import('ldapts');
  const socket = await openSocket(reach);
  const meter = new Meter(longest);
  let given = false;
  const client = new Client({
    url: 'ldap://directory',
    timeout: reach.answerMs,
    createConnection: () => {
      if (given) throw new DirectoryUnreachable('The directory has closed the connection.');
      given = true;
      socket.on('data', (piece: Buffer) => {
        if (!meter.take(piece).held) socket.destroy(new Error('The answer is too long.'));
      });
      return socket;
    },
  });
  socket.on('error', () => undefined);
  const fail = (cause: unknown, what: string): Error => {
    if (cause instanceof DirectoryUnreachable || cause instanceof TooManyEntries) return cause;
    if (cause instanceof ResultCodeError) {
      if (cause.code === 10) {
        return new DirectoryUnreachable('The directory refers to another one, which is not followed (result 10).');
      }
      return new DirectoryUnreachable(`The directory refuses ${what} (result ${String(cause.code)}).`);
    }
    return new DirectoryUnreachable(`The directory does not answer to ${what}.`, cause);
  };
  const parsed = (filter: string): Filter => {
    try {
      // Without one it would find everything.
      if (filter !== '') return FilterParser.parseString(filter);
    } catch (cause) {
      throw new DirectoryUnreachable(`A filter of the settings cannot be read: ${filter.slice(0, 200)}`, cause);
    }
    throw new DirectoryUnreachable('A filter of the settings is empty.');
  };
  return {
    isOpen: () => ({ held: isLive(socket) }),
    async bind(dn, password) {
      meter.reset();
      try {
        await client.bind(dn, password);
        return { held: true };
      } catch (cause) {
        if (cause instanceof ResultCodeError) {
          const isWrong = wrongResults.has(cause.code);
          const isLocked = lockedResults.has(cause.code) || (isWrong && lockedInWords.test(cause.message));
          if (isWrong || isLocked) return { held: false, because: isLocked ? 'locked' : 'wrong' };
        }
        throw fail(cause, 'a sign-in');
      }
    },
    async *pages({ base, scope, filter, attributes, most }) {
      let seen = 0;
      const asked = {
        scope,
        filter: parsed(filter),
        attributes: [...attributes],
        explicitBufferAttributes: new EveryName(),
      };
      try {
        // So few are asked for in one piece: not every directory pages.
        const pages =
          most !== undefined && most < reach.pageSize
            ? [await client.search(base, { ...asked, sizeLimit: most + 1 })]
            : client.searchPaginated(base, { ...asked, paged: { pageSize: reach.pageSize } });
        for await (const { searchEntries } of pages) {
          meter.reset();
          seen += searchEntries.length;
          if (most !== undefined && seen > most) throw new TooManyEntries();
          yield searchEntries.map(entryOf);
        }
      } catch (cause) {
        throw fail(cause, 'the search');
      }
    },
    close() {
      // The polite end of a conversation; nobody waits for it.
      client.unbind().catch(() => undefined);
      socket.destroySoon();
    },
  };
}

/** To ldapts: every attribute is wanted as bytes. */
class EveryName extends Array<string> {
  override includes(): boolean {
    return true;
  }
}

function isLive(socket: Socket): boolean {
  return !socket.destroyed && socket.readable && socket.writable;
}

function entryOf({ dn, ...found }: Readonly<Record<string, unknown>>): Entry {
  // An attribute of this name would stand where the name of the entry belongs.
  if (typeof dn !== 'string') throw new DirectoryUnreachable('The directory tells no name of an entry.');
  const attributes = new Map<string, readonly Buffer[]>();
  for (const [name, told] of Object.entries(found)) {
    const values = (Array.isArray(told) ? told : [told]).filter((value): value is Buffer => Buffer.isBuffer(value));
    if (values.length > 0) attributes.set(name.toLowerCase(), values);
  }
  return { dn, attributes };
}
