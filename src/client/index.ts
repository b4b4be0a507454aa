export { type Client, type ClientOptions, createClient, type Proof } from './client.ts';
export type {
  AuditEntry,
  Block,
  Device,
  GetEndpoints,
  ImportProgress,
  JoinedIdentity,
  Me,
  OutboxItem,
  Owner,
  Passkey,
  PersonalToken,
  PostEndpoints,
  Preferences,
  Query,
  SessionItem,
  SignIn,
  SignInBucket,
  StatisticsOverview,
  Status,
  TrustedClient,
  User,
} from './endpoints.ts';
export { ClientError } from './error.ts';
export type { After, Socket, WebSocketClass } from './link.ts';
export type { ClientEvents, SubscriptionEvent } from './realtime.ts';
export type { Fetch } from './rest.ts';
export { type OnSecondFactor, type OtherFactor, type SecondFactorChallenge, sha256Hex } from './second-factor.ts';
export type { Session, SessionStorage } from './session.ts';
