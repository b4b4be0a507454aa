import type { Moment } from '../ports.ts';

export interface Email {
  readonly address: string;
  readonly verified: boolean;
}

export type AccountKind = 'user' | 'bot' | 'app';

export type Status = 'online' | 'away' | 'busy' | 'offline';

/** Which second factors an account has set up. */
export interface SecondFactors {
  /** An authenticator app, confirmed by a first code. */
  readonly app: boolean;
  /** Codes by e-mail. */
  readonly email: boolean;
  readonly passkey: boolean;
  /** Whether a passkey alone lets the account in, without its password. */
  readonly passkeyAlone: boolean;
}

export const noSecondFactors: SecondFactors = Object.freeze({
  app: false,
  email: false,
  passkey: false,
  passkeyAlone: false,
});

/** Somebody, or something, that can sign in. It never holds a secret: the stored password has a read of its own. */
export interface Account {
  /** 17 characters, never reused. */
  readonly id: string;
  /** Unique in its folded form (`foldName`); missing until a person from elsewhere has chosen one. */
  readonly username: string | undefined;
  readonly name: string | undefined;
  readonly kind: AccountKind;
  readonly emails: readonly Email[];
  /** Ids of roles, in the order they were given. */
  readonly roles: readonly string[];
  /** False while deactivated or waiting for approval. */
  readonly open: boolean;
  /** Why it is closed, where that is told: it waits for approval, nobody signed in for long, or a directory closed it. */
  readonly closedBecause: 'waits-for-approval' | 'idle' | 'directory' | undefined;
  /** What the person wrote when signing up, for whoever approves. */
  readonly signUpReason: string | undefined;
  /** Changes with each picture; undefined for the drawn one. */
  readonly avatarTag: string | undefined;
  readonly hasPassword: boolean;
  readonly secondFactors: SecondFactors;
  /** Why the next sign-in must be followed by a new password; undefined when it need not. */
  readonly passwordChange:
    | {
        readonly reason: string | undefined;
        /** Since when; the store sets it where it is missing. */
        readonly since?: Moment;
      }
    | undefined;
  /** The status the person chose; `online` means: whatever the connections say. */
  readonly chosenStatus: Status;
  readonly statusText: string;
  /** When the chosen status and text fall back to the default; undefined for never. */
  readonly statusEndsAt: Moment | undefined;
  readonly bio: string | undefined;
  readonly nickname: string | undefined;
  readonly language: string | undefined;
  /** Hours east of UTC, as the client last said. */
  readonly utcOffset: number | undefined;
  /** Only what the person set; the defaults come from the settings. */
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly customFields: Readonly<Record<string, unknown>>;
  readonly createdAt: Moment;
  readonly updatedAt: Moment;
  readonly lastLogInAt: Moment | undefined;
}

/** How a request names an account. */
export interface Claim {
  readonly by: 'id' | 'username' | 'email';
  readonly value: string;
}

/** The role of ordinary people. */
export const everybodysRole = 'user';

/** The first roles of somebody; where a setting names none that there are, everybody's, since nobody signs in without. */
export function atLeastEverybodys(roles: readonly string[]): readonly string[] {
  return roles.length === 0 ? [everybodysRole] : roles;
}

/** The role whose last open holder can never be removed. */
export const administratorRole = 'admin';
