import type { Step } from '../../../core/directory/examine.ts';
import type { Command } from '../command.ts';
import { passwordFrom } from '../password.ts';

export const ldapTest: Command = {
  words: 'ldap test',
  summary: 'Go through a sign-in with the directory step by step, and say what each of them comes to.',
  about:
    'Nothing is written and no failure is counted here; the directory may count a wrong password. The exit code is 1 where the sign-in would be refused.',
  arguments: [
    {
      name: 'user',
      about: 'what the person types as name or address; left out, the connection alone is tried',
      optional: true,
    },
  ],
  options: [{ flags: '--password-stdin', about: 'try a password as well, read from standard input' }],
  example: 'countersign ldap test ada --password-stdin < password.txt',
  async run(given, desk) {
    const typed = given.optionalArgument('user');
    const password = given.flag('passwordStdin') ? await passwordFrom(desk.needs.stdin) : undefined;
    return await desk.withApp(async (app) => {
      const asked = { ...(typed === undefined ? {} : { typed }), ...(password === undefined ? {} : { password }) };
      const steps: Step[] = [];
      for await (const step of app.directory.examine(asked)) steps.push(step);
      const held = steps.every((step) => step.held);
      return {
        document: { held, steps },
        text: steps.flatMap(linesOf).join('\n'),
        code: held ? 0 : 1,
      };
    });
  },
};

function linesOf(step: Step): readonly string[] {
  const mark = step.held ? 'ok  ' : 'FAIL';
  const [first, ...more] = sentencesOf(step);
  return [`${mark} ${first ?? ''}`, ...more.map((line) => `     ${line}`)];
}

function sentencesOf(step: Step): readonly string[] {
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
