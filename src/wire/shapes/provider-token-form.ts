import type { App } from '../../app.ts';
import type { Identity } from '../../core/external-login/identity.ts';
import type { TokenForm } from '../../core/external-login/provider.ts';
import { Fault } from '../../core/fault.ts';

/** A log-in with a token that a provider gave to the client itself. */
export interface ProviderToken {
  /** As the client calls the service; nothing is known of it yet. */
  readonly service: string;
  /** Everything that came; the provider looks at what is its own. */
  readonly form: TokenForm;
}

const longestService = 128;

/**
 * Decodes the forms `{serviceName, accessToken, ...}`, `{identityToken, ...}`, Apple's, and `{googleSignIn: true, ...}`, that
 * of Cordova apps (providers.md §2.6). Whatever else a provider wants to have it asks for itself.
 * @returns undefined where it is none of them
 * @throws Fault `malformed`
 */
export function decodeProviderToken(form: TokenForm): ProviderToken | undefined {
  if (form['googleSignIn'] === true && !isGiven(form, 'serviceName')) return { service: 'google', form };
  if (isGiven(form, 'serviceName') || isGiven(form, 'accessToken')) {
    const { serviceName: service, accessToken } = form;
    if (typeof service !== 'string' || service === '' || service.length > longestService) throw new Fault('malformed');
    if (typeof accessToken !== 'string' || !service.isWellFormed()) throw new Fault('malformed');
    return { service, form };
  }
  if (!isGiven(form, 'identityToken')) return undefined;
  if (typeof form['identityToken'] !== 'string') throw new Fault('malformed');
  return { service: 'apple', form };
}

/**
 * Asks the provider whose token it is.
 * @throws Fault `provider-off`, `provider-refused` where it takes no such tokens, and those of the provider
 */
export async function identityBy(app: App, { service, form }: ProviderToken): Promise<Identity> {
  const provider = app.external.providers.find(service);
  if (provider === undefined) throw new Fault('provider-off', { service });
  if (provider.identifyToken === undefined) {
    throw new Fault('provider-refused', { service, message: `Unexpected AccessToken service ${service}` });
  }
  return await provider.identifyToken(form);
}

function isGiven(form: TokenForm, key: string): boolean {
  return Object.hasOwn(form, key) && form[key] !== undefined && form[key] !== null && form[key] !== '';
}
