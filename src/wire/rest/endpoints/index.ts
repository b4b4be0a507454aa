import type { Endpoint } from '../endpoint.ts';
import applicationsConsents from './applications.consents.get.ts';
import applicationsWithdraw from './applications.withdraw.post.ts';
import auditList from './audit.list.get.ts';
import blocksClear from './blocks.clear.post.ts';
import blocksList from './blocks.list.get.ts';
import identitiesLink from './identities.link.post.ts';
import identitiesList from './identities.list.get.ts';
import identitiesUnlink from './identities.unlink.post.ts';
import importsProgress from './imports.progress.get.ts';
import importsRemove from './imports.remove.post.ts';
import importsStart from './imports.start.post.ts';
import importsStop from './imports.stop.post.ts';
import importsUpload from './imports.upload.post.ts';
import info from './info.get.ts';
import ldapSyncNow from './ldap.syncNow.post.ts';
import ldapSyncReport from './ldap.syncReport.get.ts';
import ldapTestConnection from './ldap.testConnection.post.ts';
import ldapTestSearch from './ldap.testSearch.post.ts';
import ldapTestSignIn from './ldap.testSignIn.post.ts';
import logIn from './login.post.ts';
import loginCodeRedeem from './loginCode.redeem.post.ts';
import logOutGet from './logout.get.ts';
import logOut from './logout.post.ts';
import mailedLinksLook from './mailedLinks.look.post.ts';
import mailedLinksSetPassword from './mailedLinks.setPassword.post.ts';
import mailsList from './mails.list.get.ts';
import mailsRemove from './mails.remove.post.ts';
import mailsRetry from './mails.retry.post.ts';
import mailsTest from './mails.test.post.ts';
import me from './me.get.ts';
import methodCall from './method.call.post.ts';
import methodCallAnon from './method.callAnon.post.ts';
import oauthAppsCreate from './oauth-apps.create.post.ts';
import oauthAppsDelete from './oauth-apps.delete.post.ts';
import oauthAppsGet from './oauth-apps.get.get.ts';
import oauthAppsList from './oauth-apps.list.get.ts';
import oauthAppsUpdate from './oauth-apps.update.post.ts';
import passkeysAdd from './passkeys.add.post.ts';
import passkeysBegin from './passkeys.begin.post.ts';
import passkeysList from './passkeys.list.get.ts';
import passkeysRemove from './passkeys.remove.post.ts';
import passkeysRename from './passkeys.rename.post.ts';
import passkeysSetAlone from './passkeys.setAlone.post.ts';
import passkeysSignIn from './passkeys.signIn.post.ts';
import passkeysSignInOptions from './passkeys.signInOptions.post.ts';
import permissionsAddRole from './permissions.addRole.post.ts';
import permissionsListAll from './permissions.listAll.get.ts';
import permissionsRemoveRole from './permissions.removeRole.post.ts';
import permissionsUpdate from './permissions.update.post.ts';
import personalTokensListAll from './personalTokens.list.all.get.ts';
import personalTokensRevoke from './personalTokens.revoke.post.ts';
import providersList from './providers.list.get.ts';
import providersTest from './providers.test.post.ts';
import pwGetPolicy from './pw.getPolicy.get.ts';
import pwGetPolicyReset from './pw.getPolicyReset.get.ts';
import registrationOfferUsername from './registration.offerUsername.post.ts';
import rolesAddUser from './roles.addUserToRole.post.ts';
import rolesCreate from './roles.create.post.ts';
import rolesDelete from './roles.delete.post.ts';
import rolesPublicHolders from './roles.getUsersInPublicRoles.get.ts';
import rolesHolders from './roles.getUsersInRole.get.ts';
import rolesList from './roles.list.get.ts';
import rolesRemoveUser from './roles.removeUserFromRole.post.ts';
import rolesSync from './roles.sync.get.ts';
import rolesUpdate from './roles.update.post.ts';
import serviceConfigurations from './service.configurations.get.ts';
import sessionsInfoAdmin from './sessions.info.admin.get.ts';
import sessionsInfo from './sessions.info.get.ts';
import sessionsListAll from './sessions.list.all.get.ts';
import sessionsList from './sessions.list.get.ts';
import sessionsLogoutMe from './sessions.logout.me.post.ts';
import sessionsLogout from './sessions.logout.post.ts';
import setting from './settings._id.get.ts';
import changeSetting from './settings._id.post.ts';
import settingsAddCustomOAuth from './settings.addCustomOAuth.post.ts';
import settingsDescribed from './settings.described.get.ts';
import settings from './settings.get.ts';
import settingsOauth from './settings.oauth.get.ts';
import changeSettings from './settings.post.ts';
import settingsPublic from './settings.public.get.ts';
import settingsRefreshOAuthServices from './settings.refreshOAuthServices.post.ts';
import settingsRemoveCustomOAuth from './settings.removeCustomOAuth.post.ts';
import statisticsOverview from './statistics.overview.get.ts';
import statisticsSignIns from './statistics.signIns.get.ts';
import tokensIntrospect from './tokens.introspect.post.ts';
import twoFactorOffer from './twoFactorChallenges.offer.post.ts';
import twoFactorSendEmailCode from './twoFactorChallenges.sendEmailCode.post.ts';
import twoFactorVerifyChallenge from './twoFactorChallenges.verifyChallenge.post.ts';
import usersDisableEmail from './users.2fa.disableEmail.post.ts';
import usersEnableEmail from './users.2fa.enableEmail.post.ts';
import usersSendEmailCode from './users.2fa.sendEmailCode.post.ts';
import usersAutocomplete from './users.autocomplete.get.ts';
import usersCheckUsernameAvailability from './users.checkUsernameAvailability.get.ts';
import usersCreate from './users.create.post.ts';
import usersCreateToken from './users.createToken.post.ts';
import usersDeactivateIdle from './users.deactivateIdle.post.ts';
import usersDelete from './users.delete.post.ts';
import usersDeleteOwnAccount from './users.deleteOwnAccount.post.ts';
import usersDisableTotp from './users.disableTotp.post.ts';
import usersEnableTotp from './users.enableTotp.post.ts';
import usersForgetTrustedClients from './users.forgetTrustedClients.post.ts';
import usersForgotPassword from './users.forgotPassword.post.ts';
import usersGeneratePersonalAccessToken from './users.generatePersonalAccessToken.post.ts';
import usersGetAvatar from './users.getAvatar.get.ts';
import usersGetAvatarSuggestion from './users.getAvatarSuggestion.get.ts';
import usersGetPersonalAccessTokens from './users.getPersonalAccessTokens.get.ts';
import usersGetPreferences from './users.getPreferences.get.ts';
import usersGetPresence from './users.getPresence.get.ts';
import usersGetStatus from './users.getStatus.get.ts';
import usersGetUsernameSuggestion from './users.getUsernameSuggestion.get.ts';
import usersInfo from './users.info.get.ts';
import usersLastSignIns from './users.lastSignIns.get.ts';
import usersList from './users.list.get.ts';
import usersListByStatus from './users.listByStatus.get.ts';
import usersLogout from './users.logout.post.ts';
import usersLogoutOtherClients from './users.logoutOtherClients.post.ts';
import usersPresence from './users.presence.get.ts';
import usersRegeneratePersonalAccessToken from './users.regeneratePersonalAccessToken.post.ts';
import usersRegenerateTotpCodes from './users.regenerateTotpCodes.post.ts';
import usersRegister from './users.register.post.ts';
import usersRemoveOtherTokens from './users.removeOtherTokens.post.ts';
import usersRemovePersonalAccessToken from './users.removePersonalAccessToken.post.ts';
import usersResetAvatar from './users.resetAvatar.post.ts';
import usersResetTotp from './users.resetTOTP.post.ts';
import usersSendConfirmationEmail from './users.sendConfirmationEmail.post.ts';
import usersSendWelcomeEmail from './users.sendWelcomeEmail.post.ts';
import usersSetActiveStatus from './users.setActiveStatus.post.ts';
import usersSetAvatar from './users.setAvatar.post.ts';
import usersSetPreferences from './users.setPreferences.post.ts';
import usersSetStatus from './users.setStatus.post.ts';
import usersTotpCodesRemaining from './users.totpCodesRemaining.get.ts';
import usersTotpQrCode from './users.totpQrCode.get.ts';
import usersTrustedClients from './users.trustedClients.get.ts';
import usersUpdate from './users.update.post.ts';
import usersUpdateOwnBasicInfo from './users.updateOwnBasicInfo.post.ts';
import usersValidateTotp from './users.validateTotp.post.ts';
import usersVerifyEmail from './users.verifyEmail.post.ts';
import usersWaysIn from './users.waysIn.get.ts';
import infoV1 from './v1.info.get.ts';

/** Every endpoint of the JSON API. */
export const endpoints: readonly Endpoint[] = [
  identitiesLink,
  identitiesList,
  identitiesUnlink,
  importsProgress,
  importsRemove,
  importsStart,
  importsStop,
  importsUpload,
  ldapTestConnection,
  ldapTestSearch,
  ldapTestSignIn,
  info,
  auditList,
  logIn,
  logOutGet,
  logOut,
  loginCodeRedeem,
  twoFactorOffer,
  twoFactorSendEmailCode,
  twoFactorVerifyChallenge,
  mailedLinksLook,
  mailedLinksSetPassword,
  mailsList,
  mailsRemove,
  mailsRetry,
  mailsTest,
  me,
  methodCall,
  methodCallAnon,
  blocksList,
  blocksClear,
  oauthAppsList,
  oauthAppsGet,
  oauthAppsCreate,
  oauthAppsUpdate,
  oauthAppsDelete,
  applicationsConsents,
  applicationsWithdraw,
  passkeysAdd,
  passkeysBegin,
  passkeysList,
  passkeysRemove,
  passkeysRename,
  passkeysSetAlone,
  passkeysSignIn,
  passkeysSignInOptions,
  permissionsListAll,
  permissionsUpdate,
  permissionsAddRole,
  permissionsRemoveRole,
  personalTokensListAll,
  personalTokensRevoke,
  registrationOfferUsername,
  rolesList,
  rolesSync,
  rolesAddUser,
  rolesRemoveUser,
  rolesHolders,
  rolesPublicHolders,
  rolesCreate,
  rolesUpdate,
  rolesDelete,
  serviceConfigurations,
  sessionsList,
  sessionsInfo,
  sessionsLogoutMe,
  sessionsListAll,
  sessionsInfoAdmin,
  ldapSyncNow,
  ldapSyncReport,
  sessionsLogout,
  setting,
  changeSetting,
  settings,
  settingsDescribed,
  settingsOauth,
  changeSettings,
  settingsPublic,
  settingsAddCustomOAuth,
  settingsRemoveCustomOAuth,
  settingsRefreshOAuthServices,
  usersCheckUsernameAvailability,
  usersForgotPassword,
  usersGetUsernameSuggestion,
  usersRegister,
  usersSendConfirmationEmail,
  usersSendWelcomeEmail,
  usersVerifyEmail,
  usersCreate,
  usersCreateToken,
  usersDelete,
  usersGeneratePersonalAccessToken,
  usersGetPersonalAccessTokens,
  usersGetPresence,
  usersGetStatus,
  usersInfo,
  usersLastSignIns,
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
  statisticsOverview,
  statisticsSignIns,
  tokensIntrospect,
  providersList,
  providersTest,
  pwGetPolicy,
  pwGetPolicyReset,
  usersAutocomplete,
  usersDeactivateIdle,
  usersDeleteOwnAccount,
  usersGetAvatar,
  usersGetAvatarSuggestion,
  usersGetPreferences,
  usersListByStatus,
  usersResetAvatar,
  usersSetAvatar,
  usersSetPreferences,
  usersUpdate,
  usersUpdateOwnBasicInfo,
  usersWaysIn,
  infoV1,
];
