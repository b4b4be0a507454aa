import type { DescribedSetting } from '../../../src/client/index.ts';
import { directory as words } from '../../words/directory.ts';

interface Part {
  readonly key: string;
  readonly title: string;
  readonly about: string;
  /** Ids of what everybody fills in. */
  readonly main: readonly string[];
  readonly more: readonly string[];
}

const order = ['server', 'search', 'group', 'data', 'sync'] as const;

/** Where each section of the catalogue belongs. */
const places: Readonly<Record<string, (typeof order)[number]>> = {
  '': 'server',
  'LDAP_Authentication': 'server',
  'LDAP_Encryption': 'server',
  'LDAP_Timeouts': 'server',
  'LDAP_User_Search': 'search',
  'LDAP_Group_Filter': 'group',
  'LDAP_DataSync': 'data',
  'Background sync': 'sync',
  'Roles': 'sync',
};

/** What an installation seldom changes. */
const seldom =
  /Timeout|Page_Size|Size_Limit|Find_User_After_Login|Login_Fallback|Variable|Default_Domain|Scope|OAuth_Login|AutoLogout|Avatar|CustomField|Custom_Fields|Group_Membership|Data_Roles_|Active_State/u;

/** What counts for an Active Directory alone, and what for any other directory alone. */
const onlyOf = {
  ad: /^LDAP_AD_/u,
  other: /^LDAP_(?:User_Search|Username|Email|Name)_Field$/u,
} as const;

/**
 * The settings of the directory in the order in which one fills them in. A section that is new stands with the server.
 * @param isActive whether it is an Active Directory
 */
export function partsOf(settings: readonly DescribedSetting[], isActive: boolean): readonly Part[] {
  const strange = isActive ? onlyOf.other : onlyOf.ad;
  const own = settings.filter(({ _id: id, group }) => group === 'LDAP' && id !== 'LDAP_Enable' && !strange.test(id));
  return order.map((key) => {
    const ids = own.filter(({ section }) => (places[section] ?? 'server') === key).map(({ _id }) => _id);
    return {
      key,
      title: words.say(key),
      about: words.say(`${key}About`),
      main: ids.filter((id) => !seldom.test(id)),
      more: ids.filter((id) => seldom.test(id)),
    };
  });
}
