import type { Identity, ToldEmail } from '../core/external-login/identity.ts';
import type { Settings } from '../core/setting/settings.ts';

/** What a provider that is built in tells of somebody. */
export interface Told {
  readonly service: string;
  readonly subject: string;
  readonly name?: string | undefined;
  readonly email?: ToldEmail | undefined;
  /** As the provider calls the person; the account's name is chosen by the person. */
  readonly username?: string | undefined;
}

/**
 * The identity of somebody whom a provider of the public names: it decides neither roles nor names, and joins an account
 * by an address that it asserts alone, as long as the administrator lets it (providers.md §2.5).
 */
export function personOf(settings: Settings, { service, subject, name, email, username }: Told): Identity {
  const facts = { name, email: email?.address, username };
  return {
    provider: service,
    subject,
    username: undefined,
    name: name ?? username,
    emails: email === undefined ? [] : [email],
    facts: Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined)),
    session: undefined,
    roles: undefined,
    joins: { byEmail: settings.get('Countersign_OAuth_Join_By_Email'), byUsername: false },
    overwrites: { username: false, name: false, emails: false },
  };
}
