import { administratorRole } from '../account/account.ts';
import { foldName } from '../account/names.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import { customPartsOf } from '../setting/custom-service.ts';
import type { Permissions } from '../setting/permissions.ts';
import type { Settings } from '../setting/settings.ts';
import type { Role, SettingStore } from '../setting/store.ts';
import type { Finding } from './newcomer.ts';

export interface BringInSiteNeeds {
  readonly clock: Clock;
  /** Where the values of secret settings are sealed on their way. */
  readonly store: Pick<SettingStore, 'addRole' | 'editRole' | 'permissions' | 'putPermissions'>;
  readonly settings: Pick<Settings, 'list' | 'holds' | 'write' | 'addService'>;
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
  /** Where the value came from; an administrator where nothing is said. */
  readonly source?: 'initial';
}

/** A dry run writes as well, into a copy that is thrown away (`openTrial`): so it tells what the run would. */
export interface SiteHow {
  /** For the audit, for example `rocketchat`. */
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
  { source, actorId }: SiteHow,
  caller: Caller,
): Promise<SiteOutcome> {
  const { id } = role;
  const now = needs.clock.now();
  const audit = recordOf('role.bring-in', { at: now, caller, actorId, accountId: undefined }, { id, source });
  const roles = needs.permissions.roles();
  const there = roles.find((one) => one.id === id);
  if (there !== undefined) {
    if (!role.secondFactor || there.secondFactor) return { id, outcome: 'already-there', findings: [] };
    await needs.store.editRole(id, { secondFactor: true }, now, audit);
    await needs.permissions.load();
    return { id, outcome: 'brought-in', findings: [] };
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u.test(id)) return skipped(id, 'id-unfit');
  if (!isName(role.name)) return skipped(id, 'name-invalid');
  const nameTaken = roles.some((one) => one.id === role.name || foldName(one.name) === foldName(role.name));
  if (nameTaken) return skipped(id, 'name-taken', role.name);
  const description = isName(role.description) ? role.description : '';
  const outcome = await needs.store.addRole({ ...role, description, protected: false }, now, audit);
  if (outcome === 'name-taken') return skipped(id, 'name-taken', role.name);
  await needs.permissions.load();
  return { id, outcome: 'brought-in', findings: [] };
}

/**
 * Gives a permission that we know to the roles that had it. The administrator keeps what the default gives, and what was
 * changed here stays: a second run must not undo what somebody has tightened since the first.
 */
export async function bringInPermission(
  needs: BringInSiteNeeds,
  { id, roles }: NewPermission,
  { source, actorId }: SiteHow,
  caller: Caller,
): Promise<SiteOutcome> {
  const now = needs.clock.now();
  const known = needs.permissions.list().some((one) => one.id === id);
  if (!known) return skipped(id, 'permission-unknown');
  const before = needs.permissions.rolesOf(id);
  const isRole = (role: string): boolean => needs.permissions.roles().some((one) => one.id === role);
  const findings: Finding[] = [];
  const wanted = new Set(roles.filter(isRole));
  for (const role of roles) {
    if (!isRole(role)) findings.push({ level: 'left-out', reason: 'role-unknown', value: role.slice(0, 64) });
  }
  if (before.includes(administratorRole)) wanted.add(administratorRole);
  if (wanted.size === before.length && before.every((role) => wanted.has(role))) {
    return { id, outcome: 'already-there', findings };
  }
  if ((await needs.store.permissions()).some((one) => one.id === id)) {
    return skipped(id, 'set-here', textOf([...wanted]), textOf(before));
  }
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
  { id, value, source }: NewSetting,
  { actorId }: SiteHow,
  caller: Caller,
): Promise<SiteOutcome> {
  const find = () => needs.settings.list({ ids: [id], hiddenToo: true })[0];
  const service = find() === undefined ? customPartsOf(id)?.name : undefined;
  if (service !== undefined) {
    const refusal = await refusalOf(needs.settings.addService(service, { caller, accountId: actorId }));
    if (refusal !== undefined) return skipped(id, refusal);
  }
  const listed = find();
  if (listed === undefined) return skipped(id, 'setting-unknown');
  if (ofThisPlace.has(id)) return skipped(id, 'of-this-place');
  if (listed.blocked) return skipped(id, 'setting-blocked');
  if (listed.source === 'environment') return skipped(id, 'fixed-by-environment');
  if (listed.hidden) return skipped(id, 'setting-hidden');
  if (needs.settings.holds(id, value).held) return { id, outcome: 'already-there', findings: [] };
  // An administrator's value is never replaced unasked: both are told, but of a secret neither.
  if (listed.source === 'administrator' && service === undefined) {
    if (listed.definition.secret === true) return skipped(id, 'set-here');
    return skipped(id, 'set-here', textOf(value), textOf(listed.value));
  }
  const change = source === undefined ? { id, value } : { id, value, source };
  const refusal = await refusalOf(needs.settings.write([change], { caller, accountId: actorId }));
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

/** @param here what holds on this server, where `value` is refused for it */
function skipped(id: string, reason: string, value?: string, here?: string): SiteOutcome {
  const told = value === undefined ? {} : { value: value.slice(0, longestTold) };
  const other = here === undefined ? {} : { here: here.slice(0, longestTold) };
  return { id, outcome: 'skipped', findings: [{ level: 'skipped', reason, ...told, ...other }] };
}

const longestTold = 200;

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(', ') : String(JSON.stringify(value));
}

function isName(text: string): boolean {
  return text !== '' && text.length <= 200 && text.isWellFormed() && !/\p{Cc}/u.test(text);
}
