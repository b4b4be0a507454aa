import { accountSettings } from './account-settings.ts';
import { attemptSettings } from './attempt-settings.ts';
import { casSettings } from './cas-settings.ts';
import type { SettingDefinition } from './definition.ts';
import { deviceSettings } from './device-settings.ts';
import { layoutSettings } from './layout-settings.ts';
import { ldapSettings } from './ldap-settings.ts';
import { ldapSyncSettings } from './ldap-sync-settings.ts';
import { limitSettings } from './limit-settings.ts';
import { oauthSettings } from './oauth-settings.ts';
import { openIdSettings } from './openid-settings.ts';
import { pageSettings } from './page-settings.ts';
import { passwordSettings } from './password-settings.ts';
import { preferenceSettings } from './preference-settings.ts';
import { providerSettings } from './provider-settings.ts';
import { samlSettings } from './saml-settings.ts';
import { secondFactorSettings } from './second-factor-settings.ts';
import { shapedSettings } from './shaped-settings.ts';
import { siteSettings } from './site-settings.ts';

/**
 * Every setting that Countersign acts on, or that a client shows, by Rocket.Chat's id. The ids are inconsistent there
 * (`by_User`, `By_Ip`), so they are written out and never derived. Environment, JSON API, pages and reference read this.
 */
export const catalogue = {
  ...secondFactorSettings,
  ...attemptSettings,
  ...accountSettings,
  ...layoutSettings,
  ...siteSettings,
  ...limitSettings,
  ...preferenceSettings,
  ...deviceSettings,
  ...passwordSettings,
  ...oauthSettings,
  ...providerSettings,
  ...shapedSettings,
  ...ldapSettings,
  ...ldapSyncSettings,
  ...samlSettings,
  ...casSettings,
  ...pageSettings,
  ...openIdSettings,
} as const satisfies Record<string, SettingDefinition>;

export type SettingId = keyof typeof catalogue;

/** The same table for readers that take any id. */
export const definitions: ReadonlyMap<string, SettingDefinition> = new Map(Object.entries(catalogue));

/** Tells whether an id that came from outside is listed. */
export function isSettingId(id: string): id is SettingId {
  return definitions.has(id);
}
