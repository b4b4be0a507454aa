import type { Leaving } from '../../../core/administration/bring-out.ts';

/** The form of the lines; raised when a reader of the old one would misread the new one. */
export const exportForm = 1;

/** The line of something that leaves. Members that are undefined are left out. */
export function exportLine(leaving: Leaving): object {
  switch (leaving.kind) {
    case 'setting': {
      const { id, value, source, updatedAt } = leaving.setting;
      return { kind: 'setting', id, ...(leaving.sealed ? { sealed: value } : { value }), source, updatedAt };
    }
    case 'role': {
      const { id, name, scope, description, secondFactor } = leaving.role;
      return { kind: 'role', id, name, scope, description, protected: leaving.role.protected, secondFactor };
    }
    case 'permission': {
      const { id, roles, updatedAt } = leaving.permission;
      return { kind: 'permission', id, roles, updatedAt };
    }
    case 'application': {
      const { sealedSecret, ...application } = leaving.application;
      const { secret } = leaving;
      return { kind: 'application', ...application, ...(secret === undefined ? { sealedSecret } : { secret }) };
    }
    case 'account':
      return accountLine(leaving);
  }
}

function accountLine({ belongings, appSecret }: Extract<Leaving, { kind: 'account' }>): object {
  const { account, tokens, app, backup, passkeys, identities, formerPasswords } = belongings;
  const { hasPassword: _, secondFactors, kind, avatarTag: __, ...plain } = account;
  return {
    ...plain,
    kind: 'account',
    accountKind: kind,
    secondFactors: {
      email: secondFactors.email,
      passkeyAlone: secondFactors.passkeyAlone,
      ...(appSecret === undefined ? { sealedAppSecret: app?.sealedSecret } : { appSecret }),
      backupSalt: backup?.salt,
      backupCodes: backup?.hashes,
    },
    tokens: tokens.map(({ accountId: ____, trust: _____, ...token }) => token),
    passkeys: passkeys.map(({ accountId: ____, ...passkey }) => passkey),
    identities,
    formerPasswords,
  };
}
