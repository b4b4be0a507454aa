import { type Application, secretOf } from '../application/application.ts';
import type { ApplicationStore } from '../application/store.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Caller, Clock, Sealer } from '../ports.ts';
import { appSecretOf } from '../second-factor/app-secret.ts';
import { definitionOf } from '../setting/definitions.ts';
import { sealingSecrets } from '../setting/sealed-settings.ts';
import type { KeptRole, SettingStore, StoredPermission, StoredSetting } from '../setting/store.ts';
import type { Belongings, MoveStore } from './move-store.ts';

export interface BringOutNeeds {
  readonly clock: Clock;
  readonly audit: Pick<AuditStore, 'append'>;
  readonly moving: Pick<MoveStore, 'page'>;
  readonly applications: Pick<ApplicationStore, 'list'>;
  /** The store itself: the values of secret settings lie sealed in it. */
  readonly settings: SettingStore;
  readonly sealer: Sealer;
}

/** Something that leaves, in our own words. */
export type Leaving =
  | { readonly kind: 'setting'; readonly setting: StoredSetting; readonly sealed: boolean }
  | { readonly kind: 'role'; readonly role: KeptRole }
  | { readonly kind: 'permission'; readonly permission: StoredPermission }
  | { readonly kind: 'application'; readonly application: Application; readonly secret: string | undefined }
  | { readonly kind: 'account'; readonly belongings: Belongings; readonly appSecret: string | undefined };

const accountsAtOnce = 200;

/**
 * Everything that makes this server's people, but for the audit trail and what is soon over (challenges, mails that
 * wait, failed sign-ins), and for what people have agreed to and applications hold: they are asked again. Some accounts are read at a time.
 * @param options.openSecrets whether sealed secrets are opened; else they stay sealed with this server's key
 */
export async function* bringOut(
  needs: BringOutNeeds,
  options: { readonly openSecrets: boolean },
  caller: Caller,
): AsyncGenerator<Leaving> {
  const { clock, moving, sealer } = needs;
  // Before the first line, so that nobody stops it in time.
  const who = { at: clock.now(), caller, actorId: undefined, accountId: undefined };
  await needs.audit.append([recordOf('accounts.bring-out', who, { secrets: options.openSecrets })]);
  const settings = options.openSecrets ? sealingSecrets(needs.settings, sealer) : needs.settings;
  for (const setting of await settings.settings()) {
    const definition = definitionOf(setting.id);
    // What the environment has set belongs to that host: here it would pass for somebody's decision.
    if (definition === undefined || setting.source === 'environment') continue;
    yield { kind: 'setting', setting, sealed: !options.openSecrets && definition.secret === true };
  }
  for (const role of await settings.roles()) yield { kind: 'role', role };
  for (const permission of await settings.permissions()) yield { kind: 'permission', permission };
  for (const application of await needs.applications.list()) {
    const secret = options.openSecrets ? secretOf(sealer, application) : undefined;
    yield { kind: 'application', application, secret };
  }
  for (let after: string | undefined; ; ) {
    const page = await moving.page(after, accountsAtOnce, clock.now());
    for (const belongings of page) {
      const { account, app } = belongings;
      const appSecret =
        options.openSecrets && app !== undefined ? sealer.open(app.sealedSecret, appSecretOf(account.id)) : undefined;
      yield { kind: 'account', belongings, appSecret };
    }
    after = page.at(-1)?.account.id;
    if (after === undefined) return;
  }
}
