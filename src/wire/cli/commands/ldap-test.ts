import type { Step } from '../../../core/directory/examine.ts';
import { stepSentences } from '../../shapes/directory-steps.ts';
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
  const [first, ...more] = stepSentences(step);
  return [`${mark} ${first ?? ''}`, ...more.map((line) => `     ${line}`)];
}
