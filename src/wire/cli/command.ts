import type { Caller } from '../../core/ports.ts';
import type { CliNeeds, WithApp } from './needs.ts';

export interface ArgumentDefinition {
  readonly name: string;
  readonly about: string;
  readonly optional?: true;
  /** One or more of them; only the last argument can be. */
  readonly many?: true;
}

export interface OptionDefinition {
  /** As commander has it: `--role <role>` takes a value, `--bot` is on or off. */
  readonly flags: string;
  readonly about: string;
  /** May be given several times. */
  readonly many?: true;
}

/** What a command gives back; the command line prints it. */
export interface Answer {
  /** Printed as the one JSON document with `--json`; a command without one prints nothing there. */
  readonly document?: unknown;
  /** Printed otherwise, on standard output: what a script may want to read. */
  readonly text?: string;
  /** Printed beside it on standard error: what a person should know. */
  readonly note?: string;
  /** Told where standard output cannot be written: what was done all the same, and what is lost with the text. */
  readonly unwritten?: string;
  /** The exit code; 0 if left out. */
  readonly code?: number;
}

/** What a command works with. */
export interface Desk {
  readonly needs: CliNeeds;
  readonly caller: Caller;
  readonly withApp: WithApp;
}

/** One command: what the parser, `--help` and the reference page say of it, and what it does. */
export interface Command {
  /** The words that call it, for example `user create`. */
  readonly words: string;
  readonly summary: string;
  /** Further sentences for `--help` and the reference. */
  readonly about?: string;
  readonly arguments?: readonly ArgumentDefinition[];
  readonly options?: readonly OptionDefinition[];
  readonly example: string;
  /** It makes a database where there is none yet. Every other command is refused there. */
  readonly begins?: true;
  run(given: Given, desk: Desk): Promise<Answer>;
}

/** What every command takes as well. */
export const sharedOptions: readonly OptionDefinition[] = [
  { flags: '--json', about: 'print one JSON document; errors are printed as {"error": …} on standard error' },
];

/** The words of the call make no sense together: exit code 2. */
export class UsageError extends Error {}

/** The arguments and options of one call, read by name. */
export class Given {
  readonly #arguments: ReadonlyMap<string, string>;
  readonly #lists: ReadonlyMap<string, readonly string[]>;
  readonly #options: Readonly<Record<string, unknown>>;

  /**
   * @param given.arguments by the names of the definition
   * @param given.lists those that may be given several times
   * @param given.options by commander's names: `password-stdin` is `passwordStdin`
   */
  constructor(given: {
    readonly arguments: ReadonlyMap<string, string>;
    readonly lists?: ReadonlyMap<string, readonly string[]>;
    readonly options: Readonly<Record<string, unknown>>;
  }) {
    this.#arguments = given.arguments;
    this.#lists = given.lists ?? new Map();
    this.#options = given.options;
  }

  /** An argument that the definition requires. */
  argument(name: string): string {
    const value = this.#arguments.get(name);
    if (value === undefined) throw new UsageError(`The argument ${name} is missing.`);
    return value;
  }

  /** An argument that may be given several times. */
  argumentList(name: string): readonly string[] {
    return this.#lists.get(name) ?? [];
  }

  optionalArgument(name: string): string | undefined {
    return this.#arguments.get(name);
  }

  flag(option: string): boolean {
    return this.#options[option] === true;
  }

  text(option: string): string | undefined {
    const value = this.#options[option];
    return typeof value === 'string' ? value : undefined;
  }

  texts(option: string): readonly string[] {
    const value = this.#options[option];
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  }

  /** @throws UsageError when it is no whole number from 0 on */
  wholeNumber(option: string, initial: number): number {
    const value = this.text(option);
    if (value === undefined) return initial;
    if (!/^\d{1,9}$/u.test(value)) {
      const flag = option.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
      throw new UsageError(`--${flag} must be a whole number, 0 or more.`);
    }
    return Number(value);
  }
}
