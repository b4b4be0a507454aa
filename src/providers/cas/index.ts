import type { Cas, CasServer } from '../../core/external-login/cas.ts';
import type { Identity } from '../../core/external-login/identity.ts';
import { Fault } from '../../core/fault.ts';
import type { Settings } from '../../core/setting/settings.ts';
import { sha256Base64 } from '../../lib/digest.ts';
import { isLoopback } from '../../lib/loopback.ts';
import { type Outbound, OutboundError } from '../../lib/outbound.ts';
import { type CasPerson, endedTicketOf, personOfText, personOfXml } from './answer.ts';

/** What CAS is made of. */
export interface CasParts {
  readonly settings: Settings;
  readonly outbound: Outbound;
}

const paths: Readonly<Record<string, string>> = {
  '1.0': 'validate',
  '2.0': 'serviceValidate',
  '3.0': 'p3/serviceValidate',
};

/** The CAS server of the settings, which are looked at each time (providers.md §6). */
export function casOf(parts: CasParts): Cas {
  const { settings } = parts;
  return {
    current: () => {
      if (!settings.get('CAS_enabled')) return undefined;
      const base = settings.get('CAS_base_url').trim();
      const isUsable = isSafe(base, settings.get('Countersign_CAS_Plain_HTTP')).held;
      const isReachable = isSafe(settings.get('CAS_login_url').trim(), true).held;
      return isUsable && isReachable ? serverOf(base, parts) : undefined;
    },
  };
}

/** Over plain HTTP whoever is on the way could answer for the server. */
function isSafe(address: string, takesPlain: boolean): { readonly held: boolean } {
  const url = URL.parse(address);
  if (url === null) return { held: false };
  if (url.protocol === 'https:') return { held: true };
  return { held: url.protocol === 'http:' && (takesPlain || isLoopback(url.hostname)) };
}

function serverOf(base: string, { settings, outbound }: CasParts): CasServer {
  const version = settings.get('CAS_version');
  const loginUrl = settings.get('CAS_login_url').trim();
  const serviceOf = (token: string): string => `${settings.get('Site_Url').replace(/\/+$/u, '')}/_cas/${token}`;
  return {
    published: {
      enabled: true,
      base_url: base,
      login_url: loginUrl,
      buttonLabelText: settings.get('CAS_button_label_text'),
      buttonLabelColor: settings.get('CAS_button_label_color'),
      buttonColor: settings.get('CAS_button_color'),
      width: settings.get('CAS_popup_width'),
      height: settings.get('CAS_popup_height'),
      autoclose: settings.get('CAS_autoclose'),
    },
    async redeem(token, ticket) {
      const query = `ticket=${encodeURIComponent(ticket)}&service=${encodeURIComponent(serviceOf(token))}`;
      const url = `${base.replace(/\/+$/u, '')}/${paths[version] ?? 'validate'}?${query}`;
      const text = await asked(outbound, url);
      const person = version === '1.0' ? personOfText(text) : await personOfXml(text);
      return identityOf(person, ticket, settings);
    },
    endedTicket: async (message) => sha256Base64(await endedTicketOf(message)),
  };
}

async function asked(outbound: Outbound, url: string): Promise<string> {
  try {
    const { status, text } = await outbound({
      url,
      chosenBy: 'operator',
      headers: { Accept: '*/*' },
      mostBytes: 65_536,
    });
    if (status === 200) return text;
  } catch (cause) {
    if (!(cause instanceof OutboundError)) throw cause;
  }
  throw new Fault('provider-unreachable', { service: 'cas' });
}

function identityOf({ user, attributes }: CasPerson, ticket: string, settings: Settings): Identity {
  const syncs = settings.get('CAS_Sync_User_Data_Enabled');
  const told = toldOf(settings.get('CAS_Sync_User_Data_FieldMap'), new Map([['username', user], ...attributes]));
  const email = told.get('email');
  return {
    provider: 'cas',
    subject: user,
    username: told.get('username') ?? user,
    name: told.get('name') ?? user,
    emails: email === undefined ? [] : [{ address: email, asserted: true }],
    facts: { username: user, ...(email === undefined ? {} : { email }) },
    session: sha256Base64(ticket),
    roles: undefined,
    firstRoles: ['user'],
    mayCreate: settings.get('CAS_Creation_User_Enabled'),
    joins: { byEmail: false, byUsername: settings.get('CAS_trust_username') },
    overwrites: {
      username: syncs && told.has('username'),
      name: syncs && told.has('name'),
      emails: syncs && email !== undefined,
    },
  };
}

/** The fields of the map, with the values of attributes in place of `%attribute%`; those without any value are left out. */
function toldOf(map: string, attributes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const told = new Map<string, string>();
  for (const [field, template] of templatesOf(map)) {
    let found = false;
    const text = template.replace(/%([^%\s]{1,128})%/gu, (_whole, name: string) => {
      const value = attributes.get(name) ?? '';
      found = found || value !== '';
      return value;
    });
    const value = text.trim().slice(0, 512);
    if (found && value !== '') told.set(field, value);
  }
  return told;
}

/** A map that cannot be read maps nothing: the name that CAS tells is enough to sign in. */
function templatesOf(map: string): readonly (readonly [field: string, template: string])[] {
  try {
    const given: unknown = JSON.parse(map);
    if (typeof given !== 'object' || given === null) return [];
    return Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  } catch {
    return [];
  }
}
