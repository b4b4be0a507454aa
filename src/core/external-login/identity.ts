import type { Moment } from '../ports.ts';

/** An address as a provider tells it. */
export interface ToldEmail {
  readonly address: string;
  /** Whether the provider says that the address is the person's own: its claim, or what is known of the provider. */
  readonly asserted: boolean;
}

/** Where the picture of somebody is. */
export interface ToldPicture {
  readonly url: string;
  /** `operator` where the host is one that the settings name for the provider, which may lead anywhere. */
  readonly chosenBy: 'operator' | 'other';
}

/** Somebody, as a provider calls them. What comes from a request never becomes one of these: a provider made it. */
export interface Identity {
  /** The name-space of the subject: `google`, the name of a custom service, `ldap`, `saml`, `cas`. */
  readonly provider: string;
  /** What the provider calls the person for ever: never an address, never a name that can be given to another. */
  readonly subject: string;
  /** As the account shall be called, if it is free; undefined where the person chooses one later. */
  readonly username: string | undefined;
  readonly name: string | undefined;
  readonly emails: readonly ToldEmail[];
  /** Where the provider tells of one that may be fetched. */
  readonly picture?: ToldPicture;
  /** What lists of one's identities tell, and nothing secret: no token of the provider is ever kept. */
  readonly facts: Readonly<Record<string, string>>;
  /** The session at the provider, where it has a name for it (`sid`, a session index): its end ends ours. */
  readonly session: string | undefined;
  /** Roles that the provider decides: each of these is given or taken, and no other is touched. */
  readonly roles: { readonly held: readonly string[]; readonly decided: readonly string[] } | undefined;
  /** What a new account gets in place of the roles that all people from elsewhere get. */
  readonly firstRoles?: readonly string[];
  /** False where nobody new may come this way, whatever holds for others. */
  readonly mayCreate?: boolean;
  /**
   * Where the provider has names that last for one session: a link that an import brought, and with which nobody has come,
   * may be such a name, and says nothing of who has the account. Left out where the subject would be the one of the link.
   */
  readonly passesUnused?: true;
  /** How an account that exists already may be joined with it. */
  readonly joins: Joining;
  /** What may be rewritten at each sign-in of an account that is joined already. */
  readonly overwrites: { readonly username: boolean; readonly name: boolean; readonly emails: boolean };
}

/** What the administrator has allowed for a provider. */
export interface Joining {
  /** An account of an address that the provider asserts, and that is verified here as well. */
  readonly byEmail: boolean;
  /** An account of the same username: only for directories and services that the administrator named as masters of names. */
  readonly byUsername: boolean;
}

/** An identity that is joined with an account. */
export interface KeptIdentity {
  readonly provider: string;
  readonly subject: string;
  readonly accountId: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly linkedAt: Moment;
  /** When somebody last signed in with it. */
  readonly usedAt: Moment | undefined;
  /** When a run over the directory last saw it. */
  readonly seenAt: Moment | undefined;
}

/** What stands behind a session that was opened by a provider's word. */
export interface Origin {
  readonly provider: string;
  readonly subject: string;
  /** `''` where the provider has no name for its session. */
  readonly session: string;
}

/** The origin of a session that is opened for an identity. */
export function originOf({ provider, subject, session }: Pick<Identity, 'provider' | 'subject' | 'session'>): Origin {
  return { provider, subject, session: session ?? '' };
}
