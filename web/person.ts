import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { ClientError, type Me } from '../src/client/index.ts';
import { pageAt } from './address.ts';
import { client } from './client.ts';

/** Who is signed in to this browser. */
export interface Person {
  readonly me: Me;
  /** Whether they hold a permission: only what the pages show depends on it, the server looks for itself. */
  readonly may: (permission: string) => boolean;
  /** Asks the server again, after something about them has changed. */
  readonly refresh: () => Promise<void>;
}

export const PersonContext = createContext<Person | undefined>(undefined);

/** Whoever is signed in; for screens that nobody else sees. */
export function usePerson(): Person {
  const person = useContext(PersonContext);
  if (person === undefined) throw new Error('Nobody is signed in here.');
  return person;
}

interface Permissions {
  readonly update: readonly { readonly _id: string; readonly roles: readonly string[] }[];
}

/** Who has no username yet may not ask; nothing is shown to them that depends on it. */
async function fetchPermissions(): Promise<Permissions> {
  try {
    return (await client.get('permissions.listAll')) as Permissions;
  } catch (cause) {
    if (cause instanceof ClientError && cause.status === 403) return { update: [] };
    throw cause;
  }
}

/** What the server says of whoever is signed in. */
export async function fetchPerson(): Promise<Omit<Person, 'refresh'>> {
  const [me, { update }] = await Promise.all([client.get('me'), fetchPermissions()]);
  const roles = new Set(me.roles);
  const held = new Set(
    update.filter((permission) => permission.roles.some((role) => roles.has(role))).map(({ _id }) => _id),
  );
  return { me, may: (permission) => held.has(permission) };
}

/** Where the picture of somebody is; the address is another one as soon as the picture is. */
export function pictureOf({ username = '', avatarETag = 'drawn' }: Pick<Me, 'username' | 'avatarETag'>): string {
  return pageAt(`/avatar/${encodeURIComponent(username)}?etag=${encodeURIComponent(avatarETag)}`);
}
