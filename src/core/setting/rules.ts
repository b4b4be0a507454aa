import { mailboxOf } from '../../lib/mailbox.ts';
import { holdOut, wholePattern } from '../../lib/whole-pattern.ts';
import { listed, patternsAmong } from '../account/rules.ts';
import { addressList } from './address-list.ts';
import type { SettingDefinition, SettingValue } from './definition.ts';
import { throwAwayDomains } from './throw-away-domains.ts';

/** Whether a value fits a definition, and if only its size is wrong, the bound that it breaks. */
export type Fit =
  | { readonly fits: true; readonly value: SettingValue }
  | { readonly fits: false; readonly bound: { readonly least?: number; readonly most?: number } };

const unfit: Fit = { fits: false, bound: {} };

/**
 * Looks at a value that came from outside. Nothing is converted: `'5'` is no integer.
 * @param definition the row of the catalogue
 * @param value anything
 */
export function fit(definition: SettingDefinition, value: unknown): Fit {
  switch (definition.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? { fits: true, value } : unfit;
    case 'integer':
      return fitNumber(definition, value);
    case 'text':
      // What PostgreSQL cannot store is refused here, so that every store takes the same.
      return typeof value === 'string' && value.isWellFormed() && !value.includes('\0') && isOfForm(definition, value)
        ? { fits: true, value }
        : unfit;
    case 'choice':
      return typeof value === 'string' && definition.choices.includes(value) ? { fits: true, value } : unfit;
    case 'list':
      return fitList(definition.choices, value);
  }
}

function isOfForm({ form }: SettingDefinition & { readonly kind: 'text' }, value: string): boolean {
  return form !== 'addresses' || addressList(value) !== undefined;
}

function fitNumber(definition: SettingDefinition & { readonly kind: 'integer' }, value: unknown): Fit {
  if (typeof value !== 'number' || !Number.isFinite(value)) return unfit;
  if (definition.fractions !== true && !Number.isInteger(value)) return unfit;
  const { least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER } = definition;
  if (value < least) return { fits: false, bound: { least } };
  if (value > most) return { fits: false, bound: { most } };
  return { fits: true, value };
}

function fitList(choices: readonly string[], value: unknown): Fit {
  if (!Array.isArray(value)) return unfit;
  const items: string[] = [];
  for (const item of value as readonly unknown[]) {
    if (typeof item !== 'string' || !choices.includes(item) || items.includes(item)) return unfit;
    items.push(item);
  }
  return { fits: true, value: items };
}

/**
 * Whether a new value makes sense beyond its kind: a broken definition of custom fields would let any field through, a
 * broken address would stand in every mail, and a pattern that takes for ever would meet the names of strangers.
 */
export function isMeaningful(definition: SettingDefinition, value: SettingValue): { readonly held: boolean } {
  if (definition.kind !== 'text' || typeof value !== 'string') return { held: true };
  const { form } = definition;
  if (form === 'url') return { held: /^https?:$/u.test(URL.parse(value.trim())?.protocol ?? '') };
  if (form === 'pattern') return { held: isPattern(value) };
  if (form === 'mailbox') return { held: value === '' || mailboxOf(value) !== undefined };
  if (form === 'patterns') return holdOut(patternsAmong(listed(value)));
  if (form === 'json') return { held: value.trim() === '' || isJsonObject(value) };
  return { held: true };
}

function isPattern(text: string): boolean {
  const pattern = text === '' ? undefined : wholePattern(text);
  return pattern !== undefined && holdOut([pattern]).held;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The form in which a value is kept: the address of the server has no slash at its end. */
export function tidy(id: string, value: SettingValue): SettingValue {
  return id === 'Site_Url' && typeof value === 'string' ? value.trim().replace(/\/+$/, '') : value;
}

/** Whether two values of a setting are the same. */
export function same(one: SettingValue, other: SettingValue): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return one.length === other.length && one.every((item, at) => item === other[at]);
}

/** What stands in lists in place of a secret. */
export const mask = '••••••••';

/** The value as lists show it: of a secret, only whether there is one. */
export function shown(definition: SettingDefinition, value: SettingValue): SettingValue {
  return definition.secret === true && value !== '' ? mask : value;
}

const longestFact = 200;

/** What the audit says of a change: the old and the new value as text, cut to 200 characters; of a secret neither. */
export function changeFacts(
  id: string,
  definition: SettingDefinition,
  from: SettingValue,
  to: SettingValue,
): Readonly<Record<string, string>> {
  if (definition.secret === true) return { id };
  return { id, from: String(from).slice(0, longestFact), to: String(to).slice(0, longestFact) };
}

/**
 * The mail domains that are refused, in lower case. As in Rocket.Chat the built-in ones count only while the
 * administrator's own list is not empty.
 * @param own `Accounts_BlockedDomainsList`
 * @param builtIn `Accounts_UseDefaultBlockedDomainsList`
 */
export function blockedDomains(own: string, builtIn: boolean): ReadonlySet<string> {
  const domains = listed(own.toLowerCase());
  return new Set(builtIn && domains.length > 0 ? [...domains, ...throwAwayDomains] : domains);
}

/** What decides the rank of an account, or of a role that is to be given. */
export interface Rank {
  readonly roles: readonly string[];
  /** Every permission that these roles hold together. */
  readonly permissions: ReadonlySet<string>;
}

/**
 * Whether one ranks above the other: nobody makes a token for an account, and nobody gives a role, that outranks them.
 *
 * A holder of `admin` ranks above everybody who does not hold it, and nobody ranks above a holder of `admin`. Between
 * others one ranks above when it holds a permission that the other lacks. So each of two may rank above the other, and
 * then neither may act for the other: a token must never reach further than its maker.
 * @param one the account that would be acted for, or the role that would be given
 * @param other the caller
 * @param top the id of the administrator's role
 */
export function outranks(one: Rank, other: Rank, top: string): { readonly held: boolean } {
  if (other.roles.includes(top)) return { held: false };
  if (one.roles.includes(top)) return { held: true };
  for (const permission of one.permissions) if (!other.permissions.has(permission)) return { held: true };
  return { held: false };
}
