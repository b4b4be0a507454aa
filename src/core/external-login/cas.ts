import type { Identity } from './identity.ts';

/** A CAS server, as it is configured now. */
export interface CasServer {
  /** What clients may know of it (providers.md §6). */
  readonly published: Readonly<Record<string, unknown>>;
  /**
   * Asks the server whose a ticket is.
   * @param token the client's, which stands in the address that the ticket was made for
   * @throws Fault `provider-refused`, `provider-unreachable`
   */
  redeem(token: string, ticket: string): Promise<Identity>;
  /** The tickets whose sessions have ended, as the server tells. @throws Fault `provider-refused` */
  endedTicket(message: string): Promise<string>;
}

/** The CAS server of the settings. */
export interface Cas {
  /** Undefined while it is switched off, or lacks something that it cannot do without. */
  current(): CasServer | undefined;
}
