import type { Identity } from '../src/core/external-login/identity.ts';
import type {
  Leaving,
  LogoutToken,
  Providers,
  RedirectProvider,
  Returning,
} from '../src/core/external-login/provider.ts';
import { Fault } from '../src/core/fault.ts';

/** Providers without a network: what they are asked is kept, and each code stands for an identity. */
export interface FakeProviders {
  readonly providers: Providers;
  /** Switches one on, or sets it anew. */
  set(service: string, more?: Partial<RedirectProvider>): void;
  remove(service: string): void;
  /** The people of all providers, by the code that a provider gives for them. */
  readonly people: Map<string, Identity>;
  /** What logout tokens hold, by their text. */
  readonly logoutTokens: Map<string, LogoutToken>;
  readonly left: Leaving[];
  readonly returned: Returning[];
}

export function fakeProviders(...services: readonly string[]): FakeProviders {
  const all = new Map<string, RedirectProvider>();
  const people = new Map<string, Identity>();
  const logoutTokens = new Map<string, LogoutToken>();
  const left: Leaving[] = [];
  const returned: Returning[] = [];
  const made = (service: string, more: Partial<RedirectProvider>): RedirectProvider => ({
    service,
    published: { clientId: `client of ${service}` },
    label: service,
    showsButton: true,
    async leave(leaving) {
      left.push(leaving);
      const address = `https://${service}.example/authorize?state=${leaving.state}`;
      return await Promise.resolve({ address, remembered: `remembered ${leaving.state}` });
    },
    async identify(returning) {
      returned.push(returning);
      const begun = left.find(({ state }) => state === returning.params['state']);
      // As a provider does: what came back must belong to what went away.
      const isSame =
        begun?.redirectUri === returning.redirectUri &&
        begun.nonce === returning.nonce &&
        begun.verifier === returning.verifier &&
        returning.remembered === `remembered ${begun.state}`;
      const identity = people.get(returning.params['code'] ?? '');
      if (!isSame || identity === undefined) throw new Fault('provider-refused', { service, message: 'no such code' });
      return await Promise.resolve(identity);
    },
    async logoutToken(token) {
      const found = logoutTokens.get(token);
      if (found === undefined) throw new Fault('provider-refused', { service, message: 'not signed by us' });
      return await Promise.resolve(found);
    },
    ...more,
  });
  const fake: FakeProviders = {
    providers: { list: () => [...all.values()], find: (service) => all.get(service) },
    set: (service, more = {}) => {
      all.set(service, made(service, more));
    },
    remove: (service) => {
      all.delete(service);
    },
    people,
    logoutTokens,
    left,
    returned,
  };
  for (const service of services) fake.set(service);
  return fake;
}

/** Somebody of a provider who joins nothing, with an address that the provider asserts. */
export function identityOf(provider: string, subject: string, more: Partial<Identity> = {}): Identity {
  return {
    provider,
    subject,
    username: subject,
    name: subject,
    emails: [{ address: `${subject}@${provider}.example`, asserted: true }],
    facts: { email: `${subject}@${provider}.example` },
    session: undefined,
    roles: undefined,
    joins: { byEmail: false, byUsername: false },
    overwrites: { username: false, name: false, emails: false },
    ...more,
  };
}
