import type { SamlMessage } from '../core/external-login/saml.ts';
import type { Caller } from '../core/ports.ts';
import { endByCas, takeCasTicket } from '../core/session/cas.ts';
import { beginSaml, endBySaml, leaveSaml, takeSamlResponse } from '../core/session/saml.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.saml`: people from a SAML identity provider. */
export function samlCases({ assertions, saml }: Needs) {
  return {
    /** The provider as it is configured now; undefined where none is. */
    current: saml.current,
    metadata: saml.metadata,
    read: saml.read,
    state: saml.state,
    begin: async (name: string, token: string): Promise<string | undefined> => await beginSaml(assertions, name, token),
    take: async (name: string, encoded: string, caller: Caller): Promise<string> =>
      await takeSamlResponse(assertions, name, encoded, caller),
    leave: async ({ account }: Signed, name: string): Promise<string | undefined> =>
      await leaveSaml(assertions, account.id, name),
    end: async (
      name: string,
      message: SamlMessage,
      relayState: string | undefined,
      caller: Caller,
    ): Promise<string | undefined> => await endBySaml(assertions, name, message, relayState, caller),
  };
}

/** Use-cases of `app.cas`: people from a CAS server. */
export function casCases({ cas, tickets }: Needs) {
  return {
    current: cas.current,
    take: async (token: string, ticket: string, caller: Caller): Promise<void> => {
      await takeCasTicket(tickets, token, ticket, caller);
    },
    end: async (message: string, caller: Caller): Promise<void> => {
      await endByCas(tickets, message, caller);
    },
  };
}
