import type { Identity } from '../../../core/administration/newcomer.ts';
import { isPlain, type Members } from './value.ts';

/** What lies under `services` and is no way in from elsewhere. */
const notExternal: ReadonlySet<string> = new Set([
  'password',
  'passwordHistory',
  'resume',
  'email',
  'totp',
  'email2fa',
  'emailCode',
  'emailToken',
  'twoFactorAuthentication',
  'passwordless',
  'iframe',
  'loginToken',
  'cloud',
  'crowd',
  'crowd_username',
]);

/** Where a provider keeps what it calls somebody, if not under `id`. */
const subjects: Readonly<Record<string, string>> = { saml: 'nameID', cas: 'external_id' };

/** What helps to tell who it is; tokens of providers are secrets, and stay away. */
const told = ['email', 'username', 'name', 'idAttribute', 'provider'] as const;

/** The links to providers that a document has under `services`. */
export function identitiesOf(services: Members): readonly Identity[] {
  const found = services
    .names()
    .filter((name) => !notExternal.has(name))
    .flatMap((provider) => identityOf(services, provider));
  const crowd = services.any('crowd_username');
  return typeof crowd === 'string' ? [...found, { provider: 'crowd', subject: crowd.slice(0, 500), facts: {} }] : found;
}

function identityOf(services: Members, provider: string): readonly Identity[] {
  const value = services.any(provider);
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/u.test(provider) || provider in {} || !isPlain(value)) {
    services.leaveOut('identity-unfit', provider.slice(0, 64));
    return [];
  }
  const subject = value[subjects[provider] ?? 'id'] ?? value['id'];
  const text = typeof subject === 'number' && Number.isSafeInteger(subject) ? String(subject) : subject;
  if (typeof text !== 'string' || text === '' || text.length > 500 || !/^[^\0]*$/u.test(text) || !text.isWellFormed()) {
    services.leaveOut('identity-unfit', provider);
    return [];
  }
  const facts: Record<string, string> = {};
  for (const name of told) {
    const fact = value[name];
    if (typeof fact === 'string' && fact.length <= 300 && fact.isWellFormed()) facts[name] = fact;
  }
  return [{ provider, subject: text, facts }];
}
