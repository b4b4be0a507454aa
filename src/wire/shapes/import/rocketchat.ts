import type { Dialect, Kind } from './dialect.ts';
import { readUser } from './user-document.ts';
import { idOf, isPlain } from './value.ts';

/** The collections of Rocket.Chat, and those of other Meteor applications, that are of use here. */
const kinds: Readonly<Record<string, Kind>> = {
  users: 'account',
  rocketchat_roles: 'role',
  roles: 'role',
  rocketchat_permissions: 'permission',
  rocketchat_settings: 'setting',
  meteor_accounts_loginServiceConfiguration: 'other',
};

/** Documents of Rocket.Chat, or of any other Meteor application. */
export const rocketChat: Dialect = {
  kindOf: (collection) =>
    collection !== undefined && Object.hasOwn(kinds, collection) ? kinds[collection] : undefined,
  kindIn: (document) => {
    const has = (name: string): boolean => Object.hasOwn(document, name);
    if (has('packageValue') || has('valueSource')) return 'setting';
    if (has('services') || has('emails') || has('username')) return 'account';
    if (document['scope'] === 'Users' || document['scope'] === 'Subscriptions') return 'role';
    if (has('service')) return 'other';
    return Array.isArray(document['roles']) ? 'permission' : undefined;
  },
  account: readUser,
  role: (document) => {
    const id = idOf(document);
    if (id === undefined) return undefined;
    const { name = id, scope = 'Users', description = '', mandatory2fa = false } = document;
    if (typeof name !== 'string' || typeof description !== 'string') return undefined;
    if (scope !== 'Users' && scope !== 'Subscriptions') return undefined;
    return { id, name, scope, description, protected: false, secondFactor: mandatory2fa === true };
  },
  permission: (document) => {
    const id = idOf(document);
    const roles = document['roles'];
    return id === undefined || !isTexts(roles) ? undefined : { id, roles };
  },
  setting: (document) => {
    const id = idOf(document);
    if (id === undefined || document['type'] === 'group') return id === undefined ? undefined : 'unchanged';
    const { value, packageValue, valueSource } = document;
    // What nobody has changed follows our own catalogue.
    if (Object.hasOwn(document, 'packageValue') && JSON.stringify(value) === JSON.stringify(packageValue)) {
      return 'unchanged';
    }
    if (valueSource === 'processEnvValue') return { id, value: document['processEnvValue'] ?? value };
    return isPlain(value) ? undefined : { id, value };
  },
};

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 1_000 && value.every((item) => typeof item === 'string');
}
