import { Fault } from '../../core/fault.ts';
import { childrenOf, onlyChild, readXml } from '../xml.ts';
import { XmlError } from '../xml-bounds.ts';

const space = 'http://www.yale.edu/tp/cas';

/** Whom a ticket was made for, and what is told of them. */
export interface CasPerson {
  readonly user: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** The answer of CAS 1.0: `yes` and the name on two lines, or `no`. @throws Fault `provider-refused` */
export function personOfText(text: string): CasPerson {
  const [verdict, user = ''] = text.split(/\r?\n/u);
  if (verdict !== 'yes') throw refused('The ticket is not good.');
  return { user: mustBeName(user), attributes: new Map() };
}

/** The answer of CAS 2.0 and 3.0. @throws Fault `provider-refused` */
export async function personOfXml(text: string): Promise<CasPerson> {
  try {
    const root = await readXml(text.trim());
    if (root.name !== 'serviceResponse' || root.namespace !== space) throw refused('The server answered otherwise.');
    const success = onlyChild(root, 'authenticationSuccess', space);
    if (success === undefined || root.children.length !== 1) throw refused('The ticket is not good.');
    const attributes = new Map<string, string>();
    for (const { name, text: value } of onlyChild(success, 'attributes', space)?.children ?? []) {
      // Of several values the first counts.
      if (!attributes.has(name)) attributes.set(name, value.trim());
    }
    const users = childrenOf(success, 'user', space);
    if (users.length !== 1) throw refused('The server names nobody, or several people.');
    return { user: mustBeName(users[0]?.text ?? ''), attributes };
  } catch (cause) {
    if (cause instanceof XmlError) throw refused(cause.message);
    throw cause;
  }
}

/** The ticket whose session a message ends (CAS protocol 3.0 §2.3.3). @throws Fault `provider-refused` */
export async function endedTicketOf(message: string): Promise<string> {
  try {
    const root = await readXml(message.trim());
    const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol';
    const ticket = onlyChild(root, 'SessionIndex', protocol)?.text.trim() ?? '';
    if (root.name !== 'LogoutRequest' || root.namespace !== protocol || ticket === '') {
      throw refused('The message ends nothing.');
    }
    return ticket;
  } catch (cause) {
    if (cause instanceof XmlError) throw refused(cause.message);
    throw cause;
  }
}

function mustBeName(given: string): string {
  const user = given.trim();
  if (user === '' || user.length > 256 || /\p{Cc}/u.test(user)) throw refused('The server names nobody.');
  return user;
}

function refused(message: string): Fault {
  return new Fault('provider-refused', { service: 'cas', message });
}
