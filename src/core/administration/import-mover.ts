import { administratorRole } from '../account/account.ts';
import type { AccountStore } from '../account/store.ts';
import type { ApplicationStore } from '../application/store.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { PermissionId } from '../setting/permission-table.ts';
import type { Holder, Permissions } from '../setting/permissions.ts';
import type { Role } from '../setting/store.ts';
import type { BringInNeeds, BringInOptions, openArrivals } from './bring-in.ts';
import type { BringInApplicationNeeds, NewApplication } from './bring-in-application.ts';
import type { BringInSiteNeeds, NewPermission, NewSetting, SiteHow, SiteOutcome } from './bring-in-site.ts';
import { type Authority, mustHoldPermission, mustMayGive } from './may.ts';

/** Who imports: an account, through the token that it showed. */
export interface Importer {
  readonly accountId: string;
  readonly scopes: readonly string[] | undefined;
}

export interface ImportMoverNeeds {
  readonly accounts: Pick<AccountStore, 'byId'>;
  readonly authority: Authority;
  readonly arriving: BringInNeeds;
  readonly arrivingSite: BringInSiteNeeds;
  readonly applying: Omit<BringInApplicationNeeds, 'applications'>;
  readonly applications: Pick<ApplicationStore, 'list' | 'add'>;
  /** Where roles stand that may be given; `authority` where nothing is said. A dry run has some that nobody else knows. */
  readonly giving?: Authority;
}

/** Brings in whom and what a file tells of, for somebody who may not do everything. */
export interface ImportMover {
  readonly arrivals: (options: BringInOptions, caller: Caller) => Promise<ReturnType<typeof openArrivals>>;
  readonly bringInRole: (role: Role, how: SiteHow, caller: Caller) => Promise<SiteOutcome>;
  readonly bringInPermission: (permission: NewPermission, how: SiteHow, caller: Caller) => Promise<SiteOutcome>;
  readonly bringInSetting: (setting: NewSetting, how: SiteHow, caller: Caller) => Promise<SiteOutcome>;
  readonly bringInApplication: (application: NewApplication, how: SiteHow, caller: Caller) => Promise<SiteOutcome>;
}

/** Permissions that an import asks for. */
const asked: readonly PermissionId[] = ['access-permissions', 'create-user'];

/** @throws Fault `permission-missing` */
export function mustMayImport(authority: Authority, holder: Parameters<Permissions['held']>[0]): void {
  for (const permission of asked) mustHoldPermission(authority, holder, permission);
}

/**
 * Brings in as somebody may: no role that they could not give to an account that they make by hand, and what holds for
 * the whole server for administrators only. Both are asked anew for each batch, since permissions may end meanwhile.
 */
export function importMover(needs: ImportMoverNeeds, importer: Importer): ImportMover {
  const { authority, giving = authority } = needs;
  const { accountId: actorId } = importer;

  /** @throws Fault `permission-missing` where the importer may not go on */
  const holderNow = async () => {
    const account = await needs.accounts.byId(actorId);
    if (account?.open !== true) throw new Fault('permission-missing', { permission: asked[0] });
    const holder = { account, token: { scopes: importer.scopes } };
    mustMayImport(authority, holder);
    return holder;
  };
  const site = async (id: string, permission: PermissionId, act: () => Promise<SiteOutcome>): Promise<SiteOutcome> => {
    const holder = await holderNow();
    const isAdministrator = holder.account.roles.includes(administratorRole) && importer.scopes === undefined;
    if (isAdministrator && authority.held(holder, permission).held) return await act();
    return { id, outcome: 'skipped', findings: [{ level: 'skipped', reason: 'administrators-only' }] };
  };
  // Loaded on use, as the command line does: no start waits for it.
  const sites = async () => await import('./bring-in-site.ts');

  return {
    arrivals: async (options, caller) => {
      let holder = await holderNow();
      const { openArrivals: open } = await import('./bring-in.ts');
      const by = { actorId, mayGive: (role: string) => mayGive(giving, holder, role) };
      const arrivals = open(needs.arriving, { ...options, by }, caller);
      return {
        ...arrivals,
        bringIn: async (newcomers) => {
          holder = await holderNow();
          return await arrivals.bringIn(newcomers);
        },
      };
    },
    bringInRole: async (role, how, caller) =>
      await site(role.id, 'access-permissions', async () =>
        (await sites()).bringInRole(needs.arrivingSite, role, { ...how, actorId }, caller),
      ),
    bringInPermission: async (permission, how, caller) =>
      await site(permission.id, 'access-permissions', async () =>
        (await sites()).bringInPermission(needs.arrivingSite, permission, { ...how, actorId }, caller),
      ),
    bringInSetting: async (setting, how, caller) =>
      await site(setting.id, 'edit-privileged-setting', async () =>
        (await sites()).bringInSetting(needs.arrivingSite, setting, { ...how, actorId }, caller),
      ),
    bringInApplication: async (application, how, caller) =>
      await site(application.id, 'manage-oauth-apps', async () => {
        const { bringInApplication } = await import('./bring-in-application.ts');
        const { applying, applications } = needs;
        return await bringInApplication({ ...applying, applications }, application, { ...how, actorId }, caller);
      }),
  };
}

function mayGive(authority: Authority, holder: Holder, role: string): { held: boolean } {
  try {
    mustMayGive(authority, holder, [role]);
    return { held: true };
  } catch (cause) {
    if (cause instanceof Fault) return { held: false };
    throw cause;
  }
}
