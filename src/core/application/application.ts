import type { Account } from '../account/account.ts';
import type { Moment, Sealer } from '../ports.ts';

/** How a client shows who it is where codes become tokens (RFC 6749 §2.3.1); `none` for public ones. */
export type ClientProof = 'client_secret_basic' | 'client_secret_post' | 'none';

/** What an application may ask for beyond Rocket.Chat's own members: mostly of use to the OpenID provider. */
export interface ApplicationOptions {
  /** A program on people's own machines: it can keep no secret, and must use PKCE. */
  readonly publicClient: boolean;
  /** The only way in which it may show its secret; undefined for both. */
  readonly clientProof: Exclude<ClientProof, 'none'> | undefined;
  /** Where a browser may be sent after signing out, compared letter by letter. */
  readonly postLogoutRedirects: readonly string[];
  /** Where the server tells that a session has ended (OpenID Connect Back-Channel Logout). */
  readonly backChannelLogout: string | undefined;
  /** Ids of the only permissions that its access tokens carry; undefined for all that the person holds. */
  readonly permissions: readonly string[] | undefined;
}

/** Another service whose people sign in here. */
export interface Application {
  readonly id: string;
  /** 17 characters; public. */
  readonly clientId: string;
  readonly name: string;
  /** An inactive one gets no code and no token, and those that it had have ended. */
  readonly active: boolean;
  /** Its secret, sealed; see `secretOf`. */
  readonly sealedSecret: string;
  /** Where browsers may be sent back to, compared letter by letter; at least one. */
  readonly redirects: readonly string[];
  readonly options: ApplicationOptions;
  readonly creator: { readonly id: string; readonly username: string | undefined };
  readonly createdAt: Moment;
  readonly updatedAt: Moment;
}

export const plainOptions: ApplicationOptions = Object.freeze({
  publicClient: false,
  clientProof: undefined,
  postLogoutRedirects: [],
  backChannelLogout: undefined,
  permissions: undefined,
});

/** What an application shall be, as somebody asks for it. */
export interface AskedApplication {
  readonly name: string;
  readonly active: boolean;
  /** One, or several by lines or commas. */
  readonly redirects: string;
  readonly options: ApplicationOptions;
}

/** The secret of an application, 43 characters. @throws Error where it was sealed with another key */
export function secretOf(sealer: Pick<Sealer, 'open'>, application: Pick<Application, 'id' | 'sealedSecret'>): string {
  return sealer.open(application.sealedSecret, boundTo(application.id));
}

/** A secret as it is kept. */
export function sealedSecret(sealer: Pick<Sealer, 'seal'>, id: string, secret: string): string {
  return sealer.seal(secret, boundTo(id));
}

function boundTo(id: string): string {
  return `application ${id}`;
}

/** Who made an application, as lists tell it. */
export function creatorOf({ id, username }: Pick<Account, 'id' | 'username'>): Application['creator'] {
  return { id, username };
}
