import type { Endpoint } from '../endpoint.ts';
import info from './info.get.ts';
import logIn from './login.post.ts';
import loginCodeRedeem from './loginCode.redeem.post.ts';
import logOutGet from './logout.get.ts';
import logOut from './logout.post.ts';
import me from './me.get.ts';
import methodCall from './method.call.post.ts';
import methodCallAnon from './method.callAnon.post.ts';
import passkeysAdd from './passkeys.add.post.ts';
import passkeysBegin from './passkeys.begin.post.ts';
import passkeysList from './passkeys.list.get.ts';
import passkeysRemove from './passkeys.remove.post.ts';
import passkeysRename from './passkeys.rename.post.ts';
import passkeysSetAlone from './passkeys.setAlone.post.ts';
import passkeysSignIn from './passkeys.signIn.post.ts';
import passkeysSignInOptions from './passkeys.signInOptions.post.ts';
import permissionsListAll from './permissions.listAll.get.ts';
import rolesList from './roles.list.get.ts';
import serviceConfigurations from './service.configurations.get.ts';
import setting from './settings._id.get.ts';
import changeSetting from './settings._id.post.ts';
import settings from './settings.get.ts';
import settingsOauth from './settings.oauth.get.ts';
import changeSettings from './settings.post.ts';
import settingsPublic from './settings.public.get.ts';
import twoFactorSendEmailCode from './twoFactorChallenges.sendEmailCode.post.ts';
import twoFactorVerifyChallenge from './twoFactorChallenges.verifyChallenge.post.ts';
import usersDisableEmail from './users.2fa.disableEmail.post.ts';
import usersEnableEmail from './users.2fa.enableEmail.post.ts';
import usersSendEmailCode from './users.2fa.sendEmailCode.post.ts';
import usersCreate from './users.create.post.ts';
import usersCreateToken from './users.createToken.post.ts';
import usersDelete from './users.delete.post.ts';
import usersDisableTotp from './users.disableTotp.post.ts';
import usersEnableTotp from './users.enableTotp.post.ts';
import usersForgetTrustedClients from './users.forgetTrustedClients.post.ts';
import usersGeneratePersonalAccessToken from './users.generatePersonalAccessToken.post.ts';
import usersGetPersonalAccessTokens from './users.getPersonalAccessTokens.get.ts';
import usersGetPresence from './users.getPresence.get.ts';
import usersGetStatus from './users.getStatus.get.ts';
import usersInfo from './users.info.get.ts';
import usersList from './users.list.get.ts';
import usersLogout from './users.logout.post.ts';
import usersLogoutOtherClients from './users.logoutOtherClients.post.ts';
import usersPresence from './users.presence.get.ts';
import usersRegeneratePersonalAccessToken from './users.regeneratePersonalAccessToken.post.ts';
import usersRegenerateTotpCodes from './users.regenerateTotpCodes.post.ts';
import usersRemoveOtherTokens from './users.removeOtherTokens.post.ts';
import usersRemovePersonalAccessToken from './users.removePersonalAccessToken.post.ts';
import usersResetTotp from './users.resetTOTP.post.ts';
import usersSetActiveStatus from './users.setActiveStatus.post.ts';
import usersSetStatus from './users.setStatus.post.ts';
import usersTotpCodesRemaining from './users.totpCodesRemaining.get.ts';
import usersTotpQrCode from './users.totpQrCode.get.ts';
import usersTrustedClients from './users.trustedClients.get.ts';
import usersValidateTotp from './users.validateTotp.post.ts';
import infoV1 from './v1.info.get.ts';

/** Every endpoint of the JSON API. */
export const endpoints: readonly Endpoint[] = [
  info,
  logIn,
  logOutGet,
  logOut,
  loginCodeRedeem,
  twoFactorSendEmailCode,
  twoFactorVerifyChallenge,
  me,
  methodCall,
  methodCallAnon,
  passkeysAdd,
  passkeysBegin,
  passkeysList,
  passkeysRemove,
  passkeysRename,
  passkeysSetAlone,
  passkeysSignIn,
  passkeysSignInOptions,
  permissionsListAll,
  rolesList,
  serviceConfigurations,
  setting,
  changeSetting,
  settings,
  settingsOauth,
  changeSettings,
  settingsPublic,
  usersCreate,
  usersCreateToken,
  usersDelete,
  usersGeneratePersonalAccessToken,
  usersGetPersonalAccessTokens,
  usersGetPresence,
  usersGetStatus,
  usersInfo,
  usersList,
  usersLogout,
  usersLogoutOtherClients,
  usersPresence,
  usersRegeneratePersonalAccessToken,
  usersRemoveOtherTokens,
  usersRemovePersonalAccessToken,
  usersSetActiveStatus,
  usersSetStatus,
  usersEnableEmail,
  usersDisableEmail,
  usersSendEmailCode,
  usersResetTotp,
  usersEnableTotp,
  usersValidateTotp,
  usersDisableTotp,
  usersRegenerateTotpCodes,
  usersTotpCodesRemaining,
  usersTotpQrCode,
  usersTrustedClients,
  usersForgetTrustedClients,
  infoV1,
];
