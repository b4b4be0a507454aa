import { factOf, type Translation } from './translation.ts';

const factors: Readonly<Record<string, string>> = {
  app: 'an authenticator app',
  email: 'codes by e-mail',
  passkey: 'a passkey',
};

export const english: Translation = {
  'authentication-code': ({ facts, site }) => ({
    subject: 'Authentication code',
    paragraphs: [
      `Your authentication code for ${site.name}:`,
      `It is good for ${minutes(factOf(facts, 'minutes'))} and for one use.`,
      'Nobody from the server will ever ask you for it. If you did not ask for a code, somebody may know your password: change it.',
    ],
    code: factOf(facts, 'code'),
  }),
  'factors-reset': ({ site }) => ({
    subject: 'Your two-factor authentication was reset',
    paragraphs: [
      `An administrator has taken away all second factors of your account on ${site.name} and ended all of its sessions.`,
      'Sign in again and set up a second factor. If you did not expect this, ask your administrator.',
    ],
  }),
  'factor-added': ({ facts, site }) => ({
    subject: 'A second factor was added to your account',
    paragraphs: [
      `A second factor was added to your account on ${site.name}: ${named(factOf(facts, 'factor'))}.`,
      'If this was not you, change your password and tell your administrator.',
    ],
  }),
  'factor-removed': ({ facts, site }) => ({
    subject: 'A second factor was removed from your account',
    paragraphs: [
      `A second factor was removed from your account on ${site.name}: ${named(factOf(facts, 'factor'))}.`,
      'If this was not you, change your password and tell your administrator.',
    ],
  }),
  'delivery-test': ({ site }) => ({
    subject: 'Test of mail delivery',
    paragraphs: [`${site.name} has sent this mail to see that it arrives. There is nothing for you to do.`],
  }),
};

function named(factor: string): string {
  return factors[factor] ?? factor;
}

function minutes(count: string): string {
  return count === '1' ? '1 minute' : `${count} minutes`;
}
