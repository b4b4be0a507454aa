import type { Identity } from '../core/external-login/identity.ts';
import type { FaultCode } from '../core/fault.ts';
import type { Caller } from '../core/ports.ts';
import type { SuppliedFactor } from '../core/second-factor/gate.ts';
import {
  type BrowserOutcome,
  type CredentialPair,
  type CredentialWay,
  keepCredential,
  logInByCredential,
} from '../core/session/credential.ts';
import { externalProof } from '../core/session/external-proof.ts';
import { type LoggedIn, logIn } from '../core/session/log-in.ts';
import { logOutByProvider } from '../core/session/provider-logout.ts';
import { type Beginning, keepRequestToken, takeRequestToken } from '../core/session/request-token.ts';
import type { Needs } from './needs.ts';
import { noFactor } from './no-factor.ts';

/** Refusals that the operator may be able to mend. */
const isOfProvider: ReadonlySet<FaultCode> = new Set(['provider-refused', 'provider-unreachable']);

/** Use-cases of `app.external`: people from elsewhere. */
export function externalCases({
  clock,
  crediting,
  externalProving,
  log,
  loggingIn,
  pictures,
  providers,
  store,
}: Needs) {
  return {
    providers,
    /** Waits for the pictures of people who have signed in. */
    picturesTaken: pictures.settled,
    /** Keeps what a browser brought back; what a provider did not do as it should, the log hears of. @returns the opener's secret, see `keepCredential` */
    keepCredential: async (
      way: CredentialWay,
      token: string,
      service: string,
      outcome: BrowserOutcome,
    ): Promise<string | undefined> => {
      if ('fault' in outcome && isOfProvider.has(outcome.fault.code)) {
        const { code, facts } = outcome.fault;
        log?.('A sign-in at a provider came to nothing.', { service, code, told: facts['message'] });
      }
      return await keepCredential(crediting, way, token, service, outcome);
    },
    /** Keeps what a provider of OAuth 1 gave to begin with. @returns what the browser's cookie is to hold */
    keepRequestToken: async (beginning: Beginning, remembered: string): Promise<string> =>
      await keepRequestToken(crediting, beginning, remembered),
    /** The same once more, for the browser with that cookie; undefined for others. */
    takeRequestToken: async (beginning: Beginning, browser: string | undefined): Promise<string | undefined> =>
      await takeRequestToken(crediting, beginning, browser),
    /** Signs in with what a browser left behind. @throws Fault, see `logInByCredential` */
    logInByCredential: async (
      way: CredentialWay,
      pair: CredentialPair,
      caller: Caller,
      supplied: SuppliedFactor = noFactor,
    ): Promise<LoggedIn> => await logInByCredential(crediting, way, pair, caller, supplied),
    /** Ends the sessions of which a provider says that they are over. @throws Fault, see `logOutByProvider` */
    logOutByProvider: async (service: string, token: string, caller: Caller): Promise<number> =>
      await logOutByProvider(
        { clock, providers, identities: store.identities, counts: store.counts },
        service,
        token,
        caller,
      ),
    /**
     * Signs in by the word of a provider that was asked right now.
     * @param identify asks it; called once, after the limits have let the attempt through
     * @throws Fault, see `externalProof` and `logIn`
     */
    logInAs: async (
      kind: string,
      identify: () => Promise<Identity>,
      caller: Caller,
      supplied: SuppliedFactor = noFactor,
    ): Promise<LoggedIn> =>
      await logIn(loggingIn, externalProof(externalProving, kind, identify, caller), caller, supplied),
  };
}
