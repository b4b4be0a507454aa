import type { Settings } from '../../core/setting/settings.ts';

/** How the directory is reached, as it is set now. Times are in ms. */
export interface LdapReach {
  readonly host: string;
  readonly port: number;
  /** `tls` for StartTLS, `ssl` for LDAPS. */
  readonly encryption: 'plain' | 'tls' | 'ssl';
  /** PEM, one certificate after another; empty for the well-known authorities. */
  readonly ca: string;
  readonly rejectUnauthorized: boolean;
  /** Whom searches are made as; undefined for nobody. */
  readonly service: { readonly dn: string; readonly password: string } | undefined;
  readonly connectMs: number;
  readonly answerMs: number;
  readonly idleMs: number;
  readonly pageSize: number;
}

/** @returns undefined while there is no directory to ask */
export function reachOf(settings: Pick<Settings, 'get'>): LdapReach | undefined {
  if (!settings.get('LDAP_Enable')) return undefined;
  const encryption = settings.get('LDAP_Encryption');
  const dn = settings.get('LDAP_Authentication_UserDN').trim();
  return {
    host: settings.get('LDAP_Host').trim(),
    port: settings.get('LDAP_Port'),
    encryption: encryption === 'tls' || encryption === 'ssl' ? encryption : 'plain',
    ca: settings.get('LDAP_CA_Cert').trim(),
    rejectUnauthorized: settings.get('LDAP_Reject_Unauthorized'),
    service:
      settings.get('LDAP_Authentication') && dn !== ''
        ? { dn, password: settings.get('LDAP_Authentication_Password') }
        : undefined,
    connectMs: settings.get('LDAP_Connect_Timeout'),
    answerMs: settings.get('LDAP_Timeout'),
    idleMs: settings.get('LDAP_Idle_Timeout'),
    pageSize: settings.get('LDAP_Search_Page_Size'),
  };
}
