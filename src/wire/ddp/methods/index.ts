import type { AnyMethod } from '../method.ts';
import { beginApp, confirmApp, countBackupCodes, removeApp, renewBackupCodes } from './authenticator-app.ts';
import { changePassword } from './change-password.ts';
import { configureLoginService } from './configure-login-service.ts';
import { createUser } from './create-user.ts';
import { getNewToken } from './get-new-token.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { logoutCleanUp } from './logout-clean-up.ts';
import { permissions, roles } from './permissions.ts';
import { generatePersonalToken, regeneratePersonalToken, removePersonalToken } from './personal-access-tokens.ts';
import { removeOtherTokens } from './remove-other-tokens.ts';
import { rooms, subscriptions } from './rooms.ts';
import { privateSettings, publicSettings, saveSetting, saveSettings } from './settings.ts';
import { streamWrites } from './streams.ts';
import {
  presenceAway,
  presenceConnect,
  presenceOnline,
  presencePing,
  setDefaultStatus,
  setUserStatus,
} from './user-presence.ts';

/** Every method; a new one is a file and a line here. */
export const methods: readonly AnyMethod[] = [
  login,
  logout,
  getNewToken,
  removeOtherTokens,
  logoutCleanUp,
  createUser,
  configureLoginService,
  changePassword,
  generatePersonalToken,
  regeneratePersonalToken,
  removePersonalToken,
  beginApp,
  confirmApp,
  removeApp,
  renewBackupCodes,
  countBackupCodes,
  presenceOnline,
  presenceAway,
  presenceConnect,
  presencePing,
  setDefaultStatus,
  setUserStatus,
  publicSettings,
  privateSettings,
  saveSetting,
  saveSettings,
  permissions,
  roles,
  rooms,
  subscriptions,
  ...streamWrites,
];
