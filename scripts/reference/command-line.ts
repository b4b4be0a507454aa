import { type Command, sharedOptions } from '../../src/wire/cli/command.ts';
import { commands } from '../../src/wire/cli/commands/index.ts';
import { createProgram } from '../../src/wire/cli/program.ts';
import { blocks, code, type Page, plain, table } from './markdown.ts';

/** Every command, with the usage line of the parser itself. */
export function commandLinePage(): Page {
  const silent = (): void => undefined;
  const program = createProgram({
    commands,
    version: '',
    stdout: silent,
    stderr: silent,
    run: () => Promise.resolve(),
  });
  const usageOf = ({ words }: Command): string => {
    let found = program;
    for (const word of words.split(' ')) found = found.commands.find((one) => one.name() === word) ?? found;
    return `countersign ${words} ${found.usage()}`;
  };
  return {
    file: 'command-line.md',
    title: 'Command line',
    about: 'commands for whoever holds the host',
    body: blocks(
      'The commands work on the store that `DATABASE_URL` names, also while the server runs, and need no permission: whoever may read the database holds the host. Without a command `countersign` serves. In a clone, `node src/main.ts` stands for `countersign`.',
      'Exit codes: 0 done, 1 refused or failed, 2 wrong usage. With `--json` standard output holds one JSON document, and an error is one on standard error: `{"error": {"code": …, "message": …}}`, with the codes of [faults](faults.md), `usage`, or `unexpected`.',
      table(
        ['Command', 'What it does'],
        commands.map(({ words, summary }) => [
          `[${code(words)}](#countersign-${words.replaceAll(' ', '-')})`,
          plain(summary),
        ]),
      ),
      ...commands.map((command) => sectionOf(command, usageOf(command))),
    ),
  };
}

function sectionOf(command: Command, usage: string): string {
  const { words, summary, about = '', arguments: named = [], options = [], example } = command;
  return blocks(
    `## countersign ${words}`,
    plain(summary),
    plain(about),
    `\`\`\`\n${usage}\n\`\`\``,
    table(
      ['Argument', 'Meaning'],
      named.map((argument) => [code(argument.name), plain(argument.about)]),
    ),
    table(
      ['Option', 'Meaning'],
      [...options, ...sharedOptions].map(({ flags, about: meaning }) => [code(flags), plain(meaning)]),
    ),
    `Example:\n\n\`\`\`sh\n${example}\n\`\`\``,
  );
}
