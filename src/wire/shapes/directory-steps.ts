import type { Step } from '../../core/directory/examine.ts';

/** What a step of a sign-in with the directory comes to: a sentence, and lines that belong to it. */
export function stepSentences(step: Step): readonly string[] {
  switch (step.step) {
    case 'switch':
      return [step.held ? 'The directory is switched on.' : 'The directory is switched off: set LDAP_Enable.'];
    case 'connection':
      return [step.because ?? 'Connected; encrypted and signed in as set.'];
    case 'search':
      return [searchSentence(step), `base   ${step.base}`, `filter ${step.filter}`];
    case 'group':
      return [step.because ?? (step.held ? 'In the group that is required.' : 'Not in the group that is required.')];
    case 'open':
      return [step.held ? 'Not disabled in the directory.' : 'Disabled or locked in the directory.'];
    case 'password':
      return [step.because ?? (step.held ? 'The password is right.' : 'The directory does not take the password.')];
    case 'person':
      return ['What would be taken:', ...Object.entries(step.taken).map(([key, text]) => `${key.padEnd(12)}${text}`)];
    case 'account':
      return [accountSentence(step)];
  }
}

function searchSentence({ found, dn = '', because }: Extract<Step, { step: 'search' }>): string {
  if (because !== undefined) return because;
  if (found === 'many') return 'Several entries fit: the directory cannot say who is meant.';
  return found === 'none' ? 'No entry bears this name.' : `One entry: ${dn}`;
}

function accountSentence({ is, username = '' }: Extract<Step, { step: 'account' }>): string {
  switch (is) {
    case 'joined':
      return `It is the account ${username}.`;
    case 'namesake':
      return `It would be joined with the account ${username}, which is local so far.`;
    case 'new':
      return `A new account ${username} would be made.`;
    case 'username-taken':
      return `A local account ${username} is in the way; LDAP_Merge_Existing_Users would join it.`;
    case 'address-taken':
      return `The account ${username} has the address already.`;
    case 'other-person':
      return `The account ${username} was joined with another person of the same id: look at both, then identity unlink.`;
  }
}
