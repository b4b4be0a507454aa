import type { Writable } from 'node:stream';
import type { App } from '../../app.ts';
import type { Account } from '../../core/account/account.ts';
import type { AccountPage } from '../../core/account/store.ts';
import type { Restored, Settled } from '../../core/administration/restored.ts';
import type { Caller } from '../../core/ports.ts';
import type { Role } from '../../core/setting/store.ts';
import type { DoctorProbes } from './doctor/probes.ts';

/** What the command line uses of the app: what the host may do, and the ways to find an account. */
export interface CliApp {
  readonly account: {
    readonly find: App['account']['find'];
    readonly list: (page: AccountPage) => Promise<{ readonly accounts: readonly Account[]; readonly total: number }>;
  };
  readonly application: Pick<App['application'], 'host' | 'secretOf'>;
  readonly audit: Pick<App['audit'], 'page' | 'verify' | 'export' | 'glance'>;
  readonly directory: Pick<App['directory'], 'examine' | 'sync'>;
  readonly moving: App['moving'];
  readonly saml: Pick<App['saml'], 'read' | 'state'>;
  readonly openId: Pick<App['openId'], 'rotateKeys'>;
  readonly permissions: { readonly roles: () => readonly Role[] };
  readonly settings: {
    readonly get: (id: 'Accounts_Registration_Users_Default_Roles' | 'Site_Url') => string;
    readonly list: App['settings']['list'];
  };
  readonly host: Pick<
    App['host'],
    | 'createAccount'
    | 'roleExists'
    | 'createRole'
    | 'removeRole'
    | 'giveRole'
    | 'takeRole'
    | 'changeSetting'
    | 'resetSetting'
    | 'addService'
    | 'removeService'
    | 'setOpen'
    | 'edit'
    | 'remove'
    | 'mailPasswordLink'
    | 'setPassword'
    | 'passwordViolations'
    | 'makeToken'
    | 'makePersonalToken'
    | 'tokens'
    | 'sessions'
    | 'personalTokens'
    | 'endSession'
    | 'endSessions'
    | 'endToken'
    | 'endTokens'
    | 'makeLoginCode'
    | 'resetFactors'
    | 'identities'
    | 'unlinkIdentity'
    | 'blocks'
    | 'clearBlock'
    | 'administratorThere'
    | 'countAccounts'
    | 'mails'
    | 'mail'
    | 'showMail'
    | 'retryMail'
    | 'testMail'
  >;
}

/** An app on the same store as the running server's. */
export interface OpenedApp {
  readonly app: CliApp;
  readonly close: () => Promise<void>;
  /** The database that was made for it, where there was none. */
  readonly made?: string | undefined;
}

/** Opens the app, acts, and closes it whatever happens. */
export type WithApp = <T>(act: (app: CliApp) => Promise<T>, how?: Opening) => Promise<T>;

/** How the app is opened. */
export interface Opening {
  /** Nothing is made where no database is yet. */
  readonly trial?: boolean;
  /** Where no database is yet, one is made; else opening is refused there. */
  readonly makes?: boolean;
}

/** What the command line needs from the process it runs in. */
export interface CliNeeds {
  /** The words after the program's name: `process.argv.slice(2)`. None means `serve`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whose account of the machine it is called with; undefined where nobody knows. */
  readonly operator?: string | undefined;
  readonly stdout: (text: string) => void;
  /** Waits until standard output takes more; whoever writes much asks now and then. Left out where it never fills. */
  readonly stdoutDrained?: () => Promise<void>;
  /** Hears what is told as well where standard output fails from now on. */
  readonly ifUnwritten?: (sentence: string | undefined) => void;
  readonly stderr: (text: string) => void;
  /** Where a bar can be drawn; undefined where nobody watches. */
  readonly terminal?: Writable | undefined;
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };
  /** Opens the store and builds the app. Rejects with an error whose message is a sentence for the operator. */
  readonly openApp: (how?: Opening) => Promise<OpenedApp>;
  /** Runs the server until it is told to stop; gives the exit code. Rejects with `OpeningError` where it cannot start. */
  readonly serve: () => Promise<number>;
  /** Copies the embedded database. Rejects with an error whose message is a sentence for the operator. */
  readonly backUp: (
    target: string,
    caller: Caller,
  ) => Promise<{
    /** Whether the audit trail tells of it. */
    readonly noted: boolean;
    readonly file: string;
    readonly bytes: number;
    /** Where the key lies; undefined where the environment gives it. */
    readonly keyFile: string | undefined;
  }>;
  /** Puts a backup in the place of the embedded database. Rejects like `backUp`. */
  readonly restore: (
    backup: string,
    how: { readonly keepSessions: boolean; readonly endPersonal: boolean },
    caller: Caller,
  ) => Promise<Restored>;
  /** Ends in a PostgreSQL database what pg_restore has brought back. Rejects like `backUp`. */
  readonly settleRestored: (how: { readonly endPersonal: boolean }, caller: Caller) => Promise<Settled>;
  readonly doctor: DoctorProbes;
  readonly version: string;
}
