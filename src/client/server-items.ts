/** A setting with what it does, and what it can be. */
export interface DescribedSetting {
  readonly _id: string;
  /** Of a secret, only whether there is one. */
  readonly value: SettingValue;
  /** The value of a fresh install. */
  readonly initial: SettingValue;
  readonly kind: 'boolean' | 'integer' | 'text' | 'choice' | 'list';
  readonly group: string;
  /** Empty for none. */
  readonly section: string;
  readonly about: string;
  readonly secret: boolean;
  /** Nobody changes it. */
  readonly fixed: boolean;
  /** The environment sets it again at every start. */
  readonly overridden: boolean;
  readonly choices?: readonly string[];
  readonly least?: number;
  readonly most?: number;
  /** Parts of the unit are allowed as well. */
  readonly fractions?: boolean;
  readonly multiline?: boolean;
  readonly form?: 'addresses' | 'url' | 'json' | 'pattern' | 'patterns' | 'mailbox';
}

export type SettingValue = boolean | number | string | readonly string[];

/** An application whose people sign in here, as its managers read it. */
export interface OauthApplication {
  readonly _id: string;
  readonly name: string;
  readonly active: boolean;
  /** Separated by commas. */
  readonly redirectUri: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly _createdAt: string;
  readonly publicClient?: boolean;
  readonly tokenEndpointAuthMethod?: string;
  readonly postLogoutRedirectUris?: readonly string[];
  readonly backchannelLogoutUri?: string;
  /** The only permissions that its tokens carry; missing for all that the person holds. */
  readonly permissions?: readonly string[];
}

/** What an application is made of. */
export interface AskedOauthApplication {
  readonly name: string;
  readonly active: boolean;
  /** Several by lines or commas. */
  readonly redirectUri: string;
  readonly publicClient?: boolean;
  readonly tokenEndpointAuthMethod?: 'client_secret_basic' | 'client_secret_post' | 'any';
  readonly postLogoutRedirectUris?: readonly string[];
  /** Empty for none. */
  readonly backchannelLogoutUri?: string;
  /** `['*']` for all that the person holds. */
  readonly permissions?: readonly string[];
}

/** A way to sign in that can be configured, whether or not it is. */
export interface ConfigurableProvider {
  readonly service: string;
  readonly label: string;
  readonly kind: 'built-in' | 'custom' | 'saml' | 'cas' | 'ldap';
  readonly on: boolean;
  /** Ids of settings, in the order in which one fills them in. */
  readonly settings: readonly string[];
  /** The address that the provider must know, where it sends people back. */
  readonly callback?: string;
  /** All such addresses. */
  readonly callbacks: readonly string[];
  readonly guide: string;
}

/** What one check of the set-up of a provider came to. */
export interface ProviderStep {
  readonly step: string;
  readonly held: boolean;
  /** A sentence for the operator. */
  readonly told: string;
}

/** A file that was sent, and how its run goes. */
export interface ImportProgress {
  readonly importId: string;
  /** As whoever sent it called it. */
  readonly name: string;
  readonly state: 'uploaded' | 'running' | 'done' | 'failed' | 'stopped';
  readonly dryRun: boolean;
  readonly readBytes: number;
  readonly totalBytes: number;
  readonly people: {
    readonly seen: number;
    /** In a dry run, those who would come. */
    readonly brought: number;
    readonly there: number;
    readonly skipped: number;
  };
  /** The first hundred. */
  readonly problems: readonly { readonly where: string; readonly why: string }[];
  readonly problemsTotal: number;
  /** ISO 8601. */
  readonly uploadedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** A mail of the outbox, without its text. */
export interface OutboxItem {
  readonly id: string;
  /** What it is about, for example `password-reset`. */
  readonly kind: string;
  readonly recipient: string;
  readonly subject: string;
  readonly state: 'waiting' | 'sent' | 'failed' | 'kept';
  readonly tries: number;
  /** When it was made: ISO 8601, like the other moments. */
  readonly at: string;
  readonly sentAt?: string;
  readonly nextTryAt?: string;
  readonly lastError?: string;
}

/** What a run over a directory came to, or would come to. */
export interface DirectorySyncReport {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly full: boolean;
  readonly dryRun: boolean;
  readonly seen: number;
  readonly created: number;
  readonly updated: number;
  readonly closed: number;
  readonly opened: number;
  readonly unchanged: number;
  readonly pictures: number;
  /** The first 100, as are those that were skipped. */
  readonly closing: readonly string[];
  readonly skippedCount: number;
  readonly skipped: readonly { readonly dn: string; readonly because: string }[];
  readonly stopped: string | null;
  readonly failed: string | null;
}

/** One step of a sign-in with a directory that is tried. */
export interface DirectoryStep {
  readonly step: 'switch' | 'connection' | 'search' | 'group' | 'open' | 'password' | 'person' | 'account';
  readonly held: boolean;
  /** A sentence, and lines that belong to it. */
  readonly told: string;
}

/** How the installation stands, in numbers. */
export interface StatisticsOverview {
  readonly accounts: {
    readonly total: number;
    readonly open: number;
    readonly closed: number;
    readonly waiting: number;
  };
  readonly sessions: number;
  /** Of the node that answers. */
  readonly sockets: number;
  readonly personalTokens: number;
  readonly blocks: number;
  readonly mails: {
    readonly serverSet: boolean;
    readonly waiting: number;
    readonly failed: number;
    readonly kept: number;
    readonly oldestWaitingAt?: string;
  };
  readonly directory: { readonly on: boolean; readonly lastRunEndedAt?: string; readonly lastRunFailed?: boolean };
  readonly version: string;
  /** The version of Node.js. */
  readonly node: string;
}

/** An entry of the audit trail. */
export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly what: string;
  readonly outcome: string;
  readonly accountId?: string;
  readonly actorId?: string;
  readonly door: string;
  readonly address: string;
  readonly userAgent: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly position?: number;
  readonly seal?: string;
}

/** The sign-ins of one hour or day. */
export interface SignInBucket {
  readonly from: string;
  readonly done: number;
  readonly refused: number;
  readonly byCode: Readonly<Record<string, number>>;
}
