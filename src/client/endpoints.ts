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
  readonly form?: 'addresses' | 'url' | 'json' | 'pattern';
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

/** A personal access token as lists show it, without the token itself. */
export interface PersonalToken {
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The last six characters. */
  readonly lastTokenPart: string;
  readonly bypassTwoFactor: boolean;
  /** These are told with the query `details`, each where it is set. */
  readonly _id?: string;
  readonly lastUsedAt?: string;
  readonly expiresAt?: string;
  readonly scopes?: readonly string[];
  readonly addresses?: readonly string[];
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

/** Whose a session or a token is, in lists over all accounts. */
export interface Owner {
  readonly username?: string;
  readonly name?: string;
}

/** What the user agent of a client tells of it; empty texts where it tells nothing. */
export interface Device {
  readonly type: 'browser' | 'mobile-app' | 'desktop-app' | 'mobile' | 'tablet' | 'other';
  readonly name: string;
  readonly longVersion: string;
  readonly os: { readonly name: string; readonly version: string };
  readonly version: string;
}

/** A session as lists show it: neither its token nor its hash. */
export interface SessionItem {
  readonly sessionId: string;
  readonly userId: string;
  readonly device: Device;
  readonly ip: string;
  /** ISO 8601, like the moments below. */
  readonly loginAt: string;
  readonly lastActivityAt: string;
  readonly door: string;
  readonly factor?: string;
  readonly current: boolean;
  readonly expiresAt?: string;
}

/** A passkey as lists show it. */
export interface Passkey {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, like `usedAt`. */
  readonly createdAt: string;
  readonly usedAt?: string;
  readonly backedUp: boolean;
}

/** A sign-in to the account, or an attempt that was refused. */
export interface SignIn {
  /** ISO 8601. */
  readonly at: string;
  readonly done: boolean;
  readonly door: string;
  readonly address: string;
  readonly userAgent: string;
  readonly device: Device;
  /** `password`, `passkey`, the name of a provider; `confirmation` where a session gave a second factor for an act. */
  readonly kind?: string;
  /** The second factor that held. */
  readonly factor?: string;
  /** Why it was refused. */
  readonly code?: string;
}

/** A session that is not asked for a second factor for a while. */
export interface TrustedClient {
  readonly id: string;
  readonly userAgent: string;
  readonly device: Device;
  readonly address: string;
  /** ISO 8601. */
  readonly until: string;
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

/** Who may not sign in for now; the members that name them are the ones by which the block is cleared. */
export interface Block {
  readonly type: 'account' | 'device' | 'address' | 'name';
  readonly userId?: string;
  readonly username?: string;
  /** A fingerprint of the address and the client. */
  readonly device?: string;
  readonly address?: string;
  /** The digest of a typed name that no account has. */
  readonly name?: string;
  readonly failures: number;
  /** When the last failure was counted: ISO 8601, as is `until`. */
  readonly since: string;
  readonly until: string;
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

type Nothing = Readonly<Record<string, unknown>>;

/** Which part of a list; the sort is JSON, for example `{"username":1}`. */
interface Paging {
  readonly offset?: number;
  readonly count?: number;
  readonly sort?: string;
}

/** How long a list is, and where this page of it begins. */
interface Page {
  readonly count: number;
  readonly offset: number;
  readonly total: number;
}

/** What may stand in a query; undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The endpoints that are read. Add more by declaration merging. */
export interface GetEndpoints {
  /** Without an id, of the file that there is. */
  'imports.progress': { query: { readonly importId?: string } | undefined; answer: ImportProgress };
  'me': { query: undefined; answer: Me };
  'users.getPersonalAccessTokens': {
    query: { readonly details?: boolean } | undefined;
    answer: { readonly tokens: readonly PersonalToken[] };
  };
  'sessions/list': {
    query: (Paging & { readonly filter?: string }) | undefined;
    answer: Page & { readonly sessions: readonly SessionItem[] };
  };
  'sessions/info': { query: { readonly sessionId: string }; answer: SessionItem };
  'sessions/list.all': {
    query: (Paging & { readonly filter?: string }) | undefined;
    answer: Page & { readonly sessions: readonly (SessionItem & { readonly _user?: Owner })[] };
  };
  'personalTokens.list.all': {
    query: (Pick<Paging, 'offset' | 'count'> & { readonly username?: string; readonly userId?: string }) | undefined;
    answer: Page & {
      readonly tokens: readonly (PersonalToken & { readonly userId: string; readonly _user?: Owner })[];
    };
  };
  'pw.getPolicy': {
    query: undefined;
    /** Each rule is its name, and its numbers where it has any. */
    answer: {
      readonly enabled: boolean;
      readonly policy: readonly (readonly [rule: string, numbers?: Readonly<Record<string, number>>])[];
    };
  };
  'settings.public': {
    /** Ids, with commas between them. */
    query: (Paging & { readonly _id?: string }) | undefined;
    answer: Page & { readonly settings: readonly { readonly _id: string; readonly value: unknown }[] };
  };
  'users.info': {
    query: { readonly userId: string } | { readonly username: string } | { readonly email: string };
    answer: { readonly user: User };
  };
  'users.list': {
    query: (Paging & { readonly email?: string }) | undefined;
    answer: Page & { readonly users: readonly User[] };
  };
  'users.listByStatus': {
    query:
      | (Paging & {
          readonly status?: 'active' | 'deactivated';
          readonly hasLoggedIn?: boolean;
          readonly type?: 'user' | 'bot' | 'app';
          /** The id of a role. */
          readonly roles?: string;
          /** What a username, a name or an address begins with. */
          readonly searchTerm?: string;
          readonly inactiveReason?: InactiveReason;
        })
      | undefined;
    answer: Page & { readonly users: readonly User[] };
  };
  'users.waysIn': { query: { readonly userId: string }; answer: WaysIn };
  /** The selector is JSON: `{"term":"ja","exceptions":["jane"]}`. */
  'users.autocomplete': {
    query: { readonly selector: string };
    answer: { readonly items: readonly Pick<User, '_id' | 'username' | 'name'>[] };
  };
  'roles.list': { query: undefined; answer: { readonly roles: readonly Role[] } };
  'roles.getUsersInRole': {
    query: Paging & { readonly role: string };
    answer: { readonly users: readonly Pick<User, '_id' | 'username' | 'name' | 'emails'>[]; readonly total: number };
  };
  'permissions.listAll': {
    query: { readonly updatedSince?: string } | undefined;
    answer: { readonly update: readonly Permission[]; readonly remove: readonly string[] };
  };
  'users.getPreferences': { query: undefined; answer: { readonly preferences: Preferences } };
  'users.getUsernameSuggestion': { query: undefined; answer: { readonly result: string } };
  'users.checkUsernameAvailability': {
    query: { readonly username: string };
    answer: { readonly result: boolean };
  };
  'applications.consents': {
    query: undefined;
    answer: {
      /** Applications that the caller lets speak for them. */
      readonly consents: readonly { readonly clientId: string; readonly name: string; readonly givenAt: string }[];
    };
  };
  'passkeys.list': { query: undefined; answer: { readonly passkeys: readonly Passkey[]; readonly alone: boolean } };
  'identities.list': {
    query: { readonly userId?: string } | undefined;
    answer: { readonly identities: readonly JoinedIdentity[] };
  };
  'users.totpQrCode': { query: undefined; answer: { readonly svg: string } };
  'users.trustedClients': { query: undefined; answer: { readonly clients: readonly TrustedClient[] } };
  'audit.list': {
    query: {
      readonly userId?: string;
      readonly actorId?: string;
      readonly what?: string;
      readonly outcome?: 'done' | 'refused';
      readonly since?: string;
      readonly until?: string;
      readonly count?: number;
      readonly cursor?: string;
    };
    answer: {
      readonly entries: readonly AuditEntry[];
      /** Usernames by ids. */
      readonly names: Readonly<Record<string, string>>;
      readonly next?: string;
    };
  };
  'blocks.list': {
    query: Pick<Paging, 'offset' | 'count'> | undefined;
    answer: Page & { readonly blocks: readonly Block[] };
  };
  'statistics.overview': { query: undefined; answer: StatisticsOverview };
  'statistics.signIns': {
    query: { readonly since?: string; readonly until?: string; readonly step?: 'hour' | 'day' } | undefined;
    answer: { readonly buckets: readonly SignInBucket[]; readonly step: 'hour' | 'day' };
  };
  'settings.described': { query: undefined; answer: { readonly settings: readonly DescribedSetting[] } };
  'oauth-apps.list': { query: undefined; answer: { readonly oauthApps: readonly OauthApplication[] } };
  'providers.list': { query: undefined; answer: { readonly providers: readonly ConfigurableProvider[] } };
  'ldap.syncReport': { query: undefined; answer: { readonly report: DirectorySyncReport | null } };
  'mails.list': {
    query: (Pick<Paging, 'offset' | 'count'> & { readonly state?: OutboxItem['state'] }) | undefined;
    answer: Page & { readonly mails: readonly OutboxItem[]; readonly serverSet: boolean };
  };
  'users.lastSignIns': { query: { readonly count?: number }; answer: { readonly signIns: readonly SignIn[] } };
  'users.totpCodesRemaining': { query: undefined; answer: { readonly remaining: number } };
}

/** The endpoints that act. Add more by declaration merging. */
export interface PostEndpoints {
  /** Asks for a second factor. The file itself is sent to `imports.upload` as it is. */
  'imports.start': { body: { readonly importId: string; readonly dryRun: boolean }; answer: Nothing };
  'imports.stop': { body: { readonly importId: string }; answer: Nothing };
  'imports.remove': { body: { readonly importId: string }; answer: Nothing };
  'login': {
    body: { readonly user: string; readonly password: string; readonly code?: string } | { readonly resume: string };
    answer: {
      readonly status: 'success';
      readonly data: { readonly userId: string; readonly authToken: string; readonly me: Me };
    };
  };
  'logout': { body: undefined; answer: Nothing };
  /** All or none; asks for a second factor each time. */
  'settings': {
    body: { readonly settings: readonly { readonly _id: string; readonly value: SettingValue }[] };
    answer: Nothing;
  };
  'settings.addCustomOAuth': { body: { readonly name: string }; answer: Nothing };
  'settings.removeCustomOAuth': { body: { readonly name: string }; answer: Nothing };
  'oauth-apps.create': { body: AskedOauthApplication; answer: { readonly application: OauthApplication } };
  'oauth-apps.update': { body: AskedOauthApplication & { readonly appId: string }; answer: OauthApplication };
  'oauth-apps.delete': { body: { readonly appId: string }; answer: unknown };
  'providers.test': {
    body: { readonly service: string };
    answer: { readonly steps: readonly ProviderStep[] };
  };
  'ldap.testConnection': { body: undefined; answer: { readonly message: string } };
  'ldap.syncNow': {
    body: { readonly dryRun?: boolean; readonly full?: boolean } | undefined;
    answer: { readonly message: string; readonly report?: DirectorySyncReport };
  };
  'ldap.testSignIn': {
    body: { readonly username: string; readonly password?: string };
    answer: { readonly steps: readonly DirectoryStep[] };
  };
  'loginCode.redeem': {
    body: { readonly code: string };
    answer: { readonly userId: string; readonly loginToken: string };
  };
  /** One of an account, its device, an address and a name. */
  'blocks.clear': {
    body: Partial<Pick<Block, 'userId' | 'device' | 'address' | 'name'>>;
    answer: { readonly cleared: number };
  };
  'mails.retry': { body: { readonly id: string }; answer: Nothing };
  'mails.remove': { body: { readonly id: string }; answer: Nothing };
  'mails.test': {
    body: { readonly to?: string } | undefined;
    answer: { readonly delivered: true; readonly to: string };
  };
  'applications.withdraw': { body: { readonly clientId: string }; answer: Nothing };
  'passkeys.begin': { body: undefined; answer: { readonly options: Nothing } };
  'passkeys.add': {
    body: { readonly name: string; readonly credential: object };
    answer: { readonly passkey: Passkey; readonly codes?: readonly string[] };
  };
  'passkeys.rename': { body: { readonly id: string; readonly name: string }; answer: Nothing };
  'passkeys.remove': { body: { readonly id: string }; answer: Nothing };
  'passkeys.setAlone': { body: { readonly alone: boolean }; answer: Nothing };
  'passkeys.signInOptions': { body: undefined; answer: { readonly options: Nothing } };
  'passkeys.signIn': {
    body: { readonly credential: object };
    answer: { readonly userId: string; readonly loginToken: string };
  };
  'identities.link': {
    body: { readonly credentialToken: string; readonly credentialSecret: string; readonly currentPassword?: string };
    answer: { readonly provider: string; readonly subject: string };
  };
  'identities.unlink': {
    body: Pick<JoinedIdentity, 'provider' | 'subject'> & {
      readonly userId?: string;
      readonly currentPassword?: string;
    };
    answer: Nothing;
  };
  'twoFactorChallenges.offer': {
    body: { readonly challengeId: string; readonly method?: string };
    answer: {
      readonly method: string;
      readonly availableMethods: readonly string[];
      /** Whether a code was mailed just now. */
      readonly codeGenerated: boolean;
      /** What a browser shows a passkey with. */
      readonly options?: Nothing;
    };
  };
  'twoFactorChallenges.sendEmailCode': { body: { readonly challengeId: string }; answer: Nothing };
  'twoFactorChallenges.verifyChallenge': {
    body: {
      readonly challengeId: string;
      readonly code: string;
      /** Which factor the code is of, where it is not the one that is due. */
      readonly method?: string;
    };
    answer: { readonly userId: string; readonly loginToken: string };
  };
  'users.createToken': {
    body: { readonly userId: string; readonly secret?: string };
    answer: { readonly data: { readonly userId: string; readonly authToken: string } };
  };
  'users.generatePersonalAccessToken': {
    body: {
      readonly tokenName: string;
      readonly bypassTwoFactor?: boolean;
      /** ISO 8601. */
      readonly expiresAt?: string;
      readonly scopes?: readonly string[];
      readonly addresses?: readonly string[];
    };
    answer: { readonly token: string };
  };
  'users.regeneratePersonalAccessToken': { body: { readonly tokenName: string }; answer: { readonly token: string } };
  'users.removePersonalAccessToken': { body: { readonly tokenName: string }; answer: Nothing };
  'personalTokens.revoke': { body: { readonly tokenId: string }; answer: { readonly tokenId: string } };
  'sessions/logout.me': { body: { readonly sessionId: string }; answer: { readonly sessionId: string } };
  'sessions/logout': { body: { readonly sessionId: string }; answer: { readonly sessionId: string } };
  'users.register': {
    body: {
      readonly username: string;
      readonly email: string;
      readonly pass: string;
      readonly name?: string;
      /** Where registration is open by a secret address only. */
      readonly secret?: string;
      /** For whoever approves the account. */
      readonly reason?: string;
      readonly customFields?: Nothing;
    };
    /** Nobody is signed in by it. */
    answer: { readonly user: User };
  };
  /** The answer is the same whether anybody has the address. */
  'users.forgotPassword': { body: { readonly email: string }; answer: Nothing };
  'users.sendConfirmationEmail': { body: { readonly email: string }; answer: Nothing };
  'users.verifyEmail': { body: { readonly token: string }; answer: Nothing };
  /** Uses nothing up. */
  'mailedLinks.look': {
    body: { readonly token: string; readonly purpose: 'password' | 'verification' };
    answer: { readonly held: boolean; readonly username?: string };
  };
  /** Nobody is signed in by it. */
  'mailedLinks.setPassword': { body: { readonly token: string; readonly password: string }; answer: Nothing };
  /** For whoever may register. */
  'registration.offerUsername': {
    body: {
      readonly username?: string;
      readonly name?: string;
      readonly email?: string;
      readonly secret?: string;
    };
    answer: { readonly free?: boolean; readonly suggestion: string };
  };
  /** Asks for a second factor for another address or password. */
  'users.updateOwnBasicInfo': {
    body: {
      readonly data: {
        readonly email?: string;
        readonly name?: string;
        readonly username?: string;
        /** The empty text erases it, like `bio`. */
        readonly nickname?: string;
        readonly bio?: string;
        readonly statusType?: Status;
        readonly statusText?: string;
        /** SHA-256 of the password in hex: the second factor of whoever has no other. */
        readonly currentPassword?: string;
        readonly newPassword?: string;
      };
      readonly customFields?: Nothing;
    };
    answer: { readonly user: Me };
  };
  'users.deleteOwnAccount': {
    /** SHA-256 in hex: of the password, or of the username where there is none. */
    body: { readonly password: string };
    answer: Nothing;
  };
  'users.setPreferences': {
    body: { readonly data: Preferences; readonly userId?: string };
    answer: {
      readonly user: { readonly _id: string; readonly settings: { readonly preferences: Preferences } };
    };
  };
  'users.setStatus': {
    body: {
      readonly status?: Status;
      readonly message?: string;
      /** ISO 8601. */
      readonly expiresAt?: string;
      readonly userId?: string;
    };
    answer: Nothing;
  };
  'users.create': {
    body: {
      readonly username: string;
      readonly name: string;
      readonly email: string;
      /** Passed over with `setRandomPassword`. */
      readonly password: string;
      readonly roles?: readonly string[];
      readonly verified?: boolean;
      readonly requirePasswordChange?: boolean;
      /** A link is mailed with which the owner sets a password. */
      readonly setRandomPassword?: boolean;
      readonly sendWelcomeEmail?: boolean;
      readonly bio?: string;
      readonly customFields?: Nothing;
    };
    answer: { readonly user: User };
  };
  'users.update': {
    body: {
      readonly userId: string;
      readonly data: {
        readonly username?: string;
        readonly name?: string;
        readonly email?: string;
        readonly verified?: boolean;
        readonly bio?: string;
        readonly nickname?: string;
        readonly roles?: readonly string[];
        readonly password?: string;
        readonly requirePasswordChange?: boolean;
        readonly setRandomPassword?: boolean;
        readonly customFields?: Nothing;
      };
    };
    answer: { readonly user: User };
  };
  'users.setActiveStatus': { body: { readonly userId: string; readonly activeStatus: boolean }; answer: Nothing };
  'users.delete': { body: { readonly userId: string }; answer: Nothing };
  'users.sendWelcomeEmail': { body: { readonly email: string }; answer: Nothing };
  'roles.create': {
    body: { readonly name: string; readonly description?: string; readonly mandatory2fa?: boolean };
    answer: { readonly role: Role };
  };
  'roles.update': {
    body: {
      readonly roleId: string;
      readonly name?: string;
      readonly description?: string;
      readonly mandatory2fa?: boolean;
    };
    answer: { readonly role: Role };
  };
  'roles.delete': { body: { readonly roleId: string }; answer: Nothing };
  'roles.addUserToRole': { body: { readonly username: string; readonly roleId: string }; answer: Nothing };
  'roles.removeUserFromRole': { body: { readonly username: string; readonly roleId: string }; answer: Nothing };
  'permissions.addRole': { body: { readonly permissionId: string; readonly role: string }; answer: Nothing };
  'permissions.removeRole': { body: { readonly permissionId: string; readonly role: string }; answer: Nothing };
  /** The picture as a `data:` address. */
  'users.setAvatar': { body: { readonly avatarUrl: string; readonly userId?: string }; answer: Nothing };
  'users.resetAvatar': { body: { readonly userId?: string } | undefined; answer: Nothing };
  'users.logoutOtherClients': { body: undefined; answer: { readonly token: string; readonly tokenExpires: string } };
  /** Personal tokens stay, unless they are named. */
  'users.removeOtherTokens': { body: { readonly personalTokens?: boolean } | undefined; answer: Nothing };
  'users.logout': { body: { readonly userId?: string } | undefined; answer: { readonly message: string } };
  'users.2fa.enableEmail': { body: undefined; answer: Nothing };
  'users.2fa.disableEmail': { body: undefined; answer: Nothing };
  'users.2fa.sendEmailCode': { body: { readonly emailOrUsername: string }; answer: Nothing };
  'users.resetTOTP': {
    body: { readonly userId: string } | { readonly username: string } | undefined;
    answer: Nothing;
  };
  'users.forgetTrustedClients': { body: { readonly id?: string } | undefined; answer: { readonly forgotten: number } };
  'users.enableTotp': { body: undefined; answer: { readonly secret: string; readonly url: string } };
  'users.validateTotp': { body: { readonly code: string }; answer: { readonly codes: readonly string[] } };
  'users.disableTotp': { body: { readonly code: string }; answer: { readonly disabled: boolean } };
  'users.regenerateTotpCodes': { body: { readonly code: string }; answer: { readonly codes: readonly string[] } };
}

/** A path below `/api/v1/`: one of the map, or any other text. */
export type PathOf<Map> = keyof Map | (string & Record<never, never>);

type Given<Input> = undefined extends Input ? [input?: Input] : [input: Input];

/** What `get` takes after the path. */
export type GetInput<P> = P extends keyof GetEndpoints ? Given<GetEndpoints[P]['query']> : [query?: Query];
/** What `get` answers. */
export type GetAnswer<P> = P extends keyof GetEndpoints ? GetEndpoints[P]['answer'] : Nothing;
/** What `post` takes after the path. */
export type PostInput<P> = P extends keyof PostEndpoints ? Given<PostEndpoints[P]['body']> : [body?: unknown];
/** What `post` answers. */
export type PostAnswer<P> = P extends keyof PostEndpoints ? PostEndpoints[P]['answer'] : Nothing;
