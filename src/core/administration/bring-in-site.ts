import { administratorRole } from '../account/account.ts';
import { foldName } from '../account/names.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import { customPartsOf } from '../setting/custom-service.ts';
import type { SettingValue } from '../setting/definition.ts';
import type { Permissions } from '../setting/permissions.ts';
import { same } from '../setting/rules.ts';
import type { Settings } from '../setting/settings.ts';
import type { Role, SettingStore } from '../setting/store.ts';
import type { Finding } from './newcomer.ts';

export interface BringInSiteNeeds {
  readonly clock: Clock;
  /** Where the values of secret settings are sealed on their way. */
  readonly store: Pick<SettingStore, 'addRole' | 'editRole' | 'permissions' | 'putPermissions'>;
  readonly settings: Pick<Settings, 'list' | 'write' | 'addService'>;
  readonly permissions: Pick<Permissions, 'list' | 'roles' | 'rolesOf' | 'load'>;
}

/** What became of a role, a permission or a setting. */
export interface SiteOutcome {
  readonly id: string;
  readonly outcome: 'brought-in' | 'already-there' | 'skipped';
  readonly findings: readonly Finding[];
}

/** A permission as a file tells of it. */
export interface NewPermission {
  readonly id: string;
  readonly roles: readonly string[];
}

/** A setting as a file tells of it: whether the value fits is for the catalogue to say. */
export interface NewSetting {
  readonly id: string;
  readonly value: unknown;
}

interface How {
  readonly dryRun: boolean;
  readonly source: string;
  /** Who asked for it; undefined for whoever holds the host. */
  readonly actorId?: string | undefined;
}

/** Tell where a server lies, which the old one's settings cannot know. */
const ofThisPlace: ReadonlySet<string> = new Set(['Site_Url']);

/**
 * Adds a role that is not there; one that is there only gets the duty of a second factor, and never loses it.
 */
export async function bringInRole(
  needs: BringInSiteNeeds,
  role: Role,
  { dryRun, source, actorId }: How,
  caller: Caller,
): Promise<SiteOutcome> {
  const { id } = role;
  const now = needs.clock.now();
  const audit = recordOf('role.bring-in', { at: now, caller, actorId, accountId: undefined }, { id, source });
  const roles = needs.permissions.roles();
  const there = roles.find((one) => one.id === id);
  if (there !== undefined) {
    if (!role.secondFactor || there.secondFactor) return { id, outcome: 'already-there', findings: [] };
    if (!dryRun) {
      await needs.store.editRole(id, { secondFactor: true }, now, audit);
      await needs.permissions.load();
    }
    return { id, outcome: 'brought-in', findings: [] };
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u.test(id)) return skipped(id, 'id-unfit');
  if (!isName(role.name)) return skipped(id, 'name-invalid');
  const nameTaken = roles.some((one) => one.id === role.name || foldName(one.name) === foldName(role.name));
  if (nameTaken) return skipped(id, 'name-taken', role.name);
  if (!dryRun) {
    const description = isName(role.description) ? role.description : '';
    const outcome = await needs.store.addRole({ ...role, description, protected: false }, now, audit);
    if (outcome === 'name-taken') return skipped(id, 'name-taken', role.name);
    await needs.permissions.load();
  }
  return { id, outcome: 'brought-in', findings: [] };
}

/**
 * Gives a permission that we know to the roles that had it. The administrator keeps what the default gives, and what was
 * changed here stays: a second run must not undo what somebody has tightened since the first.
 */
export async function bringInPermission(
  needs: BringInSiteNeeds,
  { id, roles }: NewPermission,
  { dryRun, source, rolesToCome, actorId }: How & { readonly rolesToCome?: ReadonlySet<string> },
  caller: Caller,
): Promise<SiteOutcome> {
  const now = needs.clock.now();
  const known = needs.permissions.list().some((one) => one.id === id);
  if (!known) return skipped(id, 'permission-unknown');
  const before = needs.permissions.rolesOf(id);
  const isRole = (role: string): boolean =>
    rolesToCome?.has(role) === true || needs.permissions.roles().some((one) => one.id === role);
  const findings: Finding[] = [];
  const wanted = new Set(roles.filter(isRole));
  for (const role of roles) {
    if (!isRole(role)) findings.push({ level: 'left-out', reason: 'role-unknown', value: role.slice(0, 64) });
  }
  if (before.includes(administratorRole)) wanted.add(administratorRole);
  if (wanted.size === before.length && before.every((role) => wanted.has(role))) {
    return { id, outcome: 'already-there', findings };
  }
  if ((await needs.store.permissions()).some((one) => one.id === id)) return skipped(id, 'set-here');
  if (dryRun) return { id, outcome: 'brought-in', findings };
  const audit = recordOf(
    'permission.bring-in',
    { at: now, caller, actorId, accountId: undefined },
    { id, source, roles: [...wanted].join(',').slice(0, 200) },
  );
  const outcome = await needs.store.putPermissions([{ id, roles: [...wanted], updatedAt: now, was: before }], [audit]);
  if (outcome !== 'done') return skipped(id, outcome);
  await needs.permissions.load();
  return { id, outcome: 'brought-in', findings };
}

/**
 * Takes over the value of a setting that we list, unless the environment has fixed it here. A custom OAuth service that
 * is not there comes with the first of its settings.
 */
export async function bringInSetting(
  needs: BringInSiteNeeds,
  { id, value }: NewSetting,
  { dryRun, actorId }: How,
  caller: Caller,
): Promise<SiteOutcome> {
  const find = () => needs.settings.list({ ids: [id], hiddenToo: true })[0];
  const service = find() === undefined ? customPartsOf(id)?.name : undefined;
  if (service !== undefined) {
    if (dryRun) return { id, outcome: 'brought-in', findings: [] };
    const refusal = await refusalOf(needs.settings.addService(service, { caller, accountId: actorId }));
    if (refusal !== undefined) return skipped(id, refusal);
  }
  const listed = find();
  if (listed === undefined) return skipped(id, 'setting-unknown');
  if (ofThisPlace.has(id)) return skipped(id, 'of-this-place');
  if (listed.blocked) return skipped(id, 'setting-blocked');
  if (listed.source === 'environment') return skipped(id, 'fixed-by-environment');
  if (listed.hidden) return skipped(id, 'setting-hidden');
  const secret = listed.definition.secret === true;
  if (!secret && isValue(value) && same(listed.value, value)) return { id, outcome: 'already-there', findings: [] };
  // A dry run asks the same question, and an administrator's value is never replaced unasked.
  if (listed.source === 'administrator' && service === undefined) return skipped(id, 'set-here');
  if (dryRun) return { id, outcome: 'brought-in', findings: [] };
  const refusal = await refusalOf(needs.settings.write([{ id, value }], { caller, accountId: actorId }));
  return refusal === undefined ? { id, outcome: 'brought-in', findings: [] } : skipped(id, refusal);
}

/** Why something was refused, if it was. */
async function refusalOf(doing: Promise<void>): Promise<string | undefined> {
  try {
    await doing;
    return undefined;
  } catch (cause) {
    if (cause instanceof Fault && cause.code !== 'unavailable') return cause.code;
    throw cause;
  }
}

function skipped(id: string, reason: string, value?: string): SiteOutcome {
  return {
    id,
    outcome: 'skipped',
    findings: [{ level: 'skipped', reason, ...(value === undefined ? {} : { value: value.slice(0, 200) }) }],
  };
}

function isName(text: string): boolean {
  return text !== '' && text.length <= 200 && text.isWellFormed() && !/\p{Cc}/u.test(text);
}

function isValue(value: unknown): value is SettingValue {
  return ['boolean', 'number', 'string'].includes(typeof value) || Array.isArray(value);
}
