import { codedAs } from './faults.ts';
import { flag, list, moment, object, oneOf, optional, text } from './schema.ts';

/** Names of addresses and permissions: longer lists are nobody's. */
const mostOf = { maxItems: 100 } as const;

/** The members of our own, as they come in. */
const optionMembers = {
  publicClient: optional(flag({ description: 'It can keep no secret: it shows none, and must use PKCE.' })),
  tokenEndpointAuthMethod: optional(oneOf('client_secret_basic', 'client_secret_post', 'any')),
  postLogoutRedirectUris: optional(
    list(text({ maxLength: 2048 }), {
      ...mostOf,
      description: 'For OpenID Connect: where browsers go after signing out.',
    }),
  ),
  backchannelLogoutUri: optional(
    text({ maxLength: 2048, description: 'For OpenID Connect: is told that a session has ended; empty for none.' }),
  ),
  permissions: optional(
    list(text({ minLength: 1, maxLength: 256 }), {
      maxItems: 500,
      description: 'The only permissions that its access tokens carry; "*" alone for all that the person holds.',
    }),
  ),
} as const;

/** What an application is made of, as it comes in. */
export const askedApplicationMembers = {
  name: text(),
  active: flag(),
  redirectUri: text({ description: 'One address, or several by lines or commas; compared letter by letter.' }),
  ...optionMembers,
} as const;

/** What everybody who is signed in may know of one. */
const publicMembers = {
  _id: text(),
  name: text(),
  active: flag(),
  redirectUri: text({ description: 'Separated by commas.' }),
  clientId: text(),
  _createdAt: moment(),
  _updatedAt: moment(),
} as const;

/** An application as its managers read it. */
export const applicationMembers = {
  ...publicMembers,
  clientSecret: text(),
  _createdBy: object({ _id: text(), username: text() }),
  publicClient: optional(flag()),
  tokenEndpointAuthMethod: optional(text()),
  postLogoutRedirectUris: optional(list(text())),
  backchannelLogoutUri: optional(text()),
  permissions: optional(list(text())),
} as const;

/** The same where the secret and what else is private may be missing. */
export const readApplicationMembers = {
  ...applicationMembers,
  clientSecret: optional(text()),
  _createdBy: optional(object({ _id: text(), username: text() })),
} as const;

export const applicationFaults = {
  'permission-unknown': codedAs('error-invalid-permission', 'Invalid permission'),
} as const;
