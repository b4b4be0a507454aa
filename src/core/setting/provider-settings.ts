import type { SettingDefinition } from './definition.ts';

const group = 'OAuth';
const on = { kind: 'boolean', initial: false, group, public: true } as const;
const text = { kind: 'text', initial: '', group } as const;
const secret = { ...text, secret: true } as const;
const address = { kind: 'text', form: 'url', group } as const;
const callback = { kind: 'text', group, readOnly: true } as const;

/**
 * The providers that are built in and have shapes of their own, by Rocket.Chat's ids (providers.md §2.4). The addresses are
 * ours: they are the provider's public ones unless something stands in between.
 */
export const providerSettings = {
  Accounts_OAuth_Google: { ...on, section: 'Google', about: 'People sign in with Google.' },
  Accounts_OAuth_Google_id: { ...text, section: 'Google', about: 'The id that Google has given to this server.' },
  Accounts_OAuth_Google_secret: {
    ...secret,
    section: 'Google',
    about: 'The secret that Google has given to this server.',
  },
  Accounts_OAuth_Google_native_ids: {
    ...text,
    section: 'Google',
    about: 'Ids of own apps to which Google gives tokens for this server, separated by commas.',
  },
  Accounts_OAuth_Google_callback_url: {
    ...callback,
    section: 'Google',
    initial: '_oauth/google',
    about: 'The path of this server to be told to Google.',
  },
  Accounts_OAuth_Google_authorize_url: {
    ...address,
    section: 'Google',
    initial: 'https://accounts.google.com/o/oauth2/auth',
    about: 'Where Google asks people whether they want to come.',
  },
  Accounts_OAuth_Google_token_url: {
    ...address,
    section: 'Google',
    initial: 'https://oauth2.googleapis.com/token',
    about: 'Where Google exchanges a code for a token.',
  },
  Accounts_OAuth_Google_identity_url: {
    ...address,
    section: 'Google',
    initial: 'https://www.googleapis.com/oauth2/v1/userinfo',
    about: 'Where Google tells who somebody is.',
  },
  Accounts_OAuth_Google_jwks_url: {
    ...address,
    section: 'Google',
    initial: 'https://www.googleapis.com/oauth2/v3/certs',
    about: 'Where Google publishes the keys with which it signs.',
  },
  Accounts_OAuth_Facebook: { ...on, section: 'Facebook', about: 'People sign in with Facebook.' },
  Accounts_OAuth_Facebook_id: { ...text, section: 'Facebook', about: 'The id that Facebook has given to this server.' },
  Accounts_OAuth_Facebook_secret: {
    ...secret,
    section: 'Facebook',
    about: 'The secret that Facebook has given to this server.',
  },
  Accounts_OAuth_Facebook_callback_url: {
    ...callback,
    section: 'Facebook',
    initial: '_oauth/facebook',
    about: 'The path of this server to be told to Facebook.',
  },
  Accounts_OAuth_Facebook_authorize_url: {
    ...address,
    section: 'Facebook',
    initial: 'https://www.facebook.com/v17.0/dialog/oauth',
    about: 'Where Facebook asks people whether they want to come.',
  },
  Accounts_OAuth_Facebook_token_url: {
    ...address,
    section: 'Facebook',
    initial: 'https://graph.facebook.com/v17.0/oauth/access_token',
    about: 'Where Facebook exchanges a code for a token.',
  },
  Accounts_OAuth_Facebook_identity_url: {
    ...address,
    section: 'Facebook',
    initial: 'https://graph.facebook.com/v17.0/me',
    about: 'Where Facebook tells who somebody is.',
  },
  Accounts_OAuth_Facebook_debug_token_url: {
    ...address,
    section: 'Facebook',
    initial: 'https://graph.facebook.com/v17.0/debug_token',
    about: 'Where Facebook tells for whom a token was made.',
  },
  Accounts_OAuth_Twitter: { ...on, section: 'Twitter', about: 'People sign in with Twitter.' },
  Accounts_OAuth_Twitter_id: { ...text, section: 'Twitter', about: 'The id that Twitter has given to this server.' },
  Accounts_OAuth_Twitter_secret: {
    ...secret,
    section: 'Twitter',
    about: 'The secret that Twitter has given to this server.',
  },
  Accounts_OAuth_Twitter_callback_url: {
    ...callback,
    section: 'Twitter',
    initial: '_oauth/twitter',
    about: 'The path of this server to be told to Twitter.',
  },
  Accounts_OAuth_Twitter_authorize_url: {
    ...address,
    section: 'Twitter',
    initial: 'https://api.twitter.com/oauth/authenticate',
    about: 'Where Twitter asks people whether they want to come.',
  },
  Accounts_OAuth_Twitter_request_token_url: {
    ...address,
    section: 'Twitter',
    initial: 'https://api.twitter.com/oauth/request_token',
    about: 'Where Twitter gives the token with which a sign-in begins.',
  },
  Accounts_OAuth_Twitter_token_url: {
    ...address,
    section: 'Twitter',
    initial: 'https://api.twitter.com/oauth/access_token',
    about: 'Where Twitter exchanges a code for a token.',
  },
  Accounts_OAuth_Twitter_identity_url: {
    ...address,
    section: 'Twitter',
    initial: 'https://api.twitter.com/1.1/account/verify_credentials.json',
    about: 'Where Twitter tells who somebody is.',
  },
  Accounts_OAuth_Github: { ...on, section: 'GitHub', about: 'People sign in with GitHub.' },
  Accounts_OAuth_Github_id: { ...text, section: 'GitHub', about: 'The id that GitHub has given to this server.' },
  Accounts_OAuth_Github_secret: {
    ...secret,
    section: 'GitHub',
    about: 'The secret that GitHub has given to this server.',
  },
  Accounts_OAuth_Github_callback_url: {
    ...callback,
    section: 'GitHub',
    initial: '_oauth/github',
    about: 'The path of this server to be told to GitHub.',
  },
  Accounts_OAuth_Github_authorize_url: {
    ...address,
    section: 'GitHub',
    initial: 'https://github.com/login/oauth/authorize',
    about: 'Where GitHub asks people whether they want to come.',
  },
  Accounts_OAuth_Github_token_url: {
    ...address,
    section: 'GitHub',
    initial: 'https://github.com/login/oauth/access_token',
    about: 'Where GitHub exchanges a code for a token.',
  },
  Accounts_OAuth_Github_identity_url: {
    ...address,
    section: 'GitHub',
    initial: 'https://api.github.com/user',
    about: 'Where GitHub tells who somebody is.',
  },
  Accounts_OAuth_Linkedin: { ...on, section: 'LinkedIn', about: 'People sign in with LinkedIn.' },
  Accounts_OAuth_Linkedin_id: { ...text, section: 'LinkedIn', about: 'The id that LinkedIn has given to this server.' },
  Accounts_OAuth_Linkedin_secret: {
    ...secret,
    section: 'LinkedIn',
    about: 'The secret that LinkedIn has given to this server.',
  },
  Accounts_OAuth_Linkedin_callback_url: {
    ...callback,
    section: 'LinkedIn',
    initial: '_oauth/linkedin',
    about: 'The path of this server to be told to LinkedIn.',
  },
  Accounts_OAuth_Linkedin_authorize_url: {
    ...address,
    section: 'LinkedIn',
    initial: 'https://www.linkedin.com/oauth/v2/authorization',
    about: 'Where LinkedIn asks people whether they want to come.',
  },
  Accounts_OAuth_Linkedin_token_url: {
    ...address,
    section: 'LinkedIn',
    initial: 'https://www.linkedin.com/oauth/v2/accessToken',
    about: 'Where LinkedIn exchanges a code for a token.',
  },
  Accounts_OAuth_Linkedin_identity_url: {
    ...address,
    section: 'LinkedIn',
    initial: 'https://api.linkedin.com/v2/userinfo',
    about: 'Where LinkedIn tells who somebody is.',
  },
  Accounts_OAuth_Apple: { ...on, section: 'Apple', about: 'People sign in with Apple.' },
  Accounts_OAuth_Apple_id: {
    ...text,
    section: 'Apple',
    public: true,
    about: 'The id of the service, as Apple knows this server.',
  },
  Accounts_OAuth_Apple_secretKey: {
    ...secret,
    section: 'Apple',
    multiline: true,
    about: 'The private key (PKCS 8, PEM) that Apple has made for this server.',
  },
  Accounts_OAuth_Apple_iss: { ...text, section: 'Apple', about: 'The id of the team at Apple.' },
  Accounts_OAuth_Apple_kid: { ...text, section: 'Apple', about: 'The id of the key at Apple.' },
  Accounts_OAuth_Apple_native_ids: {
    ...text,
    section: 'Apple',
    about: 'Ids of own apps to which Apple gives tokens for this server, separated by commas.',
  },
  Accounts_OAuth_Apple_authorize_url: {
    ...address,
    section: 'Apple',
    initial: 'https://appleid.apple.com/auth/authorize',
    about: 'Where Apple asks people whether they want to come.',
  },
  Accounts_OAuth_Apple_token_url: {
    ...address,
    section: 'Apple',
    initial: 'https://appleid.apple.com/auth/token',
    about: 'Where Apple exchanges a code for a token.',
  },
  Accounts_OAuth_Apple_jwks_url: {
    ...address,
    section: 'Apple',
    initial: 'https://appleid.apple.com/auth/keys',
    about: 'Where Apple publishes the keys with which it signs.',
  },
  Accounts_OAuth_Meteor: { ...on, section: 'Meteor', about: 'People sign in with Meteor.' },
  Accounts_OAuth_Meteor_id: { ...text, section: 'Meteor', about: 'The id that Meteor has given to this server.' },
  Accounts_OAuth_Meteor_secret: {
    ...secret,
    section: 'Meteor',
    about: 'The secret that Meteor has given to this server.',
  },
  Accounts_OAuth_Meteor_callback_url: {
    ...callback,
    section: 'Meteor',
    initial: '_oauth/meteor-developer',
    about: 'The path of this server to be told to Meteor.',
  },
  Accounts_OAuth_Meteor_authorize_url: {
    ...address,
    section: 'Meteor',
    initial: 'https://www.meteor.com/oauth2/authorize',
    about: 'Where Meteor asks people whether they want to come.',
  },
  Accounts_OAuth_Meteor_token_url: {
    ...address,
    section: 'Meteor',
    initial: 'https://www.meteor.com/oauth2/token',
    about: 'Where Meteor exchanges a code for a token.',
  },
  Accounts_OAuth_Meteor_identity_url: {
    ...address,
    section: 'Meteor',
    initial: 'https://www.meteor.com/api/v1/identity',
    about: 'Where Meteor tells who somebody is.',
  },
  Countersign_OAuth_Join_By_Email: {
    kind: 'boolean',
    initial: true,
    group,
    about:
      'People of these providers get the account that has verified the address which the provider asserts; without it they join it themselves.',
  },
  Accounts_OAuth_Proxy_host: {
    ...text,
    initial: 'https://oauth-proxy.rocket.chat',
    public: true,
    section: 'Proxy',
    about: 'Where clients send people back to for the services below; the proxy leads them here.',
  },
  Accounts_OAuth_Proxy_services: {
    ...text,
    public: true,
    section: 'Proxy',
    about: 'Services whose people come back by way of the proxy, separated by commas.',
  },
} as const satisfies Record<string, SettingDefinition>;
