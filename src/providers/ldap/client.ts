import {
  type Directory,
  DirectoryUnreachable,
  type Entry,
  type Search,
  TooManyEntries,
} from '../../core/directory/directory.ts';
import { type Link, openLink } from './link.ts';
import { Pool } from './pool.ts';
import type { LdapReach } from './settings.ts';

/** So many connections of the service account, and as many more for people who show their password. */
const most = { service: 8, people: 16, waiting: 256 };

/**
 * A directory that speaks LDAP. Searches share a few connections of the service account; each password is shown on a
 * connection of its own that is closed at once, so that nobody's name is left on one that is used for anything else.
 */
export function ldapDirectory(reach: LdapReach): Directory {
  const shared = { close: closeLink, isOpen: (link: Link) => link.isOpen(), mostWaiting: most.waiting };
  const service = new Pool<Link>({
    ...shared,
    open: async () => await openService(reach),
    most: most.service,
    waitMs: reach.answerMs,
    idleMs: reach.idleMs,
  });
  const people = new Pool<Link>({
    ...shared,
    open: async () => await openLink(reach),
    most: most.people,
    waitMs: reach.answerMs,
    idleMs: 0,
  });

  async function* search(what: Search): AsyncGenerator<Entry> {
    for (;;) {
      const { one: link, used } = await service.take();
      let seen = 0;
      let good = false;
      try {
        for await (const page of link.pages(what)) {
          // The page is here as a whole: whoever has seen enough leaves nothing unsaid on the line.
          good = true;
          for (const entry of page) {
            seen += 1;
            yield entry;
          }
          good = false;
        }
        good = true;
        return;
      } catch (cause) {
        // The answer that was too much has come as a whole as well.
        good = cause instanceof TooManyEntries;
        // It may have died of old age between two uses: a fresh one is asked once.
        if (!(cause instanceof DirectoryUnreachable) || !used || seen > 0 || link.isOpen().held) throw cause;
      } finally {
        service.giveBack(link, good);
      }
    }
  }

  return {
    search,
    async bind(dn, password, how) {
      if (!isPassword(password).held || dn.trim() === '') return { held: false, because: 'wrong' };
      const { one: link } = await people.take();
      try {
        const answer = await link.bind(dn, password);
        if (!answer.held || how?.readsItself !== true) return answer;
        return { held: true, readsItself: (await reads(link, dn)).held };
      } finally {
        people.giveBack(link, false);
      }
    },
    async test() {
      const link = await openService(reach);
      link.close();
    },
    async close() {
      service.close();
      people.close();
      await Promise.resolve();
    },
  };
}

/**
 * A directory may take a name without a password for nobody's sign-in and answer yes (RFC 4513 §5.1.2); what is nothing
 * but blanks, or ends early at a NUL, is none either.
 */
function isPassword(password: string): { readonly held: boolean } {
  return { held: password.trim() !== '' && !password.includes('\0') };
}

/** Whether whoever has signed in on this connection can read an entry; what goes wrong is a no. */
async function reads(link: Link, dn: string): Promise<{ readonly held: boolean }> {
  const search: Search = { base: dn, scope: 'base', filter: '(objectClass=*)', attributes: ['1.1'], most: 1 };
  try {
    for await (const found of link.pages(search)) return { held: found.length > 0 };
    return { held: false };
  } catch {
    return { held: false };
  }
}

async function openService(reach: LdapReach): Promise<Link> {
  const link = await openLink(reach);
  if (reach.service === undefined) return link;
  try {
    if (!isPassword(reach.service.password).held) {
      throw new DirectoryUnreachable('The service account has no password (LDAP_Authentication_Password).');
    }
    const answer = await link.bind(reach.service.dn, reach.service.password);
    if (!answer.held) throw new DirectoryUnreachable('The directory does not take the service account.');
    return link;
  } catch (cause) {
    link.close();
    throw cause;
  }
}

function closeLink(link: Link): void {
  link.close();
}
