import { randomUUID } from 'node:crypto';
import { CommanderError } from 'commander';
import type { Answer, Command, Desk } from './command.ts';
import { commands } from './commands/index.ts';
import type { CliNeeds, Opening } from './needs.ts';
import { createProgram } from './program.ts';
import { openingErrorOf, type Told, tell } from './refusal.ts';
import { printableLines } from './text.ts';

/**
 * Runs one call of the command line. Everything it says goes through `needs`, and it never leaves the process.
 * @param needs what the process gives
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage
 */
export async function cli(needs: CliNeeds): Promise<number> {
  // Known before the words are parsed, so that a mistake in them is told as JSON as well.
  const json = beforeDashes(needs.argv).includes('--json');
  let code = 0;
  const program = createProgram({
    commands,
    version: needs.version,
    stdout: needs.stdout,
    stderr: json ? () => undefined : needs.stderr,
    run: async (command, given) => {
      code = print(needs, json, await command.run(given, deskOf(needs, json, command)));
    },
  });
  try {
    await program.parseAsync(wordsOf(needs.argv), { from: 'user' });
    return code;
  } catch (cause) {
    if (cause instanceof CommanderError) return afterParser(needs, json, cause);
    const told = tell(cause, { stack: ['debug', 'trace'].includes((needs.env['LOG_LEVEL'] ?? '').toLowerCase()) });
    refuse(needs, json, told);
    return told.exitCode;
  }
}

/** The parser knows `help` of the first word alone: `help session end` is `session end --help`. */
function wordsOf(argv: readonly string[]): string[] {
  if (argv.length === 0) return ['serve'];
  const [first, ...named] = argv;
  return first === 'help' && named.length > 1 ? [...named, '--help'] : [...argv];
}

function deskOf(needs: CliNeeds, json: boolean, command: Command): Desk {
  return {
    needs,
    caller: { door: 'cli', address: '', userAgent: '', requestId: randomUUID(), operator: needs.operator },
    async withApp(act, how) {
      const { app, close, made } = await opened(needs, { makes: command.begins === true, ...how });
      if (made !== undefined && !json) needs.stderr(`There was no database: ${printableLines(made)} is made.\n`);
      try {
        return await act(app);
      } finally {
        await close();
      }
    },
  };
}

async function opened(needs: CliNeeds, how: Opening): ReturnType<CliNeeds['openApp']> {
  try {
    return await needs.openApp(how);
  } catch (cause) {
    throw openingErrorOf(cause);
  }
}

function print(needs: CliNeeds, json: boolean, answer: Answer): number {
  if (json) {
    needs.ifUnwritten?.(answer.unwritten);
    if (answer.document !== undefined) needs.stdout(`${JSON.stringify(answer.document, undefined, 2)}\n`);
  } else {
    needs.ifUnwritten?.(answer.unwritten);
    if (answer.text !== undefined) needs.stdout(`${printableLines(answer.text)}\n`);
    if (answer.note !== undefined) needs.stderr(`${printableLines(answer.note)}\n`);
  }
  return answer.code ?? 0;
}

/** Help and version were printed as asked; anything else is wrong usage, and the parser has said what. */
function afterParser(needs: CliNeeds, json: boolean, cause: CommanderError): number {
  if (cause.code === 'commander.helpDisplayed' || cause.code === 'commander.version') return 0;
  if (cause.code === 'commander.help' && cause.exitCode === 0) return 0;
  const message = cause.code === 'commander.help' ? 'A command is missing.' : cause.message.replace(/^error: /u, '');
  if (json) refuse(needs, json, { code: 'usage', message, exitCode: 2 });
  return 2;
}

function refuse(needs: CliNeeds, json: boolean, { code, message, facts }: Told): void {
  if (json) {
    needs.stderr(`${JSON.stringify({ error: { code, message, ...(facts === undefined ? {} : { facts }) } })}\n`);
    return;
  }
  needs.stderr(`countersign: ${printableLines(message)}\n`);
}

function beforeDashes(words: readonly string[]): readonly string[] {
  const dashes = words.indexOf('--');
  return dashes === -1 ? words : words.slice(0, dashes);
}
