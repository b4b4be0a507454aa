import type { Client, default as Provider } from 'oidc-provider';
import { proofProperty } from './client-metadata.ts';
import { currentVisit } from './visit.ts';

/** Of the clients of a provider; the library's types leave it out. */
interface SecretHolder {
  compareClientSecret(this: Client, shown: string): boolean | Promise<boolean>;
}

/** Holds clients to the one way of showing their secret that they registered; the provider itself takes both. */
export function holdToRegisteredWay(provider: Provider): void {
  const clients = provider.Client.prototype as unknown as SecretHolder;
  const { compareClientSecret } = clients;
  clients.compareClientSecret = async function (shown) {
    const registered = this[proofProperty];
    const isGood = typeof registered !== 'string' || registered === currentVisit()?.secretBy;
    return isGood && (await compareClientSecret.call(this, shown));
  };
}
