import { type Account, administratorRole } from '../account/account.ts';
import {
  changesEmail,
  editOf,
  factsOfEdit,
  mustBeEdited,
  type ProfileChange,
  type ProfilePolicy,
  sameRoles,
} from '../account/edit.ts';
import { type MailDomainNeeds, mustTakeMail } from '../account/mail-domains.ts';
import type { AccountEdit } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import {
  type ChangePasswordNeeds,
  type ChosenPassword,
  notWritten,
  preparePassword,
  tellOwnerOfPassword,
} from '../password/change.ts';
import { mustFitPolicy } from '../password/policy.ts';
import type { Caller, Clock, Random } from '../ports.ts';
import { mustBeFreshSignIn } from '../session/fresh-sign-in.ts';
import { mustBeFull } from '../session/restricted.ts';
import type { Signed } from '../session/token.ts';
import type { ChangeStore } from './change-store.ts';
import { type CloseNeeds, mustMaySetOpen, openingEntry, tellOfOpening } from './close-account.ts';
import type { AdministerCreateNeeds } from './create-account.ts';
import { type Authority, mustHoldPermission, mustNotOutrank, mustReach } from './may.ts';
import { canBeAsked } from './prove-instead.ts';
import { isSensitive } from './sensitive-change.ts';

/** What settings let people change of their own profile. */
export interface ProfileSwitches {
  readonly profile: boolean;
  readonly username: boolean;
  readonly name: boolean;
  readonly email: boolean;
  readonly password: boolean;
  /** A first password of people from providers. */
  readonly firstPassword: boolean;
  readonly statusText: boolean;
  readonly invisible: boolean;
}

/** What writing a change and telling of it needs. */
export interface WriteNeeds extends ChangePasswordNeeds, Pick<CloseNeeds, 'tells'>, MailDomainNeeds {
  readonly clock: Clock;
  readonly mailer: Mailer;
  readonly changes: ChangeStore;
}

export interface EditNeeds extends WriteNeeds, CloseNeeds {
  readonly clock: Clock;
  readonly mailer: Mailer;
  readonly roleExists: (id: string) => boolean;
  readonly profilePolicy: () => ProfilePolicy;
  readonly switches: () => ProfileSwitches;
  readonly random: Random;
  /** How long after a change of one's own address the next one is refused. */
  readonly emailPauseMs: () => number;
  readonly greet: AdministerCreateNeeds['greet'];
  readonly mailVerification: AdministerCreateNeeds['mailVerification'];
  /** Second factors as a whole. */
  readonly factorsOn: () => boolean;
  readonly hasOwnFactor: (account: Account) => { readonly held: boolean };
}

/** What is asked of somebody else's account, or of one's own by an administrator's way. */
export interface AccountChange extends ProfileChange {
  /** Passed over where the caller may set no passwords. */
  readonly password?: string | undefined;
  /** In the place of a password: one that nobody knows, and a mailed link to choose another. */
  readonly randomPassword?: boolean | undefined;
  readonly open?: boolean | undefined;
  /** Mails that there is an account. */
  readonly welcome?: boolean | undefined;
}

/**
 * Edits an account as administrators do (rest.md §11.3); whoever has no permission may edit only themselves this way.
 * Its owner is told by mail of another address, at the one before, and of another password. A link that verifies it goes
 * to another address, unless it counts as verified or a link for the password does the same.
 * @returns the account as it is then
 * @throws Fault `beyond-scope`, `profile-change-refused`, `role-unknown`, `role-too-high`, `rate-limited`, those of `mustBeFull`,
 *   `status-invisible-refused`, and those of `editOf` and `writeAndTell`
 */
export async function editAccount(
  needs: EditNeeds,
  signed: Signed,
  account: Account,
  change: AccountChange,
  caller: Caller,
): Promise<Account> {
  mustNotBeCredentials(signed, change);
  const own = account.id === signed.account.id;
  if (own) {
    mustBeFull(signed);
    mustBeProved(needs, signed, change);
  }
  const held = (permission: Parameters<Authority['held']>[1]): boolean => needs.authority.held(signed, permission).held;
  const mayEdit = held('edit-other-user-info');
  if (own && change.verified !== undefined) throw refused('verification');
  // Choosing another password is what ends it. Personal tokens, which go on meanwhile, must not end it either.
  if (own && account.passwordChange !== undefined && change.passwordChangeRequired === false) throw refused('password');
  if (own && change.email === '' && account.emails.length > 0) throw new Fault('email-invalid', { email: '' });
  if (!own && !mayEdit) throw refused('user');
  mustMayGive(needs, signed, account, change.roles);
  if (!own) mustNotOutrank(needs.authority, account.roles, signed);
  const maySetPassword = held('edit-other-user-password');
  if (!needs.switches().profile && !mayEdit && !maySetPassword) throw refused('profile');
  const open = change.open === account.open ? undefined : change.open;
  if (open !== undefined) mustHoldPermission(needs.authority, signed, 'edit-other-user-active-status');
  const edit = editOf(account, change, needs.profilePolicy());
  if (own || !mayEdit) mustBeSwitchedOn(needs.switches(), edit);
  const isRandom = change.randomPassword === true;
  const plain = isRandom ? needs.random.token() : change.password;
  const password = plain === undefined || !maySetPassword ? undefined : { plain };
  if (password !== undefined) {
    const mayChoose = mayChoosePassword(needs.switches(), { ...account, passwordChange: undefined });
    if (own && !mayChoose) throw refused('password');
    // Asked again where it is made; asked here so that a password that is refused costs no pause between addresses.
    if (!isRandom) await mustFitPolicy(needs, password, account);
  }
  if (own && changesEmail(account, change.email)) await mustHavePaused(needs, signed);
  if (open !== undefined) mustMaySetOpen(needs.authority, signed, account);
  const asked = 'passwordChange' in edit ? edit.passwordChange : account.passwordChange;
  const chosen: ChosenPassword | undefined =
    password === undefined
      ? undefined
      : {
          account,
          password,
          // A random one is held to no policy.
          chosenBy: isRandom ? 'host' : own ? 'owner' : 'administrator',
          expected: undefined,
          exceptToken: undefined,
          actorId: signed.account.id,
          changeRequired: isRandom ? (asked ?? { reason: undefined }) : asked,
        };
  await writeAndTell(needs, signed.account.id, account, { edit, chosen }, caller, open);
  const written = await asItIs(needs, account.id);
  const enrols = isRandom && password !== undefined;
  const welcome = enrols ? 'enrolment' : change.welcome === true ? 'welcome' : undefined;
  if (welcome !== undefined) await needs.greet(written, welcome, signed.account.id, caller);
  const fresh = change.verified === true || enrols ? undefined : freshAddress(account, change.email);
  if (fresh !== undefined) await needs.mailVerification(written, fresh, signed.account.id, caller);
  return written;
}

/** The address that takes the place of what was there; undefined where none does. */
export function freshAddress(before: Account, email: string | undefined): string | undefined {
  return email !== '' && changesEmail(before, email) ? email : undefined;
}

/**
 * Writes everything that one call changes, all of it in one step with its entries, and then tells the owner: of another
 * address at the ones before, of another password, of being opened or closed.
 * @param actorId who does it; undefined on the host
 * @param change.chosen the password, where one is set
 * @param open what the account is to be, where that changes
 * @throws Fault `email-domain-dead`, `last-administrator`, and those of `preparePassword` and `mustBeEdited`
 */
export async function writeAndTell(
  needs: WriteNeeds,
  actorId: string | undefined,
  account: Account,
  change: { readonly edit: AccountEdit; readonly chosen?: ChosenPassword | undefined },
  caller: Caller,
  open?: boolean,
): Promise<void> {
  const { edit, chosen } = change;
  const fresh = edit.emails?.[0]?.address;
  const asksDomain = actorId !== undefined && fresh !== undefined && changesEmail(account, fresh);
  if (asksDomain) await mustTakeMail(needs, fresh);
  const prepared = chosen === undefined ? undefined : await preparePassword(needs, chosen, caller);
  const now = needs.clock.now();
  const who = { at: now, caller, actorId, accountId: account.id };
  const isEdited = Object.keys(edit).length > 0;
  if (!isEdited && prepared === undefined && open === undefined) return;
  const outcome = await needs.changes.write({
    accountId: account.id,
    now,
    edit: isEdited ? { fields: edit, audit: recordOf('account.edit', who, factsOfEdit(account, edit)) } : undefined,
    password: prepared,
    open: open === undefined ? undefined : { open, audit: openingEntry(open, who) },
  });
  if (outcome === 'overtaken' && prepared !== undefined) throw notWritten(prepared);
  if (outcome === 'last-to-close') throw new Fault('last-administrator', { act: 'close' });
  mustBeEdited(outcome === 'overtaken' ? 'unknown' : outcome, edit);
  await tellOfAddress(needs, account, edit, actorId === account.id ? 'owner' : 'administrator');
  if (chosen !== undefined) await tellOwnerOfPassword(needs, chosen);
  if (open !== undefined) await tellOfOpening(needs, account, open);
}

async function tellOfAddress(
  { mailer }: Pick<WriteNeeds, 'mailer'>,
  account: Account,
  { emails }: AccountEdit,
  by: 'owner' | 'administrator',
): Promise<void> {
  const to = account.emails.map(({ address }) => address);
  if (to.length === 0 || emails === undefined || !changesEmail(account, emails[0]?.address ?? '')) return;
  await mailer.post({ kind: 'email-changed', to, language: account.language, facts: { by } });
}

/** @throws Fault `profile-change-refused`, `status-invisible-refused` where a setting keeps people from this change */
export function mustBeSwitchedOn(on: ProfileSwitches, edit: AccountEdit): void {
  if ('username' in edit && !on.username) throw refused('username');
  if ('statusText' in edit && !on.statusText) throw refused('status');
  if ('name' in edit && !on.name) throw refused('name');
  if ('emails' in edit && !on.email) throw refused('email');
  if (edit.chosenStatus === 'offline' && !on.invisible) throw new Fault('status-invisible-refused');
}

/**
 * Whoever changes their own address has others mailed to: not time and again.
 * @throws Fault `rate-limited`
 */
export async function mustHavePaused(
  needs: Pick<EditNeeds, 'emailPauseMs' | 'authority' | 'clock' | 'counts'>,
  signed: Signed,
): Promise<void> {
  const windowMs = needs.emailPauseMs();
  if (windowMs === 0 || needs.authority.held(signed, 'edit-other-user-info').held) return;
  const now = needs.clock.now();
  const { calls, endsAt } = await needs.counts.count({ key: `email-change ${signed.account.id}`, windowMs, now });
  if (calls > 1) throw new Fault('rate-limited', { retryAfterMs: endsAt - now });
}

/** @throws Fault `account-unknown` */
export async function asItIs({ accounts }: Pick<EditNeeds, 'accounts'>, id: string): Promise<Account> {
  const account = await accounts.byId(id);
  if (account === undefined) throw new Fault('account-unknown');
  return account;
}

export function refused(action: string): Fault {
  return new Fault('profile-change-refused', { action });
}

/** Whether a setting lets people set their own password; whoever must change it can do so all the same. */
export function mayChoosePassword(on: ProfileSwitches, { hasPassword, passwordChange }: Account): boolean {
  if (passwordChange !== undefined) return true;
  return on.password && (hasPassword || on.firstPassword);
}

/**
 * Applications act for people, administrators among them, but change neither how somebody signs in nor who may what.
 * @throws Fault `beyond-scope`
 */
function mustNotBeCredentials({ token }: Signed, change: AccountChange): void {
  if (token.pool !== 'application') return;
  const { roles, username, password, randomPassword, passwordChangeRequired, email, verified, open } = change;
  const credentials = [roles, username, password, randomPassword, passwordChangeRequired, email, verified, open];
  if (credentials.some((one) => one !== undefined)) throw new Fault('beyond-scope');
}

/**
 * For one's own address and password the caller has held a second factor. Where those are switched off, nothing has been
 * proved, and here is no password to ask for. Whoever has neither must have signed in a short time ago.
 * @throws Fault `profile-change-refused`, `sign-in-not-fresh`
 */
function mustBeProved(needs: EditNeeds, signed: Signed, { email, password, randomPassword }: AccountChange): void {
  const newPassword = randomPassword === true ? 'random' : password;
  if (!isSensitive(signed, { email, newPassword })) return;
  const isAsked = needs.factorsOn() && canBeAsked(needs, signed.account);
  if (isAsked) return;
  if (!signed.account.hasPassword) mustBeFreshSignIn(signed, needs.clock.now());
  else if (!needs.authority.held(signed, 'edit-other-user-info').held) throw refused('email');
}

/** @throws Fault `profile-change-refused`, `role-unknown`, `role-too-high` */
function mustMayGive(needs: EditNeeds, signed: Signed, account: Account, roles: readonly string[] | undefined): void {
  if (roles === undefined || sameRoles(roles, account.roles)) return;
  const { authority } = needs;
  if (!authority.held(signed, 'assign-roles').held) throw refused('roles');
  const changesAdministrators = roles.includes(administratorRole) !== account.roles.includes(administratorRole);
  if (changesAdministrators && !authority.held(signed, 'assign-admin-role').held) throw refused('administrator');
  const unknown = roles.find((role) => !needs.roleExists(role));
  if (unknown !== undefined || roles.length === 0) throw new Fault('role-unknown', { role: unknown ?? '' });
  mustNotOutrank(authority, roles, signed);
  mustReach(authority, signed, roles);
}
