export type { JoinedIdentity, Me, Permission, Preferences, Role, Status, User, WaysIn } from './account-items.ts';
export { type Client, type ClientOptions, createClient, type Proof } from './client.ts';
export { ClientError } from './error.ts';
export type { GetEndpoints, Query } from './get-endpoints.ts';
export type { After, Socket, WebSocketClass } from './link.ts';
export type { PostEndpoints } from './post-endpoints.ts';
export type { ClientEvents, SubscriptionEvent } from './realtime.ts';
export type { Fetch } from './rest.ts';
export { type OnSecondFactor, type OtherFactor, type SecondFactorChallenge, sha256Hex } from './second-factor.ts';
export type {
  AuditEntry,
  ConfigurableProvider,
  DescribedSetting,
  DirectoryStep,
  DirectorySyncReport,
  ImportProgress,
  OauthApplication,
  OutboxItem,
  ProviderStep,
  SettingValue,
  SignInBucket,
  StatisticsOverview,
} from './server-items.ts';
export type { Session, SessionStorage } from './session.ts';
export type {
  Block,
  Device,
  Owner,
  Passkey,
  PersonalToken,
  SessionItem,
  SignIn,
  TrustedClient,
} from './session-items.ts';
