import type { Identity } from '../core/external-login/identity.ts';
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
import type { Needs } from './needs.ts';
import { noFactor } from './no-factor.ts';

/** Use-cases of `app.external`: people from elsewhere. */
export function externalCases({ crediting, externalProving, loggingIn, providers }: Needs) {
  return {
    providers,
    /** Keeps what a browser brought back. @returns the opener's secret, see `keepCredential` */
    keepCredential: async (
      way: CredentialWay,
      token: string,
      service: string,
      outcome: BrowserOutcome,
    ): Promise<string | undefined> => await keepCredential(crediting, way, token, service, outcome),
    /** Signs in with what a browser left behind. @throws Fault, see `logInByCredential` */
    logInByCredential: async (
      way: CredentialWay,
      pair: CredentialPair,
      caller: Caller,
      supplied: SuppliedFactor = noFactor,
    ): Promise<LoggedIn> => await logInByCredential(crediting, way, pair, caller, supplied),
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
