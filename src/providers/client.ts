import type { Settings } from '../core/setting/settings.ts';

/** The services whose id and secret stand under Rocket.Chat's names (providers.md §2.4). */
type Service = 'Google' | 'Facebook' | 'Twitter' | 'Github' | 'Linkedin' | 'Meteor';

/** As what this server is known to a provider. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Undefined while the service is switched off, or lacks its id or its secret. */
export function clientOf(settings: Settings, service: Service): Client | undefined {
  const clientId = settings.get(`Accounts_OAuth_${service}_id`).trim();
  const clientSecret = settings.get(`Accounts_OAuth_${service}_secret`).trim();
  const isOn = settings.get(`Accounts_OAuth_${service}`) && clientId !== '' && clientSecret !== '';
  return isOn ? { clientId, clientSecret } : undefined;
}

/** Whether every address is one of the web: the environment may hold what no form would take. */
export function areAddresses(...addresses: readonly string[]): { readonly held: boolean } {
  return { held: addresses.every((address) => /^https?:$/u.test(URL.parse(address)?.protocol ?? '')) };
}

/** An address with more parameters. */
export function withParams(address: string, params: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return url.href;
}
