import type { Client, default as Provider } from 'oidc-provider';
import type { App } from '../../app.ts';
import type { OpenIdPayload } from '../../core/application/openid-records.ts';
import type { Happening } from '../../core/ports.ts';
import type { ProviderParts } from './parts.ts';
import { ToldLater } from './told-later.ts';

/** Grants end with the session that they were given in, those for somebody who is away excepted. */
const revoked = ['AccessToken', 'AuthorizationCode', 'RefreshToken'] as const;

/** A node that stops does not wait for slow applications. */
const longestCloseMs = 3_000;

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
  /** Accounts that something has happened to, each once. */
  readonly #heard = new Set<string>();
  readonly #tells = new ToldLater();
  #looking: Promise<void> | undefined;

  /** @param provider loads it, where there is something to tell */
  constructor(app: App, provider: () => Promise<Provider>, log: ProviderParts['log']) {
    this.#app = app;
    this.#provider = provider;
    this.#log = log;
    this.#stop = app.events.subscribe((happening) => {
      this.#hear(happening);
    });
  }

  /** Hears no more, and waits a moment for what is being told. */
  async close(): Promise<void> {
    this.#stop();
    await this.#looking;
    const left = await this.#tells.close(longestCloseMs);
    if (left > 0) this.#log('applications were not told of the end of a session', { left });
  }

  #hear(happening: Happening): void {
    if (happening.kind !== 'account') return;
    // A new password, for example, ends sessions as well: what else changed says nothing of it.
    this.#heard.add(happening.accountId);
    this.#looking ??= this.#look();
  }

  async #look(): Promise<void> {
    for (const accountId of this.#heard) {
      this.#heard.delete(accountId);
      await this.#tell(accountId);
    }
    this.#looking = undefined;
  }

  /** What was granted ends at once; telling it may take long. */
  async #tell(accountId: string): Promise<void> {
    try {
      for (const { payload } of await this.#app.openId.takeEnded(accountId)) {
        for (const [clientId, authorization] of Object.entries(authorizationsIn(payload))) {
          await this.#revoke(authorization);
          const isTaken = this.#tells.add(async () => {
            await this.#tellOne(clientId, accountId, authorization);
          });
          if (!isTaken) this.#log('an application was not told of the end of a session', { application: clientId });
        }
      }
    } catch (cause) {
      this.#log('applications were not told of the end of a session', { cause });
    }
  }

  async #revoke({ grantId, persistsLogout }: Authorization): Promise<void> {
    if (grantId === undefined || persistsLogout === true) return;
    for (const kind of revoked) await this.#app.openId.endGrant(kind, grantId);
    await this.#app.openId.end('Grant', grantId);
  }

  async #tellOne(clientId: string, accountId: string, { sid }: Authorization): Promise<void> {
    try {
      const provider = await this.#provider();
      const client = (await provider.Client.find(clientId)) as LogoutClient | undefined;
      if (client?.backchannelLogoutUri === undefined || sid === undefined) return;
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
