import type { AnyMethod } from '../method.ts';
import { accountMethods } from './accounts.ts';
import { beginApp, confirmApp, countBackupCodes, removeApp, renewBackupCodes } from './authenticator-app.ts';
import { avatarMethods } from './avatars.ts';
import { changePassword } from './change-password.ts';
import { configureLoginService } from './configure-login-service.ts';
import { createUser } from './create-user.ts';
import { getNewToken } from './get-new-token.ts';
import { getPasswordPolicy } from './get-password-policy.ts';
import { insertOrUpdateUser } from './insert-or-update-user.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { logoutCleanUp } from './logout-clean-up.ts';
import { oauthAppMethods } from './oauth-apps.ts';
import { oauthServiceMethods } from './oauth-services.ts';
import { permissions, roles } from './permissions.ts';
import { generatePersonalToken, regeneratePersonalToken, removePersonalToken } from './personal-access-tokens.ts';
import { profileMethods } from './profile.ts';
import {
  afterVerifyEmail,
  forgotPassword,
  resetPassword,
  sendConfirmationEmail,
  sendForgotPasswordEmail,
  verifyEmail,
} from './recovery.ts';
import {
  checkRegistrationSecret,
  registerUser,
  setUsername,
  usernameAvailability,
  usernameSuggestion,
} from './register.ts';
import { removeOtherTokens } from './remove-other-tokens.ts';
import { roleMethods } from './roles.ts';
import { rooms, subscriptions } from './rooms.ts';
import { samlLogout } from './saml-logout.ts';
import { setUserPassword } from './set-user-password.ts';
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
  registerUser,
  checkRegistrationSecret,
  usernameSuggestion,
  usernameAvailability,
  setUsername,
  sendForgotPasswordEmail,
  forgotPassword,
  resetPassword,
  sendConfirmationEmail,
  verifyEmail,
  afterVerifyEmail,
  configureLoginService,
  changePassword,
  setUserPassword,
  getPasswordPolicy,
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
  ...oauthAppMethods,
  ...oauthServiceMethods,
  permissions,
  roles,
  ...roleMethods,
  rooms,
  subscriptions,
  ...profileMethods,
  ...avatarMethods,
  ...accountMethods,
  insertOrUpdateUser,
  samlLogout,
  ...streamWrites,
];
