import type { Settings } from '../core/setting/settings.ts';
import { areAddresses } from './client.ts';
import { assertsByClaim } from './custom-identity.ts';
import type { CustomShape } from './custom-shape.ts';

/** The services of the custom shape that are built in, as their settings name them (providers.md §2.4). */
type ShapedService = 'Gitlab' | 'Nextcloud' | 'Wordpress' | 'Drupal' | 'GitHub_Enterprise' | 'Dolphin';

/** What such a service has of its own. */
export interface BuiltIn extends Pick<CustomShape, 'label' | 'scope'> {
  /** Where the server is; `''` where nothing is set. */
  readonly base: string;
  readonly authorize: string;
  readonly token: string;
  readonly identity: string;
}

/** An address, or a path behind that of a server, with a slash between them: nothing may lengthen the server's name. */
export function addressOf(base: string, path: string): string {
  if (/^https?:\/\//u.test(path)) return path;
  return `${base.trim().replace(/\/+$/u, '')}${path === '' || path.startsWith('/') ? '' : '/'}${path}`;
}

/**
 * The shape of a service that is built in, with what most of them share: no OpenID, the client in the form, the access
 * token in the query, and addresses that are asserted by the claim alone.
 * @returns undefined while it is switched off, or lacks its id, its secret or an address
 */
export function builtInShape(
  settings: Settings,
  name: ShapedService,
  { label, scope, base, authorize, token, identity }: BuiltIn,
): CustomShape | undefined {
  const of = (key: 'id' | 'secret' | 'authorize_url' | 'token_url' | 'identity_url'): string =>
    settings.get(`Accounts_OAuth_${name}_${key}`).trim();
  const [clientId, clientSecret] = [of('id'), of('secret')];
  const placed = (set: string, path: string): string => (set === '' ? addressOf(base, path) : set);
  const places = {
    authorize: placed(of('authorize_url'), authorize),
    token: placed(of('token_url'), token),
    identity: placed(of('identity_url'), identity),
  };
  const isOn = settings.get(`Accounts_OAuth_${name}`) && clientId !== '' && clientSecret !== '';
  if (!isOn || !areAddresses(places.authorize, places.token, places.identity).held) return undefined;
  return {
    service: name.toLowerCase(),
    label,
    showsButton: true,
    published: { clientId, ...(base === '' ? {} : { serverURL: base.trim().replace(/\/+$/u, '') }) },
    clientId,
    clientSecret,
    clientAuthentication: 'body',
    scope,
    issuer: undefined,
    places,
    tokenInQuery: 'access_token',
    fields: { username: '', email: '', name: '' },
    asserts: assertsByClaim,
    roles: undefined,
    joins: { byEmail: false, byUsername: false },
    overwritesName: false,
  };
}
