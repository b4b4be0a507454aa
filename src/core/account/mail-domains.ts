import { Fault } from '../fault.ts';

/** Asks the DNS. */
export interface MailDomains {
  /** Whether a domain names a server that takes its mail; not held, too, where the DNS gives no answer. */
  takesMail(domain: string): Promise<{ readonly held: boolean }>;
}

export interface MailDomainNeeds {
  readonly mailDomains: MailDomains;
  /** Whether it is asked at all. */
  readonly asksDomains: () => boolean;
}

/**
 * Refuses an address at a domain that takes no mail, where the setting wants that asked. The address must be well-formed.
 * @throws Fault `email-domain-dead` (facts `email`)
 */
export async function mustTakeMail({ mailDomains, asksDomains }: MailDomainNeeds, email: string): Promise<void> {
  if (!asksDomains()) return;
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  if (!(await mailDomains.takesMail(domain)).held) throw new Fault('email-domain-dead', { email });
}
