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
  readonly bio?: string;
  readonly nickname?: string;
  readonly statusText?: string;
  readonly language?: string;
  /** The session can do nothing else until the password is another. */
  readonly requirePasswordChange?: boolean;
  readonly customFields?: Nothing;
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
  /** ISO 8601. */
  readonly lastLogin?: string;
  readonly [member: string]: unknown;
}

export type Status = 'online' | 'away' | 'busy' | 'offline';

/** What people choose for themselves, by Rocket.Chat's names. */
export interface Preferences {
  readonly language?: string;
  /** False keeps mails about new devices away. */
  readonly receiveLoginDetectionEmail?: boolean;
  readonly [name: string]: unknown;
}

/** Whose a session or a token is, in lists over all accounts. */
export interface Owner {
  readonly username?: string;
  readonly name?: string;
}

/** A session as lists show it: neither its token nor its hash. */
export interface SessionItem {
  readonly sessionId: string;
  readonly userId: string;
  readonly device: {
    readonly type: 'browser' | 'mobile-app' | 'desktop-app' | 'mobile' | 'tablet' | 'other';
    readonly name: string;
    readonly longVersion: string;
    readonly os: { readonly name: string; readonly version: string };
    readonly version: string;
  };
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
  readonly address: string;
  /** ISO 8601. */
  readonly until: string;
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
    query: (Pick<Paging, 'offset' | 'count'> & { readonly username?: string }) | undefined;
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
  'users.lastSignIns': { query: { readonly count?: number }; answer: { readonly signIns: readonly SignIn[] } };
  'users.totpCodesRemaining': { query: undefined; answer: { readonly remaining: number } };
}

/** The endpoints that act. Add more by declaration merging. */
export interface PostEndpoints {
  'login': {
    body: { readonly user: string; readonly password: string; readonly code?: string } | { readonly resume: string };
    answer: {
      readonly status: 'success';
      readonly data: { readonly userId: string; readonly authToken: string; readonly me: Me };
    };
  };
  'logout': { body: undefined; answer: Nothing };
  'loginCode.redeem': {
    body: { readonly code: string };
    answer: { readonly userId: string; readonly loginToken: string };
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
  'twoFactorChallenges.sendEmailCode': { body: { readonly challengeId: string }; answer: Nothing };
  'twoFactorChallenges.verifyChallenge': {
    body: { readonly challengeId: string; readonly code: string };
    answer: { readonly userId: string; readonly loginToken: string };
  };
  'users.createToken': {
    body: { readonly userId: string; readonly secret: string };
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
  /** The picture as a `data:` address. */
  'users.setAvatar': { body: { readonly avatarUrl: string; readonly userId?: string }; answer: Nothing };
  'users.resetAvatar': { body: { readonly userId?: string } | undefined; answer: Nothing };
  'users.logoutOtherClients': { body: undefined; answer: { readonly token: string; readonly tokenExpires: string } };
  'users.removeOtherTokens': { body: undefined; answer: Nothing };
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
