import type { Command } from '../command.ts';
import { appCreate } from './app-create.ts';
import { appDelete } from './app-delete.ts';
import { appList } from './app-list.ts';
import { appRotateSecret } from './app-rotate-secret.ts';
import { auditExport } from './audit-export.ts';
import { auditList } from './audit-list.ts';
import { auditVerify } from './audit-verify.ts';
import { backup } from './backup.ts';
import { blockClear } from './block-clear.ts';
import { blockList } from './block-list.ts';
import { doctor } from './doctor.ts';
import { exportAll } from './export.ts';
import { identityList } from './identity-list.ts';
import { identityUnlink } from './identity-unlink.ts';
import { importCountersign } from './import-countersign.ts';
import { importRocketchat } from './import-rocketchat.ts';
import { ldapSync } from './ldap-sync.ts';
import { ldapTest } from './ldap-test.ts';
import { loginLink } from './login-link.ts';
import { mailList } from './mail-list.ts';
import { mailRetry } from './mail-retry.ts';
import { mailShow } from './mail-show.ts';
import { mailTest } from './mail-test.ts';
import { openIdRotateKeys } from './openid-rotate-keys.ts';
import { restore } from './restore.ts';
import { roleCreate } from './role-create.ts';
import { roleDelete } from './role-delete.ts';
import { roleGrant } from './role-grant.ts';
import { roleList } from './role-list.ts';
import { roleRevoke } from './role-revoke.ts';
import { samlImportMetadata } from './saml-import-metadata.ts';
import { serve } from './serve.ts';
import { serviceAdd } from './service-add.ts';
import { serviceRemove } from './service-remove.ts';
import { sessionEnd } from './session-end.ts';
import { sessionList } from './session-list.ts';
import { settingGet } from './setting-get.ts';
import { settingList } from './setting-list.ts';
import { settingReset } from './setting-reset.ts';
import { settingSet } from './setting-set.ts';
import { tokenCreate } from './token-create.ts';
import { tokenList } from './token-list.ts';
import { tokenRevoke } from './token-revoke.ts';
import { twoFactorDisable } from './two-factor-disable.ts';
import { unblock } from './unblock.ts';
import { userCreate } from './user-create.ts';
import { userDelete } from './user-delete.ts';
import { userDisable } from './user-disable.ts';
import { userEnable } from './user-enable.ts';
import { userList } from './user-list.ts';
import { userResetPassword } from './user-reset-password.ts';
import { userSetPassword } from './user-set-password.ts';
import { userShow } from './user-show.ts';
import { userUpdate } from './user-update.ts';

/** Every command, in the order of `--help`. */
export const commands: readonly Command[] = [
  serve,
  userCreate,
  userList,
  userShow,
  userDisable,
  userEnable,
  userUpdate,
  userSetPassword,
  userResetPassword,
  userDelete,
  roleList,
  roleCreate,
  roleDelete,
  roleGrant,
  roleRevoke,
  settingList,
  settingGet,
  settingSet,
  settingReset,
  samlImportMetadata,
  serviceAdd,
  serviceRemove,
  tokenCreate,
  tokenList,
  tokenRevoke,
  sessionList,
  sessionEnd,
  appList,
  appCreate,
  appDelete,
  appRotateSecret,
  openIdRotateKeys,
  twoFactorDisable,
  identityList,
  identityUnlink,
  ldapTest,
  ldapSync,
  loginLink,
  unblock,
  blockList,
  blockClear,
  mailList,
  mailShow,
  mailRetry,
  mailTest,
  auditList,
  auditVerify,
  auditExport,
  importRocketchat,
  importCountersign,
  exportAll,
  backup,
  restore,
  doctor,
];
