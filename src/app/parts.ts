import type { MailDomains } from '../core/account/mail-domains.ts';
import type { ImportFiles } from '../core/administration/import-files.ts';
import type { Directory } from '../core/directory/directory.ts';
import type { Cas } from '../core/external-login/cas.ts';
import type { FetchPicture } from '../core/external-login/picture.ts';
import type { Providers } from '../core/external-login/provider.ts';
import type { Saml } from '../core/external-login/saml.ts';
import type { ProviderSetup } from '../core/external-login/setup.ts';
import type { Mailer } from '../core/mailer.ts';
import type { Hasher } from '../core/password/hasher.ts';
import type { ProveNeeds } from '../core/password/prove.ts';
import type { Clock, Random, Sealer } from '../core/ports.ts';
import type { Presence } from '../core/presence/presence.ts';
import type { Factor } from '../core/second-factor/factor.ts';
import type { AttemptNeeds } from '../core/session/attempt.ts';
import type { LogInNeeds } from '../core/session/log-in.ts';
import type { Permissions } from '../core/setting/permissions.ts';
import type { Settings } from '../core/setting/settings.ts';
import type { OpenedStore } from '../core/store.ts';

/** What the product is made of; tests put other parts in. */
export interface Parts {
  readonly store: OpenedStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly hasher: Hasher;
  /** See `decoyOf`. */
  readonly decoy: ProveNeeds['decoy'];
  readonly settings: Settings;
  readonly permissions: Permissions;
  readonly presence: Presence;
  readonly factors: readonly Factor[];
  readonly providers: Providers;
  readonly saml: Saml;
  readonly cas: Cas;
  /** Fetches the pictures that providers tell of. */
  readonly fetchPicture: FetchPicture;
  /** How all of these are set up. */
  readonly setup: ProviderSetup;
  /** The directory as it is configured now; undefined while it is switched off. */
  readonly directory: () => Directory | undefined;
  readonly sealer: Sealer;
  readonly mailer: Mailer;
  /** Where files lie that administrators send. */
  readonly importFiles: ImportFiles;
  /** Asked whether a domain takes mail, where the setting wants that. */
  readonly mailDomains: MailDomains;
  readonly tokenMaking: { readonly on: boolean; readonly secret: string | undefined };
  /** Hear of each attempt that was refused and of each sign-in: for the operator's log and the metrics. */
  readonly onFailure: AttemptNeeds['onFailure'];
  readonly onLogIn: LogInNeeds['onLogIn'];
  /** Takes sentences for the operator's log; without it they are lost. */
  readonly log?: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
}
