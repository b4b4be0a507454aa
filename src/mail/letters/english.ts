import { factOf, type Translation, unlinked } from './translation.ts';

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
  'identity-linked': ({ facts, site }) => ({
    subject: 'A way to sign in was added to your account',
    paragraphs: [
      `Your account on ${site.name} was joined with an account at ${factOf(facts, 'provider')}, which signs in to it from now on.`,
      'If this was not you, take it away in your profile, change your password and tell your administrator.',
    ],
  }),
  'identity-unlinked': ({ facts, site }) => ({
    subject: 'A way to sign in was taken from your account',
    paragraphs: [
      `Your account on ${site.name} was parted from an account at ${factOf(facts, 'provider')}, which signs in to it no more.`,
      'If this was not you, change your password and tell your administrator.',
    ],
  }),
  'email-changed': ({ facts, site }) => ({
    subject: 'The e-mail address of your account was changed',
    paragraphs: [
      factOf(facts, 'by') === 'owner'
        ? `The e-mail address of your account on ${site.name} was changed.`
        : `An administrator has changed the e-mail address of your account on ${site.name}.`,
      'Mail about the account does not come here any more. If you did not expect this, tell your administrator.',
    ],
  }),
  'password-changed': ({ site }) => ({
    subject: 'Your password was changed',
    paragraphs: [
      `The password of your account on ${site.name} was changed, and its other sessions were ended.`,
      'If this was not you, reset your password now and tell your administrator.',
    ],
  }),
  'password-set': ({ site }) => ({
    subject: 'Your password was changed',
    paragraphs: [
      `An administrator has set a new password for your account on ${site.name} and ended its sessions.`,
      'If you did not expect this, ask your administrator.',
    ],
  }),
  'account-opened': ({ site }) => ({
    subject: 'Your account was activated',
    paragraphs: [
      `Your account on ${site.name} is active now: you can sign in.`,
      'If you did not expect this, ask your administrator.',
    ],
  }),
  'account-closed': ({ site }) => ({
    subject: 'Your account was deactivated',
    paragraphs: [
      `Your account on ${site.name} was deactivated and all of its sessions were ended.`,
      'If you did not expect this, ask your administrator.',
    ],
  }),
  'email-verification': ({ facts, site }) => ({
    subject: 'Verify your e-mail address',
    paragraphs: [
      `Open this link to verify your e-mail address for ${site.name}:`,
      `It is good for ${days(factOf(facts, 'days'))} and for one use. If you did not ask for it, ignore this mail: the address stays unverified.`,
    ],
    link: factOf(facts, 'link'),
  }),
  'password-reset': ({ facts, site }) => ({
    subject: 'Set a new password',
    paragraphs: [
      `Open this link to set a new password for your account on ${site.name}:`,
      `It is good for ${minutes(factOf(facts, 'minutes'))} and for one use. Signing in with the old password makes it void.`,
      'If you did not ask for it, ignore this mail: your password stays as it is.',
    ],
    link: factOf(facts, 'link'),
  }),
  'enrolment': ({ facts, site }) => ({
    subject: `Your account on ${site.name}`,
    paragraphs: [
      `An administrator has made an account for you on ${site.name}. Open this link to set your password:`,
      `Your username: ${unlinked(factOf(facts, 'username'))}`,
      `The link is good for ${days(factOf(facts, 'days'))} and for one use. If you do not expect an account there, ignore this mail.`,
    ],
    link: factOf(facts, 'link'),
  }),
  'welcome': ({ facts, site }) => ({
    subject: `Welcome to ${site.name}`,
    paragraphs: [
      `You have an account on ${site.name}. Your username: ${unlinked(factOf(facts, 'username'))}`,
      'If you do not know your password, ask for a link to set a new one where you sign in. If you do not expect an account there, ask the administrator to delete it.',
    ],
  }),
  'account-waits': ({ facts, site }) => ({
    subject: 'A new account waits for approval',
    paragraphs: [
      `Somebody has registered on ${site.name} and waits until an administrator activates the account. This is what they wrote:`,
      `Username: ${unlinked(factOf(facts, 'username'))}`,
      `Name: ${unlinked(factOf(facts, 'name'))}`,
      `E-mail address: ${unlinked(factOf(facts, 'email'))}`,
      `Reason: ${unlinked(factOf(facts, 'reason'))}`,
    ],
  }),
  'address-known': ({ site }) => ({
    subject: 'You have an account already',
    paragraphs: [
      `Somebody has registered on ${site.name} with this e-mail address, for which there is an account already. No other one was made.`,
      'If this was you, sign in, or ask for a link to set a new password. If it was not, there is nothing for you to do.',
    ],
  }),
  'account-approved': ({ site }) => ({
    subject: 'Your account was approved',
    paragraphs: [
      `An administrator has approved your account on ${site.name}: you can sign in now.`,
      'If you have not registered there, ask the administrator to delete it.',
    ],
  }),
  'new-device': ({ facts, site }) => ({
    subject: 'Login detected from a new device',
    paragraphs: [
      `Somebody signed in to your account on ${site.name} from a device that had not been used for it before.`,
      `When: ${factOf(facts, 'at')} UTC`,
      `From: ${unlinked(factOf(facts, 'address'))}`,
      `With: ${unlinked(factOf(facts, 'browser'))}`,
      ...(factOf(facts, 'system') === '' ? [] : [`System: ${unlinked(factOf(facts, 'system'))}`]),
      'If this was not you, end the session, change your password and tell your administrator.',
    ],
  }),
  'personal-token-ends': ({ facts, site }) => ({
    subject: 'A personal access token ends soon',
    paragraphs: [
      `Your personal access token ${unlinked(factOf(facts, 'name'))} on ${site.name} ends on ${factOf(facts, 'at')} UTC. What uses it is refused from then on.`,
      'Make another one in time if you still need it. If you do not know it, remove it and change your password.',
    ],
  }),
  'personal-token-revoked': ({ facts, site }) => ({
    subject: 'A personal access token was revoked',
    paragraphs: [
      `An administrator has revoked your personal access token ${unlinked(factOf(facts, 'name'))} on ${site.name}. What used it is refused from now on.`,
      'If you did not expect this, ask your administrator.',
    ],
  }),
  'account-blocked': ({ facts, site }) => ({
    subject: 'Sign-in to your account is blocked for a while',
    paragraphs: [
      `Too many sign-ins to your account on ${site.name} have failed, the last one from the address ${factOf(facts, 'address')}. For about ${minutes(factOf(facts, 'minutes'))} nobody can sign in to it, except from where you have signed in before. Sessions that are open stay open.`,
      'If that was you, wait and try again. If not, somebody is guessing: there is nothing to do as long as your password is good and used nowhere else. A second factor keeps them out even if they guess it.',
    ],
  }),
  'sign-ins-blocked': ({ facts, site }) => ({
    subject: 'Failed sign-ins were blocked',
    paragraphs: [
      `After ${factOf(facts, 'failures')} failed sign-ins ${site.name} has blocked ${blockedSubject(facts)} for about ${minutes(factOf(facts, 'minutes'))}.`,
      `The last of them came from the address ${factOf(facts, 'address')}. The list of blocks (countersign block list) tells what is blocked now.`,
    ],
  }),
  'delivery-test': ({ site }) => ({
    subject: 'Test of mail delivery',
    paragraphs: [`${site.name} has sent this mail to see that it arrives. There is nothing for you to do.`],
  }),
};

function blockedSubject(facts: Readonly<Record<string, string>>): string {
  switch (factOf(facts, 'kind')) {
    case 'address':
      return 'that address';
    case 'name':
      return 'a name that no account has';
    default:
      return `the account ${unlinked(factOf(facts, 'username'))}`;
  }
}

function named(factor: string): string {
  return factors[factor] ?? factor;
}

function minutes(count: string): string {
  return count === '1' ? '1 minute' : `${count} minutes`;
}

function days(count: string): string {
  return count === '1' ? '1 day' : `${count} days`;
}
