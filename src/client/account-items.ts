/** An answer that tells nothing more, and members that nobody but their owner knows. */
export type Nothing = Readonly<Record<string, unknown>>;

/** What the server says of the caller. */
export interface Me {
  readonly _id: string;
  readonly username?: string;
  readonly name?: string;
  readonly email?: string;
  readonly emails?: readonly { readonly address: string; readonly verified: boolean }[];
  readonly roles: readonly string[];
  readonly active: boolean;
  readonly avatarUrl?: string;
  /** Changes whenever the picture does; missing for the drawn one. */
  readonly avatarETag?: string;
  readonly bio?: string;
  readonly nickname?: string;
  readonly statusText?: string;
  /** What the person chose to be shown as. */
  readonly statusDefault?: Status;
  readonly language?: string;
  /** The session can do nothing else until the password is another. */
  readonly requirePasswordChange?: boolean;
  readonly customFields?: Nothing;
  /** What holds: the person's choice, else the default of the settings. */
  readonly settings?: { readonly preferences: Preferences };
  readonly services?: {
    readonly totp?: { readonly enabled: boolean };
    readonly email2fa?: { readonly enabled: boolean };
    readonly password?: { readonly exists: boolean };
  };
  readonly [member: string]: unknown;
}

/** An identity at a provider that is joined with an account. */
export interface JoinedIdentity {
  readonly provider: string;
  /** What the provider calls the person for ever. */
  readonly subject: string;
  readonly facts: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly linkedAt: string;
  readonly usedAt?: string;
}

/** An account as somebody else sees it; what the caller may not see is not there. */
export interface User {
  readonly _id: string;
  readonly username?: string;
  readonly name?: string;
  readonly status: Status;
  readonly active: boolean;
  readonly type: string;
  readonly emails?: readonly { readonly address: string; readonly verified: boolean }[];
  readonly roles?: readonly string[];
  /** ISO 8601, like `createdAt`. */
  readonly lastLogin?: string;
  readonly createdAt?: string;
  readonly bio?: string;
  readonly nickname?: string;
  /** What somebody wrote when signing up, for whoever approves. */
  readonly reason?: string;
  readonly inactiveReason?: InactiveReason;
  readonly requirePasswordChange?: boolean;
  readonly customFields?: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

/** Why an account is closed. */
export type InactiveReason = 'deactivated' | 'pending_approval' | 'idle_too_long';

/** By what an account can sign in. */
export interface WaysIn {
  readonly password: boolean;
  readonly app: boolean;
  /** Asked for once an address is verified. */
  readonly email: boolean;
  readonly passkey: boolean;
  /** A passkey signs in without the password. */
  readonly passkeyAlone: boolean;
  readonly inactiveReason?: InactiveReason;
}

/** A role of the server, or of rooms, which this server has none of. */
export interface Role {
  readonly _id: string;
  readonly name: string;
  readonly scope: 'Users' | 'Subscriptions';
  readonly description: string;
  /** It keeps its name and its scope, and cannot be deleted. */
  readonly protected: boolean;
  /** Whoever has it must have a second factor. */
  readonly mandatory2fa: boolean;
}

/** A permission, and the ids of the roles that hold it. */
export interface Permission {
  readonly _id: string;
  readonly roles: readonly string[];
  /** Of the permission to change one setting. */
  readonly level?: 'settings';
  readonly settingId?: string;
  readonly group?: string;
  readonly section?: string;
}

export type Status = 'online' | 'away' | 'busy' | 'offline';

/** What people choose for themselves, by Rocket.Chat's names. */
export interface Preferences {
  readonly language?: string;
  /** False keeps mails about new devices away. */
  readonly receiveLoginDetectionEmail?: boolean;
  readonly [name: string]: unknown;
}
