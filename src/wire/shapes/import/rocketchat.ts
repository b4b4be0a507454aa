import type { Dialect, Kind } from './dialect.ts';
import { settingsOfLoginService } from './login-services.ts';
import { readOauthApp } from './oauth-app.ts';
import { KnownRoles } from './roles.ts';
import { readUser } from './user-document.ts';
import { type Document, idOf, isPlain } from './value.ts';

/** The collections of Rocket.Chat, and those of other Meteor applications, that are of use here. */
const kinds: Readonly<Record<string, Kind>> = {
  users: 'account',
  rocketchat_roles: 'role',
  roles: 'role',
  rocketchat_permissions: 'permission',
  rocketchat_settings: 'setting',
  rocketchat_oauth_apps: 'application',
  'meteor_accounts_loginServiceConfiguration': 'provider',
  'role-assignment': 'assignment',
  'rocketchat_avatars.files': 'picture',
};

/** Documents of Rocket.Chat, or of any other Meteor application; for one run, since it remembers who holds which role. */
export function rocketChat(): Dialect {
  const known = new KnownRoles();
  return {
    kindOf: (collection) =>
      collection !== undefined && Object.hasOwn(kinds, collection) ? kinds[collection] : undefined,
    kindIn,
    nothing: 'Nothing of Rocket.Chat was found in the file.',
    account: (document) => readUser(document, known),
    role: (document) => {
      const id = idOf(document);
      if (id === undefined) return undefined;
      const { name = id, scope = 'Users', description = '', mandatory2fa = false } = document;
      if (typeof name !== 'string' || typeof description !== 'string') return undefined;
      if (scope !== 'Users' && scope !== 'Subscriptions') return undefined;
      const kept = known.learn(document, { id, name });
      return { id: kept, name, scope, description, protected: false, secondFactor: mandatory2fa === true };
    },
    assign: (document) => known.assign(document),
    permission: (document) => {
      const id = idOf(document);
      const roles = document['roles'];
      return id === undefined || !isTexts(roles) ? undefined : { id, roles };
    },
    setting,
    provider: settingsOfLoginService,
    application: readOauthApp,
  };
}

function kindIn(document: Document): Kind | undefined {
  const has = (name: string): boolean => Object.hasOwn(document, name);
  if (has('packageValue') || has('valueSource')) return 'setting';
  if (has('services') || has('emails') || has('username')) return 'account';
  if (document['scope'] === 'Users' || document['scope'] === 'Subscriptions') return 'role';
  if (has('inheritedRoles') && has('user')) return 'assignment';
  if (has('clientSecret') && has('redirectUri')) return 'application';
  if (has('service')) return 'provider';
  return Array.isArray(document['roles']) ? 'permission' : undefined;
}

function setting(document: Document): ReturnType<Dialect['setting']> {
  const id = idOf(document);
  if (id === undefined || document['type'] === 'group') return id === undefined ? undefined : 'unchanged';
  const { value, packageValue, valueSource } = document;
  // What nobody has changed follows our own catalogue.
  if (Object.hasOwn(document, 'packageValue') && JSON.stringify(value) === JSON.stringify(packageValue)) {
    return 'unchanged';
  }
  if (valueSource === 'processEnvValue') return { id, value: document['processEnvValue'] ?? value };
  return isPlain(value) ? undefined : { id, value };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 1_000 && value.every((item) => typeof item === 'string');
}
