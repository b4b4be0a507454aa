import type { App } from '../../app.ts';
import type { Account } from '../../core/account/account.ts';
import type { AccountPage } from '../../core/account/store.ts';
import type { Role } from '../../core/setting/store.ts';
import type { DoctorProbes } from './doctor/probes.ts';

/** What the command line uses of the app: what the host may do, and the ways to find an account. */
export interface CliApp {
  readonly account: {
    readonly find: App['account']['find'];
    readonly list: (page: AccountPage) => Promise<{ readonly accounts: readonly Account[]; readonly total: number }>;
  };
  readonly permissions: { readonly roles: () => readonly Role[] };
  readonly settings: { readonly get: (id: 'Accounts_Registration_Users_Default_Roles' | 'Site_Url') => string };
  readonly host: Pick<
    App['host'],
    | 'createAccount'
    | 'roleExists'
    | 'setOpen'
    | 'setPassword'
    | 'makeToken'
    | 'makePersonalToken'
    | 'tokens'
    | 'endToken'
    | 'endTokens'
    | 'makeLoginCode'
    | 'resetFactors'
    | 'unblockAccount'
    | 'unblockAddress'
    | 'administratorThere'
    | 'countAccounts'
    | 'mails'
    | 'mail'
    | 'retryMail'
    | 'testMail'
  >;
}

/** An app on the same store as the running server's. */
export interface OpenedApp {
  readonly app: CliApp;
  readonly close: () => Promise<void>;
}

/** Opens the app, acts, and closes it whatever happens. */
export type WithApp = <T>(act: (app: CliApp) => Promise<T>) => Promise<T>;

/** What the command line needs from the process it runs in. */
export interface CliNeeds {
  /** The words after the program's name: `process.argv.slice(2)`. None means `serve`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };
  /** Opens the store and builds the app. Rejects with an error whose message is a sentence for the operator. */
  readonly openApp: () => Promise<OpenedApp>;
  /** Runs the server until it is told to stop; gives the exit code. Rejects with `OpeningError` where it cannot start. */
  readonly serve: () => Promise<number>;
  readonly doctor: DoctorProbes;
  readonly version: string;
}
