import type { NewSetting } from '../../../core/administration/bring-in-site.ts';
import type { Document } from './value.ts';

/** Providers of Meteor that are built in here as well, and how their settings begin. */
const known: ReadonlyMap<unknown, string> = new Map([
  ['google', 'Accounts_OAuth_Google'],
  ['facebook', 'Accounts_OAuth_Facebook'],
  ['twitter', 'Accounts_OAuth_Twitter'],
  ['github', 'Accounts_OAuth_Github'],
  ['linkedin', 'Accounts_OAuth_Linkedin'],
  ['meteor-developer', 'Accounts_OAuth_Meteor'],
]);

/**
 * The settings of a provider that a document of `meteor_accounts_loginServiceConfiguration` tells, the one that opens
 * its door last. Undefined for others, and where the secret is not told in clear (Meteor's `oauth-encryption`).
 */
export function settingsOfLoginService(document: Document): readonly NewSetting[] | undefined {
  const prefix = known.get(document['service']);
  const id = document['clientId'] ?? document['appId'] ?? document['consumerKey'];
  const { secret } = document;
  if (prefix === undefined || !isWord(id) || !isWord(secret)) return undefined;
  return [
    { id: `${prefix}_id`, value: id },
    { id: `${prefix}_secret`, value: secret },
    { id: prefix, value: true },
  ];
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,500}$/u.test(value);
}
