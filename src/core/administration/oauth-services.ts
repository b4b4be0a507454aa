import type { Caller } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import type { Settings } from '../setting/settings.ts';
import { type Authority, mustHoldPermission } from './may.ts';

export interface OauthServicesNeeds {
  readonly settings: Pick<Settings, 'addService' | 'removeService' | 'load'>;
  readonly authority: Authority;
}

const permission = 'add-oauth-service';

/**
 * Adds a custom OAuth service, switched off (providers.md §3.5).
 * @throws Fault `permission-missing`, and those of `Settings.addService`
 */
export async function addOauthService(
  { settings, authority }: OauthServicesNeeds,
  signed: Signed,
  name: string,
  caller: Caller,
): Promise<void> {
  mustHoldPermission(authority, signed, permission, 'Adding_OAuth_Services');
  await settings.addService(name, { caller, accountId: signed.account.id });
}

/**
 * Removes a custom OAuth service with all of its settings. Accounts, their identities and sessions stay.
 * @throws Fault `permission-missing`, and those of `Settings.removeService`
 */
export async function removeOauthService(
  { settings, authority }: OauthServicesNeeds,
  signed: Signed,
  name: string,
  caller: Caller,
): Promise<void> {
  mustHoldPermission(authority, signed, permission, 'Removing_OAuth_Services');
  await settings.removeService(name, { caller, accountId: signed.account.id });
}

/** Reads again what is set of the services; they always follow by themselves. @throws Fault `permission-missing` */
export async function refreshOauthServices({ settings, authority }: OauthServicesNeeds, signed: Signed): Promise<void> {
  mustHoldPermission(authority, signed, permission, 'Refreshing_OAuth_Services');
  await settings.load();
}
