import type {
  InactiveReason,
  JoinedIdentity,
  Me,
  Permission,
  Preferences,
  Role,
  User,
  WaysIn,
} from './account-items.ts';
import type {
  AuditEntry,
  ConfigurableProvider,
  DescribedSetting,
  DirectorySyncReport,
  ImportProgress,
  OauthApplication,
  OutboxItem,
  SignInBucket,
  StatisticsOverview,
} from './server-items.ts';
import type { Block, Owner, Passkey, PersonalToken, SessionItem, SignIn, TrustedClient } from './session-items.ts';

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
