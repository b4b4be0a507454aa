import type { Finding, Newcomer, NewcomerToken } from '../../../core/administration/newcomer.ts';
import type { Door } from '../../../core/ports.ts';
import type { Passkey } from '../../../core/second-factor/passkey-store.ts';
import type { Dialect } from '../../shapes/import/dialect.ts';
import type { Read } from '../../shapes/import/user-document.ts';
import { type Document, isPlain, Members } from '../../shapes/import/value.ts';
import type { CliApp } from '../needs.ts';
import { readApplication } from './application-line.ts';
import { exportForm } from './export-form.ts';

/**
 * The lines of `countersign export`, read as strictly as anything from outside.
 * @param app whose key opens what was exported sealed
 */
export function countersign(app: Pick<CliApp, 'moving'>): Dialect {
  let sameKey = false;
  return {
    kindOf: () => undefined,
    kindIn: (document) => {
      const { kind } = document;
      return kinds.find((known) => known === kind);
    },
    opening: (document) => {
      if (document['kind'] !== 'countersign') return { refused: 'It is no export of Countersign.' };
      if (document['form'] !== exportForm) {
        return { refused: 'It is an export in another form: use the version of Countersign that wrote it.' };
      }
      sameKey = document['keyMark'] === app.moving.keyMark();
      return { refused: undefined };
    },
    missing: ({ kind }) => (kind === 'end' ? undefined : 'The file ends before its last line.'),
    account: (document) => readAccount(document, sameKey),
    role: (document) => {
      const { id, name, scope, description, secondFactor } = document;
      if (typeof id !== 'string' || typeof name !== 'string' || typeof description !== 'string') return undefined;
      if (scope !== 'Users' && scope !== 'Subscriptions') return undefined;
      return { id, name, scope, description, protected: false, secondFactor: secondFactor === true };
    },
    permission: ({ id, roles }) => {
      if (typeof id !== 'string' || !Array.isArray(roles) || roles.length > 1_000) return undefined;
      return { id, roles: roles.filter((role) => typeof role === 'string') };
    },
    setting: ({ id, value, sealed, source }) => {
      if (typeof id !== 'string') return undefined;
      // What was made at random there is nobody's decision here either.
      const from = source === 'initial' ? ({ source: 'initial' } as const) : {};
      if (typeof sealed !== 'string') return { id, value, ...from };
      const opened = sameKey ? app.moving.openSetting(id, sealed) : undefined;
      return opened === undefined ? undefined : { id, value: opened, ...from };
    },
    application: (document) => readApplication(document, sameKey),
  };
}

const kinds = ['account', 'role', 'permission', 'setting', 'application'] as const;

const closedBecauses = ['waits-for-approval', 'idle', 'directory'] as const;

function readAccount(document: Document, sameKey: boolean): Read {
  const findings: Finding[] = [];
  const account = new Members(document, findings);
  const id = account.text('id', 200);
  const open = account.flag('open');
  const kind = account.text('accountKind');
  const status = account.text('chosenStatus');
  const closedBecause = account.text('closedBecause');
  const unfit = (part: string): Read => ({
    newcomer: undefined,
    id,
    findings: [...findings, { level: 'skipped', reason: 'wrong-type', part }],
  });
  if (id === undefined) return unfit('id');
  if (open === undefined) return unfit('open');
  if (kind !== 'user' && kind !== 'bot' && kind !== 'app') return unfit('accountKind');
  const factors = account.members('secondFactors');
  const guard = unreadGuard(account, factors);
  if (guard !== undefined) {
    return {
      newcomer: undefined,
      id,
      findings: [...findings, { level: 'skipped', reason: 'second-factor-unfit', part: guard }],
    };
  }
  const sealedSecret = factors?.text('sealedAppSecret', 5_000);
  const secret = factors?.text('appSecret');
  const salt = factors?.text('backupSalt');
  const hashes = factors?.texts('backupCodes', 100);
  const change = account.members('passwordChange');
  // Marks of another key fit no code any more.
  if (!sameKey && salt !== undefined) account.leaveOut('backup-codes-of-another-key', 'secondFactors.backupCodes');
  const newcomer: Newcomer = {
    id,
    username: account.text('username'),
    name: account.text('name'),
    kind,
    emails: (account.list('emails', 100) ?? []).flatMap((email) =>
      isPlain(email) && typeof email['address'] === 'string'
        ? [{ address: email['address'], verified: email['verified'] === true }]
        : [],
    ),
    roles: account.texts('roles', 1_000) ?? [],
    open,
    closedBecause: closedBecauses.find((because) => because === closedBecause),
    signUpReason: account.text('signUpReason'),
    passwordHash: account.text('passwordHash'),
    formerPasswords: rowsOf(account, 'formerPasswords').flatMap((row) => {
      const [hash, at] = [row.text('hash'), row.whole('at')];
      return hash === undefined || at === undefined ? [] : [{ hash, at }];
    }),
    passwordChange: change === undefined ? undefined : { reason: change.text('reason') },
    chosenStatus: status === 'away' || status === 'busy' || status === 'offline' ? status : 'online',
    statusText: account.text('statusText') ?? '',
    statusEndsAt: account.whole('statusEndsAt'),
    bio: account.text('bio'),
    nickname: account.text('nickname'),
    language: account.text('language'),
    utcOffset: account.number('utcOffset'),
    preferences: account.tree('preferences') ?? {},
    customFields: account.tree('customFields') ?? {},
    createdAt: account.whole('createdAt'),
    updatedAt: account.whole('updatedAt'),
    lastLogInAt: account.whole('lastLogInAt'),
    tokens: rowsOf(account, 'tokens').flatMap(tokenOf),
    app: secret !== undefined ? { secret } : sealedSecret !== undefined ? { sealedSecret } : undefined,
    backupCodes: sameKey && salt !== undefined ? { salt, hashes: hashes ?? [] } : undefined,
    emailFactor: factors?.flag('email') === true,
    passkeys: rowsOf(account, 'passkeys').flatMap((row) => passkeyOf(id, row)),
    passkeyAlone: factors?.flag('passkeyAlone') === true,
    identities: rowsOf(account, 'identities').flatMap((row) => {
      const [provider, subject] = [row.text('provider', 200), row.text('subject')];
      if (provider === undefined || subject === undefined) return [];
      return [{ provider, subject, facts: textsOf(row.tree('facts')) }];
    }),
  };
  return { newcomer, findings };
}

/**
 * A part that guards the account and cannot be read: it must not pass for one that is missing.
 * @returns its name; undefined where all of them can be read
 */
function unreadGuard(account: Members, factors: Members | undefined): string | undefined {
  if (account.has('secondFactors') && factors === undefined) return 'secondFactors';
  for (const name of ['sealedAppSecret', 'appSecret'] as const) {
    if (factors?.has(name) === true && factors.text(name, 5_000) === undefined) return `secondFactors.${name}`;
  }
  if (factors?.has('email') === true && factors.flag('email') === undefined) return 'secondFactors.email';
  const keys = account.any('passkeys') ?? [];
  const readKeys = rowsOf(account, 'passkeys').flatMap((row) => passkeyOf('', row));
  if (!Array.isArray(keys) || readKeys.length < keys.length) return 'passkeys';
  if (account.has('passwordChange') && account.members('passwordChange') === undefined) return 'passwordChange';
  return undefined;
}

function rowsOf(account: Members, name: string): readonly Members[] {
  return (account.list(name, 25_000) ?? []).filter(isPlain).map((row) => account.of(row, name));
}

const doors: readonly string[] = ['rest', 'ddp', 'method-call', 'page', 'cli', 'server'];

function tokenOf(row: Members): readonly NewcomerToken[] {
  const [hash, pool, createdAt, id] = [row.text('hash'), row.text('pool'), row.whole('createdAt'), row.text('id', 50)];
  if (hash === undefined || createdAt === undefined || id === undefined) return [];
  if (pool !== 'interactive' && pool !== 'script' && pool !== 'personal') return [];
  const door = row.text('door') ?? '';
  const endsAt = row.whole('endsAt');
  return [
    {
      hash,
      pool,
      name: row.text('name'),
      lastPart: row.text('lastPart', 6) ?? '',
      skipsSecondFactor: row.flag('skipsSecondFactor') === true,
      createdAt,
      endsAt,
      more: {
        id,
        usedAt: row.whole('usedAt') ?? createdAt,
        door: doors.includes(door) ? (door as Door) : 'server',
        address: row.text('address', 100) ?? '',
        userAgent: row.text('userAgent', 512) ?? '',
        factor: row.text('factor', 50),
        // A list that cannot be read must not widen what the token may do.
        scopes: row.has('scopes') ? (row.texts('scopes', 1_000) ?? []) : undefined,
        addresses: row.has('addresses') ? (row.texts('addresses', 1_000) ?? []) : undefined,
        enrolsOnly: row.flag('enrolsOnly') === true,
      },
    },
  ];
}

function passkeyOf(accountId: string, row: Members): readonly Passkey[] {
  const [id, publicKey] = [row.text('id', 2_000), row.text('publicKey', 5_000)];
  if (id === undefined || publicKey === undefined) return [];
  return [
    {
      id,
      accountId,
      publicKey,
      name: row.text('name') ?? '',
      signCount: row.whole('signCount') ?? 0,
      transports: row.texts('transports', 20) ?? [],
      backedUp: row.flag('backedUp') === true,
      createdAt: row.whole('createdAt') ?? 0,
      usedAt: row.whole('usedAt'),
    },
  ];
}

function textsOf(tree: Document | undefined): Readonly<Record<string, string>> {
  const texts = Object.entries(tree ?? {}).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(texts) as Record<string, string>;
}
