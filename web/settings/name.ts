import type { DescribedSetting } from '../../src/client/index.ts';

/** What the ids of a group begin with, which its heading says already; the longest that fits goes. */
const beginnings = [
  /^Accounts_OAuth_Custom-[^-]+-?/u,
  /^Accounts_OAuth_GitHub_Enterprise_?/u,
  /^Accounts_OAuth_[A-Za-z]+_?/u,
  /^SAML_Custom_Default_?/u,
  /^Accounts_TwoFactorAuthentication_/u,
  /^Accounts_Default_User_Preferences_/u,
  /^Accounts_Password_Policy_/u,
  /^Block_Multiple_Failed_Logins_/u,
  /^Countersign_/u,
  /^Accounts_/u,
  /^LDAP_/u,
  /^CAS_/u,
  /^SMTP_/u,
] as const;

/** The name of a setting as a person reads it, made from its id: `Login fallback`; empty where nothing is left of it. */
export function nameOf(id: string): string {
  const beginning = beginnings.find((one) => one.test(id));
  return readable(beginning === undefined ? id : id.replace(beginning, ''));
}

/** The heading of a section, whose name may be an id: `User search`. */
export function sectionName(section: string): string {
  return readable(section.replace(/^(?:LDAP|SAML|CAS)_(?:Section_\d_)?/u, ''));
}

function readable(id: string): string {
  const words = id
    .replaceAll(/([a-z])([A-Z])/gu, '$1 $2')
    .split(/[\s_-]+/u)
    .filter((word) => word !== '')
    // What is written in capitals, or with some inside, is a name: TLS, DN, OAuth.
    .map((word) => (/[A-Z].*[A-Z]/u.test(word) ? word : word.toLowerCase()));
  const text = words.join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Whether a setting has all of some words in what can be read of it. */
export function hasWords(setting: DescribedSetting, words: readonly string[]): boolean {
  const text = [setting._id, nameOf(setting._id), setting.about, setting.group, sectionName(setting.section)]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
