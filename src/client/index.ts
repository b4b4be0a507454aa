export { type Client, type ClientOptions, createClient, type Proof } from './client.ts';
export type {
  AuditEntry,
  Block,
  ConfigurableProvider,
  DescribedSetting,
  Device,
  DirectoryStep,
  DirectorySyncReport,
  GetEndpoints,
  ImportProgress,
  JoinedIdentity,
  Me,
  OauthApplication,
  OutboxItem,
  Owner,
  Passkey,
  Permission,
  PersonalToken,
  PostEndpoints,
  Preferences,
  ProviderStep,
  Query,
  Role,
  SessionItem,
  SettingValue,
  SignIn,
  SignInBucket,
  StatisticsOverview,
  Status,
  TrustedClient,
  User,
  WaysIn,
} from './endpoints.ts';
export { ClientError } from './error.ts';
export type { After, Socket, WebSocketClass } from './link.ts';
export type { ClientEvents, SubscriptionEvent } from './realtime.ts';
export type { Fetch } from './rest.ts';
export { type OnSecondFactor, type OtherFactor, type SecondFactorChallenge, sha256Hex } from './second-factor.ts';
export type { Session, SessionStorage } from './session.ts';
