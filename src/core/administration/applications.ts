import type { Application, AskedApplication } from '../application/application.ts';
import { addApplication, changeApplication, type ManageNeeds, removeApplication } from '../application/manage.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission } from './may.ts';

export interface ApplicationsNeeds extends ManageNeeds {
  readonly authority: Authority;
}

const permission = 'manage-oauth-apps';

/** Whether somebody manages applications, and may see their secrets. */
export function mayManageApplications({ authority }: ApplicationsNeeds, signed: Signed): { readonly held: boolean } {
  return authority.held(signed, permission);
}

/** All applications, by name. @throws Fault `permission-missing` */
export async function listApplicationsFor(needs: ApplicationsNeeds, signed: Signed): Promise<readonly Application[]> {
  mustHoldPermission(needs.authority, signed, permission);
  return await needs.applications.list();
}

/** @throws Fault `permission-missing`, `permission-unknown`, and those of `addApplication` */
export async function addApplicationFor(
  needs: ApplicationsNeeds,
  signed: Signed,
  asked: AskedApplication,
  caller: Caller,
): Promise<Application> {
  mustHoldPermission(needs.authority, signed, permission);
  mustBePermissions(needs.authority, asked.options.permissions);
  return await addApplication(needs, asked, signed.account, caller);
}

/** What shall become of an application; what is left out stays. */
export type AskedChange = Partial<Omit<AskedApplication, 'options'>> & {
  readonly options?: Partial<AskedApplication['options']>;
};

/**
 * Changes an application.
 * @throws Fault `permission-missing`, `permission-unknown`, and those of `changeApplication`
 */
export async function changeApplicationFor(
  needs: ApplicationsNeeds,
  signed: Signed,
  id: string,
  asked: AskedChange,
  caller: Caller,
): Promise<Application> {
  mustHoldPermission(needs.authority, signed, permission);
  mustBePermissions(needs.authority, asked.options?.permissions);
  const before = await needs.applications.byId(id);
  if (before === undefined) throw new Fault('application-unknown');
  const { name, active } = before;
  const options = { ...before.options, ...asked.options };
  const whole = { name, active, redirects: before.redirects.join('\n'), ...asked, options };
  return await changeApplication(needs, id, whole, signed.account, caller);
}

/** @throws Fault `permission-missing`, `application-unknown` */
export async function removeApplicationFor(
  needs: ApplicationsNeeds,
  signed: Signed,
  id: string,
  caller: Caller,
): Promise<void> {
  mustHoldPermission(needs.authority, signed, permission);
  await removeApplication(needs, id, signed.account, caller);
}

function mustBePermissions(authority: Authority, ids: readonly string[] | undefined): void {
  if (ids === undefined) return;
  const known = new Set(authority.list().map(({ id }) => id));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) throw new Fault('permission-unknown', { permission: unknown.slice(0, 128) });
}
