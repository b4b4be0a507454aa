import { type Document, idOf, isPlain, type Members } from './value.ts';

/** The roles that a document names, for somebody of another Meteor application. */
interface Roles {
  /** Undefined where no list of them is known: then new accounts' roles are theirs. */
  readonly roles: readonly string[] | undefined;
}

/** The group that holds for the whole application, in versions 1 and 2 of `alanning:roles`. */
const everywhere = '__global_roles__';
/** So many people and roles of theirs are kept in memory at most, whatever the file holds. */
const mostKept = 600_000;
/** An application has tens of roles. */
const mostNames = 20_000;
/** More than an account may have, so that it is told. */
const mostOfOne = 200;

/**
 * What is known of roles before anybody is read. Rocket.Chat names roles by their ids. Meteor's package `roles` (once
 * `alanning:roles`) names them by their names, and since version 3 keeps who holds them in a collection of its own.
 */
export class KnownRoles {
  /** Ids by names, where they differ. */
  readonly #ids = new Map<string, string>();
  readonly #held = new Map<string, { readonly roles: readonly string[]; readonly inGroups: boolean }>();
  /** One text for each name, whoever holds the role. */
  readonly #names = new Map<string, string>();
  #kept = 0;

  /**
   * The id under which a role is kept here: of a role that applications call by its name, the name where it may be one.
   * @param given the id and the name in the document
   */
  learn(document: Document, given: { readonly id: string; readonly name: string }): string {
    const isRocketChats = ['scope', 'protected', 'description'].some((name) => Object.hasOwn(document, name));
    if (isRocketChats || given.id === given.name) return given.id;
    const id = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u.test(given.name) ? given.name : given.id;
    if (id !== given.name) this.#ids.set(given.name, id);
    return id;
  }

  /** Remembers a document that gives somebody a role. @returns not held where there are too many of them */
  assign({ user, role, inheritedRoles, scope }: Document): { readonly held: boolean } {
    const account = isPlain(user) ? idOf(user) : undefined;
    const inherited: readonly unknown[] = Array.isArray(inheritedRoles) ? inheritedRoles.slice(0, mostOfOne) : [];
    const names = [role, ...inherited].flatMap((one) => (isPlain(one) ? (idOf(one) ?? []) : []));
    if (account === undefined || names.length === 0) return { held: true };
    const { roles, inGroups } = this.#held.get(account) ?? { roles: [], inGroups: false };
    const isGroups = scope !== null && scope !== undefined;
    const added = isGroups ? [] : names.filter((name, at) => names.indexOf(name) === at && !roles.includes(name));
    const room = added.slice(0, mostOfOne - roles.length);
    this.#kept += room.length + (this.#held.has(account) ? 0 : 1);
    if (this.#kept > mostKept || this.#names.size > mostNames) return { held: false };
    const all = room.length === 0 ? roles : [...roles, ...room.map((name) => this.#sameText(name))];
    this.#held.set(account, { roles: all, inGroups: isGroups || inGroups });
    return { held: true };
  }

  /** The roles of somebody of another Meteor application. What holds in a group alone is left out: here it would hold everywhere. */
  of(id: string, user: Members): Roles {
    const held = this.#held.get(id);
    if (held?.inGroups === true) user.leaveOut('role-in-group', 'roles');
    if (!user.has('roles')) {
      const assigned = held?.roles ?? [];
      return { roles: assigned.length === 0 ? undefined : this.#idsOf(assigned) };
    }
    const groups = user.any('roles');
    if (!isPlain(groups)) {
      return { roles: this.#idsOf([...(user.texts('roles', 1_000) ?? []), ...(held?.roles ?? [])]) };
    }
    const inGroups = Object.keys(groups).filter((group) => group !== everywhere);
    for (const group of inGroups.slice(0, 20)) user.leaveOut('role-in-group', 'roles', group.slice(0, 100));
    const global = user.of(groups, 'roles').texts(everywhere, 1_000) ?? [];
    return { roles: this.#idsOf([...global, ...(held?.roles ?? [])]) };
  }

  #idsOf(names: readonly string[]): readonly string[] {
    return names.map((name) => this.#ids.get(name) ?? name);
  }

  #sameText(name: string): string {
    const known = this.#names.get(name) ?? name;
    this.#names.set(known, known);
    return known;
  }
}
