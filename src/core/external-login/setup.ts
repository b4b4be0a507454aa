/** A service that can be configured, whether or not it is. */
export interface ConfigurableService {
  /** As clients call it: `google`, the name of a custom service, `saml`, `cas`, `ldap`. */
  readonly service: string;
  readonly label: string;
  readonly kind: 'built-in' | 'custom' | 'saml' | 'cas' | 'ldap';
  /** Whether it is switched on, configured or not. */
  readonly on: boolean;
  /** The ids of what can be set of it: where it is, what it knows us by, the rest, and the switch. */
  readonly settings: readonly string[];
  /** The address that the provider has to know; undefined where it sends nobody back. */
  readonly callback: string | undefined;
  /** All of those addresses, the first one included. */
  readonly callbacks: readonly string[];
  /** The guide, as a path in the project. */
  readonly guide: string;
}

/** What one check of a set-up has come to. */
export interface SetupStep {
  /** What was looked at, in one word. */
  readonly step: string;
  readonly held: boolean;
  /** For the operator: a sentence without a secret, and without anything that the other side may word. */
  readonly told: string;
}

/** How providers are set up, and whether that works. */
export interface ProviderSetup {
  list(): readonly ConfigurableService[];
  /**
   * Goes through the set-up of a service, whether or not it is switched on, and asks the provider what can be asked
   * without a person. Nothing is kept or changed, and nobody is signed in.
   * @param service its name, see `ConfigurableService`
   * @returns what was looked at, in order; what depends on a step that did not hold is left out
   */
  examine(service: string): Promise<readonly SetupStep[]>;
}
