import { type AccountKind, administratorRole, atLeastEverybodys, type Email } from '../account/account.ts';
import { checkedCustomFields } from '../account/custom-fields.ts';
import { foldName } from '../account/names.ts';
import { mustBeEmail, mustBeName, mustBeUsername, type NamingPolicy } from '../account/rules.ts';
import { Fault } from '../fault.ts';
import { judgeStored } from '../password/stored-form.ts';
import type { Moment, Random, Sealer } from '../ports.ts';
import { appSecretOf } from '../second-factor/app-secret.ts';
import { keepBackupDigests } from '../second-factor/backup-codes.ts';
import type { BackupCodes } from '../second-factor/store.ts';
import { longestTokenName } from '../session/personal-tokens.ts';
import { sessionLifeMs } from '../session/rules.ts';
import type { Pool, Token } from '../session/token.ts';
import type { Belongings } from './move-store.ts';
import type { Finding, Newcomer, NewcomerToken } from './newcomer.ts';

/** What settings say of whoever is brought in. */
export interface ArrivalPolicy {
  readonly usernamePattern: NamingPolicy['usernamePattern'];
  /** Roles of whoever comes without any list of them. */
  readonly defaultRoles: readonly string[];
  /** Days that a session lives. */
  readonly lifeDays: number;
  readonly cap: (pool: Pool) => number;
  /** Whether codes by e-mail are asked for, and no mail server is set that could bring them. */
  readonly codesUnmailed: boolean;
}

export interface JudgeNeeds {
  readonly random: Pick<Random, 'id'>;
  readonly sealer: Sealer;
  readonly policy: ArrivalPolicy;
  readonly roleExists: (id: string) => boolean;
  /** Whether whoever brings them in may give a role. */
  readonly mayGive: (role: string) => { readonly held: boolean };
  readonly now: Moment;
}

export type Judged =
  | { readonly fits: true; readonly belongings: Belongings; readonly findings: readonly Finding[] }
  | { readonly fits: false; readonly findings: readonly Finding[] };

const mostEmails = 20;
const mostRoles = 100;
const mostIdentities = 50;
const mostBackupCodes = 100;
const mostFormerPasswords = 24;
const longestId = 64;
const longestLine = 1_000;
const mostPreferences = 65_536;

/** Stops the judgement: the account cannot come in. */
class Unfit extends Error {
  readonly finding: Finding;

  constructor(reason: string, part: string, value?: string) {
    super(reason);
    this.finding = { level: 'skipped', reason, part, ...(value === undefined ? {} : { value }) };
  }
}

/**
 * Makes of what a file tells what can be stored, or says why it cannot. What belongs to nobody's safety is left out and
 * told; what a second factor or a closed account needs is never left out: then the whole account stays away.
 */
export function judgeNewcomer(needs: JudgeNeeds, newcomer: Newcomer): Judged {
  const findings: Finding[] = [];
  try {
    return { fits: true, belongings: belongingsOf(needs, newcomer, findings), findings };
  } catch (cause) {
    if (!(cause instanceof Unfit)) throw cause;
    return { fits: false, findings: [...findings, cause.finding] };
  }
}

function belongingsOf(needs: JudgeNeeds, from: Newcomer, findings: Finding[]): Belongings {
  const { policy, now } = needs;
  const leaveOut = (reason: string, part: string, value?: string): void => {
    findings.push({ level: 'left-out', reason, part, ...(value === undefined ? {} : { value }) });
  };
  const line = (part: string, text: string | undefined): string | undefined => {
    if (text === undefined || isText(text, longestLine)) return text;
    leaveOut('value-unfit', part);
    return undefined;
  };
  const moment = (part: string, at: Moment | undefined): Moment | undefined => {
    // A day ahead is a clock that went wrong, more is a broken date.
    if (at === undefined || (Number.isSafeInteger(at) && at >= 0 && at <= now + dayMs)) return at;
    leaveOut('date-broken', part);
    return undefined;
  };
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/u.test(from.id) || from.id.length > longestId) throw new Unfit('id-unfit', 'id');
  mustHaveFitName(from.username, policy);
  const emails = emailsOf(from.emails, leaveOut);
  const passwordHash = passwordOf(from.passwordHash, 'password', leaveOut);
  const app = sealedApp(needs, from);
  const createdAt = moment('createdAt', from.createdAt) ?? now;
  const roles = rolesOf(needs, from, leaveOut);
  if (roles.length === 0) findings.push({ level: 'note', reason: 'no-roles', part: 'roles' });
  if (roles.includes(administratorRole)) findings.push({ level: 'note', reason: 'administrator', part: 'roles' });
  const codesOnly = from.emailFactor && app === undefined && from.passkeys.length === 0;
  if (policy.codesUnmailed && codesOnly && from.open && emails.some(({ verified }) => verified)) {
    findings.push({ level: 'note', reason: 'mail-needed', part: 'emails' });
  }
  return {
    account: {
      id: from.id,
      username: from.username,
      name: nameOf(from.name, leaveOut),
      kind: from.kind satisfies AccountKind,
      emails,
      roles,
      open: from.open,
      closedBecause: from.open ? undefined : from.closedBecause,
      signUpReason: line('signUpReason', from.signUpReason),
      avatarTag: undefined,
      hasPassword: passwordHash !== undefined,
      passwordHash,
      secondFactors: {
        app: app !== undefined,
        email: from.emailFactor,
        passkey: from.passkeys.length > 0,
        passkeyAlone: from.passkeyAlone && from.passkeys.length > 0,
      },
      passwordChange:
        from.passwordChange === undefined
          ? undefined
          : { reason: line('passwordChangeReason', from.passwordChange.reason) },
      chosenStatus: from.chosenStatus,
      statusText: line('statusText', from.statusText) ?? '',
      statusEndsAt: laterMoment(from.statusEndsAt, leaveOut),
      bio: line('bio', from.bio),
      nickname: line('nickname', from.nickname),
      language: line('language', from.language),
      utcOffset: from.utcOffset !== undefined && Math.abs(from.utcOffset) <= 24 ? from.utcOffset : undefined,
      preferences: preferencesOf(from.preferences, leaveOut),
      customFields: customFieldsOf(from.customFields, leaveOut),
      createdAt,
      updatedAt: moment('updatedAt', from.updatedAt) ?? createdAt,
      lastLogInAt: moment('lastLogInAt', from.lastLogInAt),
    },
    tokens: tokensOf(needs, from, leaveOut),
    app,
    backup: backupOf(needs, from, leaveOut),
    passkeys: from.passkeys,
    identities: firstOf(from.identities, mostIdentities, 'identities', leaveOut),
    formerPasswords: from.formerPasswords
      .filter(({ hash }) => judgeStored(hash) === 'fits')
      .toSorted((one, other) => other.at - one.at)
      .slice(0, mostFormerPasswords),
  };
}

/** When something ends: it may lie ahead, unlike all that has been. */
function laterMoment(at: Moment | undefined, leaveOut: LeaveOut): Moment | undefined {
  if (at === undefined || (Number.isSafeInteger(at) && at >= 0 && at <= latest)) return at;
  leaveOut('date-broken', 'statusEndsAt');
  return undefined;
}

/** The last moment that a date can have. */
const latest = 8_640_000_000_000_000;

type LeaveOut = (reason: string, part: string, value?: string) => void;

const dayMs = 86_400_000;

/** @throws Unfit */
function mustHaveFitName(username: string | undefined, { usernamePattern }: ArrivalPolicy): void {
  if (username === undefined) return;
  try {
    // Who has a name that is reserved today had it before it was.
    mustBeUsername(username, { usernamePattern, reserved: [] });
  } catch (cause) {
    if (cause instanceof Fault) throw new Unfit(cause.code, 'username', username.slice(0, longestLine));
    throw cause;
  }
}

/** As it is, or without what a name may not have here: whoever has one for years does not lose all of it. */
function nameOf(name: string | undefined, leaveOut: LeaveOut): string | undefined {
  if (name === undefined || name === '') return undefined;
  const plain = name.replace(/[<>/\\\p{Cc}\p{Cs}\s]+/gu, ' ').trim();
  const short = plain
    .slice(0, longestName)
    .replace(/\p{Cs}/gu, '')
    .trim();
  for (const [at, one] of [name, plain, short].entries()) {
    if (one === '' || !isName(one)) continue;
    if (at > 0) leaveOut('name-changed', 'name', name.toWellFormed().slice(0, longestLine));
    return one;
  }
  leaveOut('name-invalid', 'name');
  return undefined;
}

const longestName = 256;

function isName(name: string): boolean {
  try {
    mustBeName(name, { nameRequired: false });
    return isText(name, longestLine);
  } catch (cause) {
    if (cause instanceof Fault) return false;
    throw cause;
  }
}

function emailsOf(emails: readonly Email[], leaveOut: LeaveOut): readonly Email[] {
  const kept = new Map<string, Email>();
  for (const [at, email] of emails.entries()) {
    if (at >= mostEmails) {
      leaveOut('too-many', 'emails', String(emails.length));
      break;
    }
    try {
      mustBeEmail(email.address, { allowedDomains: [], blockedDomains: [] });
      const key = foldName(email.address);
      if (!email.address.isWellFormed()) leaveOut('email-invalid', `emails.${at}`);
      else if (kept.get(key)?.verified !== true) kept.set(key, email);
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      leaveOut(cause.code, `emails.${at}`, email.address.slice(0, longestLine));
    }
  }
  return [...kept.values()];
}

function rolesOf(
  { policy, roleExists, mayGive }: JudgeNeeds,
  { roles, defaultRolesToo = false }: Newcomer,
  leaveOut: LeaveOut,
): readonly string[] {
  const given = firstOf([...new Set(roles ?? [])], mostRoles, 'roles', leaveOut);
  const fit = (all: readonly string[], chosen: boolean): readonly string[] =>
    all.filter((role) => {
      // Nobody becomes an administrator unasked, whatever the setting says: registering leaves it out as well.
      const isUnasked = role === administratorRole && !chosen;
      if (!roleExists(role)) leaveOut('role-unknown', 'roles', role.slice(0, longestLine));
      else if (mayGive(role).held && !isUnasked) return true;
      else leaveOut('role-too-high', 'roles', role);
      return false;
    });
  const chosen = fit(given, true);
  if (roles !== undefined && !defaultRolesToo) return chosen;
  return [...new Set([...chosen, ...atLeastEverybodys(fit(policy.defaultRoles, false))])];
}

function passwordOf(stored: string | undefined, part: string, leaveOut: LeaveOut): string | undefined {
  if (stored === undefined) return undefined;
  const verdict = judgeStored(stored);
  if (verdict === 'fits') return stored;
  // It is not even tried: the hash itself says what it would cost (attacks S13).
  leaveOut(verdict === 'too-dear' ? 'password-too-dear' : 'password-form', part);
  return undefined;
}

/** @throws Unfit: without its app the account would be guarded by less than before */
function sealedApp({ sealer }: JudgeNeeds, { id, app }: Newcomer): Belongings['app'] {
  if (app === undefined) return undefined;
  const boundTo = appSecretOf(id);
  if ('sealedSecret' in app) {
    try {
      sealer.open(app.sealedSecret, boundTo);
      return { sealedSecret: app.sealedSecret };
    } catch {
      throw new Unfit('second-factor-sealed', 'app');
    }
  }
  const secret = app.secret.replace(/[\s=]/gu, '').toUpperCase();
  if (!/^[A-Z2-7]{16,256}$/u.test(secret)) throw new Unfit('second-factor-unfit', 'app');
  return { sealedSecret: sealer.seal(secret, boundTo) };
}

function backupOf(needs: JudgeNeeds, { id, backupCodes }: Newcomer, leaveOut: LeaveOut): BackupCodes | undefined {
  if (backupCodes === undefined) return undefined;
  if ('salt' in backupCodes) return backupCodes;
  const fit = backupCodes.digests.filter((digest) => /^[0-9a-f]{64}$/u.test(digest)).slice(0, mostBackupCodes);
  if (fit.length < backupCodes.digests.length) leaveOut('value-unfit', 'backupCodes');
  return keepBackupDigests(needs, id, [...new Set(fit)]);
}

function tokensOf(needs: JudgeNeeds, from: Newcomer, leaveOut: LeaveOut): readonly Token[] {
  const { policy, now } = needs;
  // A closed account has no tokens here: closing ends them all.
  if (!from.open) return [];
  const life = sessionLifeMs(policy.lifeDays);
  const live: Token[] = [];
  const hashes = new Set<string>();
  const names = new Set<string>();
  for (const given of from.tokens) {
    const token = tokenOf(needs, from.id, given, life);
    if (typeof token === 'string') {
      leaveOut(token, 'tokens');
      continue;
    }
    if (token.endsAt !== undefined && token.endsAt <= now) continue;
    if (hashes.has(token.hash)) continue;
    if (token.name !== undefined && names.has(token.name)) {
      leaveOut('personal-token-exists', 'tokens', token.name);
      continue;
    }
    hashes.add(token.hash);
    if (token.name !== undefined) names.add(token.name);
    live.push(token);
  }
  return (['interactive', 'script', 'personal'] as const).flatMap((pool) => {
    const own = live.filter((token) => token.pool === pool).toSorted((one, other) => other.usedAt - one.usedAt);
    const cap = Math.max(0, policy.cap(pool));
    if (own.length > cap) leaveOut('tokens-over-cap', 'tokens', String(own.length - cap));
    return own.slice(0, cap);
  });
}

/** The token, or why it cannot come in. */
function tokenOf({ random, now }: JudgeNeeds, accountId: string, given: NewcomerToken, life: number): Token | string {
  const personal = given.pool === 'personal';
  if (!/^[A-Za-z0-9+/]{43}=$/u.test(given.hash)) return 'token-form';
  if (!Number.isSafeInteger(given.createdAt) || given.createdAt < 0 || given.createdAt > now + dayMs) {
    return 'date-broken';
  }
  if (personal !== (given.name !== undefined)) return 'token-form';
  if (given.name !== undefined && (given.name === '' || !isText(given.name, longestTokenName))) return 'token-form';
  const { more } = given;
  return {
    hash: given.hash,
    id: more?.id ?? random.id(),
    accountId,
    pool: given.pool,
    name: given.name,
    lastPart: personal ? given.lastPart.slice(-6) : '',
    skipsSecondFactor: personal && given.skipsSecondFactor,
    enrolsOnly: more?.enrolsOnly ?? false,
    factor: more?.factor,
    scopes: more?.scopes,
    addresses: more?.addresses,
    createdAt: given.createdAt,
    endsAt: given.endsAt ?? (personal ? undefined : given.createdAt + life),
    usedAt: more?.usedAt ?? given.createdAt,
    trust: undefined,
    door: more?.door ?? 'server',
    address: more?.address ?? '',
    userAgent: more?.userAgent ?? '',
  };
}

function preferencesOf(given: Newcomer['preferences'], leaveOut: LeaveOut): Newcomer['preferences'] {
  if (JSON.stringify(given).length <= mostPreferences) return given;
  leaveOut('too-large', 'preferences');
  return {};
}

function customFieldsOf(given: Newcomer['customFields'], leaveOut: LeaveOut): Newcomer['customFields'] {
  try {
    // Their definition is of today, the fields are of then: only the size is asked.
    return checkedCustomFields('', given);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    leaveOut('too-large', 'customFields');
    return {};
  }
}

function firstOf<T>(all: readonly T[], most: number, part: string, leaveOut: LeaveOut): readonly T[] {
  if (all.length > most) leaveOut('too-many', part, String(all.length));
  return all.slice(0, most);
}

/** What every database can keep. */
function isText(text: string, longest: number): boolean {
  return text.length <= longest && text.isWellFormed() && !text.includes('\0');
}
