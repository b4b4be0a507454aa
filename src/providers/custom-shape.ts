import type { Joining } from '../core/external-login/identity.ts';
import type { Fields } from './fields.ts';
import type { OAuth2 } from './oauth2.ts';

/** A service of the shape that custom ones have (providers.md §3), wherever its settings stand. */
export interface CustomShape
  extends Pick<
    OAuth2,
    'service' | 'label' | 'showsButton' | 'published' | 'clientId' | 'clientSecret' | 'clientAuthentication' | 'scope'
  > {
  /** Where an OpenID provider is discovered, whose ID tokens are demanded; undefined for services without. */
  readonly issuer: string | undefined;
  /** What the operator has set; of the others the discovered ones are taken. */
  readonly places: {
    readonly authorize: string | undefined;
    readonly token: string | undefined;
    readonly identity: string | undefined;
    readonly keys?: string | undefined;
    readonly introspection?: string | undefined;
  };
  /** How the access token goes to the identity endpoint: as bearer, or under this name in the query. */
  readonly tokenInQuery: string | undefined;
  readonly identityHeaders?: Readonly<Record<string, string>>;
  /** Formulas, see `fieldOf`; `''` looks in the usual places, and for the username nowhere. */
  readonly fields: {
    readonly username: string;
    readonly email: string;
    readonly name: string;
    /** `''` for no picture. */
    readonly avatar?: string;
  };
  /** Whether the service says that an address is the person's own. */
  readonly asserts: (identity: Fields, address: string) => { readonly held: boolean };
  /** The roles that the service decides, and where it tells them. */
  readonly roles: { readonly claim: string; readonly decided: readonly string[] } | undefined;
  readonly joins: Joining;
  readonly overwritesName: boolean;
  /**
   * Whether access tokens that clients bring are taken: where their audience can be proved, or always, or by this. Of a
   * service without it they are refused.
   */
  readonly takesTokens?: 'proved' | 'unproved' | ((accessToken: string) => Promise<void>);
}
