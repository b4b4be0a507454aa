import type { Client, default as Provider } from 'oidc-provider';
import type { App } from '../../app.ts';
import type { OpenIdPayload } from '../../core/application/openid-records.ts';
import type { Happening } from '../../core/ports.ts';
import type { ProviderParts } from './parts.ts';

/** Grants end with the session that they were given in, those for somebody who is away excepted. */
const revoked = ['AccessToken', 'AuthorizationCode', 'RefreshToken'] as const;

type LogoutClient = Client & {
  readonly backchannelLogoutUri?: string;
  backchannelLogout(accountId: string, sid: string): Promise<void>;
};

interface Authorization {
  readonly sid?: string;
  readonly grantId?: string;
  readonly persistsLogout?: boolean;
}

/**
 * Tells applications when a session has ended by which they were let in (OpenID Connect Back-Channel Logout 1.0), however
 * it ended: signing out anywhere, an administrator, a closed account. Every node hears of it, and one tells.
 */
export class EndedSessions {
  readonly #app: App;
  readonly #provider: () => Promise<Provider>;
  readonly #log: ProviderParts['log'];
  readonly #stop: () => void;
  #last: Promise<void> = Promise.resolve();

  /** @param provider loads it, where there is something to tell */
  constructor(app: App, provider: () => Promise<Provider>, log: ProviderParts['log']) {
    this.#app = app;
    this.#provider = provider;
    this.#log = log;
    this.#stop = app.events.subscribe((happening) => {
      this.#hear(happening);
    });
  }

  /** Hears no more, and waits for what is being told. */
  async close(): Promise<void> {
    this.#stop();
    await this.#last;
  }

  #hear(happening: Happening): void {
    if (happening.kind !== 'account') return;
    // A new password, for example, ends sessions as well: what else changed says nothing of it.
    const { accountId } = happening;
    this.#last = this.#last.then(async () => {
      try {
        await this.#tell(accountId);
      } catch (cause) {
        this.#log('applications were not told of the end of a session', { cause });
      }
    });
  }

  async #tell(accountId: string): Promise<void> {
    for (const { payload } of await this.#app.openId.takeEnded(accountId)) {
      const provider = await this.#provider();
      const told = Object.entries(authorizationsIn(payload)).map(async ([clientId, authorization]) => {
        await this.#tellOne(provider, clientId, accountId, authorization);
      });
      await Promise.all(told);
    }
  }

  async #tellOne(
    provider: Provider,
    clientId: string,
    accountId: string,
    { sid, grantId, persistsLogout }: Authorization,
  ): Promise<void> {
    if (grantId !== undefined && persistsLogout !== true) {
      for (const kind of revoked) await this.#app.openId.endGrant(kind, grantId);
      await this.#app.openId.end('Grant', grantId);
    }
    const client = (await provider.Client.find(clientId)) as LogoutClient | undefined;
    if (client?.backchannelLogoutUri === undefined || sid === undefined) return;
    try {
      await client.backchannelLogout(accountId, sid);
    } catch (cause) {
      this.#log('an application did not take a logout token', { cause, application: clientId });
    }
  }
}

function authorizationsIn({ authorizations }: OpenIdPayload): Readonly<Record<string, Authorization>> {
  return typeof authorizations === 'object' && authorizations !== null
    ? (authorizations as Readonly<Record<string, Authorization>>)
    : {};
}
