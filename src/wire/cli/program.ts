import { Command as Commander } from 'commander';
import { type Command, Given, sharedOptions } from './command.ts';

/** What belongs together under one first word. */
const groups: Readonly<Record<string, string>> = {
  user: 'Accounts: make, list, show, change, disable, enable, delete; set or reset a password.',
  token: 'Tokens of an account: make, list, revoke.',
  session: 'Sessions: list, end.',
  role: 'Roles: list, make, delete; give them and take them.',
  setting: 'Settings: list, print, change, put back.',
  service: 'Custom OAuth services: add, remove.',
  block: 'Blocks after too many failed sign-ins: list, clear.',
  saml: 'SAML: take over what an identity provider publishes.',
  app: 'Applications whose people sign in here: list, make, delete; another secret.',
  identity: 'Links to identities at providers: list, part.',
  '2fa': 'Second factors: take them away from whoever is locked out.',
  openid: 'The OpenID provider: a new key to sign with.',
  ldap: 'The directory: test the way to it, bring accounts in step with it.',
  audit: 'The audit trail: list, verify, export.',
  import: 'Bring people in, from Rocket.Chat or another Countersign.',
  mail: 'The outbox: list, show, try again; test the mail server.',
};

export interface ProgramNeeds {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Called with the command that was named and what was given to it. */
  readonly run: (command: Command, given: Given) => Promise<void>;
}

const about =
  'Countersign, an authentication server that speaks Rocket.Chat. Without a command it serves.\n' +
  'Every command works on the store that DATABASE_URL names, also while the server runs.';

/** Builds the parser from the definitions. It throws commander's `CommanderError` instead of leaving the process. */
export function createProgram(needs: ProgramNeeds): Commander {
  const program = new Commander('countersign')
    .exitOverride()
    .configureOutput({
      writeOut: needs.stdout,
      writeErr: needs.stderr,
      // One style for every mistake, whoever finds it.
      outputError: (text, write) => {
        write(text.replace(/^error: /u, 'countersign: '));
      },
    })
    .configureHelp({ helpWidth: 100, showGlobalOptions: false })
    .description(about)
    .version(needs.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'after',
      '\nExample:\n  $ countersign doctor\n\nExit codes: 0 done, 1 refused or failed, 2 wrong usage.',
    )
    .showHelpAfterError('(countersign --help lists the commands)');
  const parents = new Map<string, Commander>();
  for (const definition of needs.commands) {
    const [first = '', second] = definition.words.split(' ');
    if (second === undefined) {
      define(program.command(first), definition, needs);
      continue;
    }
    const parent = parents.get(first) ?? groupOf(program, first, needs.commands);
    parents.set(first, parent);
    define(parent.command(second), definition, needs);
  }
  return program;
}

function groupOf(program: Commander, word: string, commands: readonly Command[]): Commander {
  const first = commands.find((command) => command.words.startsWith(`${word} `));
  return program
    .command(word)
    .description(groups[word] ?? '')
    .showHelpAfterError(`(countersign ${word} --help lists the commands)`)
    .addHelpText('after', `\nExample:\n  $ ${first?.example ?? `countersign ${word} --help`}`);
}

function define(target: Commander, definition: Command, needs: ProgramNeeds): void {
  target
    .summary(definition.summary)
    .description([definition.summary, definition.about].filter((text) => text !== undefined).join('\n\n'))
    .addHelpText('after', `\nExample:\n  $ ${definition.example}`)
    .showHelpAfterError(`(countersign ${definition.words} --help tells more)`);
  const wanted = definition.arguments ?? [];
  for (const { name, about: meaning, optional, many } of wanted) {
    const shown = many === true ? `${name}...` : name;
    target.argument(optional === true ? `[${shown}]` : `<${shown}>`, meaning);
  }
  for (const { flags, about: meaning, many } of [...(definition.options ?? []), ...sharedOptions]) {
    if (many === true) target.option(flags, meaning, collected, []);
    else target.option(flags, meaning);
  }
  target.action(async () => {
    const named = new Map(wanted.flatMap(({ name }, at) => entry(name, target.args[at])));
    const lists = new Map(
      wanted.flatMap(({ name, many }, at) => (many === true ? [[name, target.args.slice(at)]] : [])),
    );
    await needs.run(
      definition,
      new Given({ arguments: named, lists, options: target.opts<Record<string, unknown>>() }),
    );
  });
}

function entry(name: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined ? [] : [[name, value]];
}

function collected(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
