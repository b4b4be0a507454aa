import type { CreateNeeds } from '../core/account/create.ts';
import type { PictureBounds } from '../core/account/fit-picture.ts';
import type { AvatarNeeds } from '../core/administration/avatars.ts';
import type { UsernameNeeds } from '../core/administration/choose-username.ts';
import type { createAccountFor } from '../core/administration/create-account.ts';
import type { DeleteOwnNeeds } from '../core/administration/delete-own.ts';
import type { EditOwnNeeds } from '../core/administration/edit-own.ts';
import type { IdentityNeeds } from '../core/administration/identities.ts';
import type { OwnTokenNeeds } from '../core/administration/personal-tokens.ts';
import type { RegisterNeeds } from '../core/administration/register.ts';
import { registrationFormOf } from '../core/administration/register.ts';
import type { DevicesNeeds } from '../core/administration/sessions.ts';
import { tellApprovers } from '../core/administration/tell-approvers.ts';
import { mailWelcome } from '../core/administration/welcome.ts';
import { directoryProvider } from '../core/directory/entry-identity.ts';
import { mustBePassword } from '../core/password/change.ts';
import { commonPasswords } from '../core/password/common-passwords.ts';
import { mustFitPolicy } from '../core/password/policy.ts';
import { passwordHistoryOf, passwordPolicyOf } from '../core/password/settings-policy.ts';
import type { ChooseStatusNeeds } from '../core/presence/choose-status.ts';
import { linkPolicyOf, mailLink, tellOwnerOfAddress } from '../core/session/mailed-link.ts';
import { capOf, namingOf } from '../core/session/policy.ts';
import type { ResetNeeds } from '../core/session/reset-password.ts';
import { mailVerification } from '../core/session/verify-email.ts';
import type { FactorNeeds } from './factor-needs.ts';
import type { Parts } from './parts.ts';
import type { RoleSetNeeds } from './role-needs.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** See `accountNeeds`. */
export type AccountNeeds = ReturnType<typeof accountNeeds>;

/**
 * Makes the needs of accounts and their owners: making, changing, recovering and closing them.
 * @param parts what the product is made of
 * @param earlier what was made of them before
 */
export function accountNeeds(parts: Parts, earlier: SignInNeeds & FactorNeeds & RoleSetNeeds) {
  const { store, clock, random, hasher, settings, permissions, mailer } = parts;
  const { accounts, tokens, passwords, challenges } = store;
  const { hasOwnFactor, attempting, proving, isOfDirectory, enrolling, roleExists, defaultRoles } = earlier;
  const creating: CreateNeeds = {
    clock,
    random,
    accounts,
    policy: () => ({
      ...namingOf(settings),
      customFields: settings.get('Accounts_CustomFields'),
      emailFactorFromTheStart:
        settings.get('Accounts_TwoFactorAuthentication_Enabled') &&
        settings.get('Accounts_TwoFactorAuthentication_By_Email_Enabled') &&
        settings.get('Accounts_TwoFactorAuthentication_By_Email_Auto_Opt_In'),
    }),
    hash: async (password) => await hasher.make(mustBePassword(password)),
    mailDomains: parts.mailDomains,
    asksDomains: () => settings.get('Accounts_UseDNSDomainCheck'),
  };
  const personal: OwnTokenNeeds = {
    clock,
    random,
    tokens,
    authority: permissions,
    cap: () => capOf(settings, 'personal'),
  };
  const devices: DevicesNeeds = { clock, tokens, mailer, authority: permissions };
  const changing = {
    ...proving,
    clock,
    passwords,
    mailer,
    counts: store.counts,
    mailsPerHour: () => settings.get('Countersign_Password_Mails_Per_Hour'),
    common: commonPasswords,
    mayChange: () => settings.get('Accounts_AllowPasswordChange'),
    policy: () => passwordPolicyOf(settings),
    history: () => passwordHistoryOf(settings),
  };
  const recovering: ResetNeeds & typeof changing = {
    ...changing,
    random,
    accounts,
    challenges,
    links: () => linkPolicyOf(settings),
    resetOn: () => settings.get('Accounts_PasswordReset'),
    setsFirst: () => settings.get('Accounts_AllowPasswordChangeForOAuthUsers'),
    // With the fallback as well: what it falls back to is what the directory has proved.
    setsPassword: async (account) => ({ held: !(await isOfDirectory(account)) }),
  };
  const verifying = { ...recovering, accounts };
  const registering: RegisterNeeds = {
    ...creating,
    accounts,
    registration: () => ({
      form: registrationFormOf(settings.get('Accounts_RegistrationForm')),
      secret: settings.get('Accounts_RegistrationForm_SecretURL'),
      mustBeApproved: settings.get('Accounts_ManuallyApproveNewUsers'),
      hidesAddresses: settings.get('Countersign_Registration_Hides_Addresses'),
      roles: defaultRoles().filter(roleExists),
    }),
    mustFit: async (password, about) => {
      await mustFitPolicy(changing, password, about);
    },
    verify: async (account, address, caller) => {
      await mailVerification(verifying, account, address, undefined, caller);
    },
    tellOwner: async (owner, address) => {
      await tellOwnerOfAddress({ ...recovering, counts: store.counts }, owner, address);
    },
    tellApprovers: async (account) => {
      await tellApprovers({ accounts, mailer }, account);
    },
  };
  const naming: UsernameNeeds = {
    clock,
    random,
    accounts,
    policy: () => namingOf(settings),
    mayRename: () => settings.get('Accounts_AllowUserProfileChange') && settings.get('Accounts_AllowUsernameChange'),
    prefix: () => settings.get('Accounts_DefaultUsernamePrefixSuggestion'),
  };
  const greet: Parameters<typeof createAccountFor>[0]['greet'] = async (account, welcome, actorId, caller) => {
    const [address] = account.emails.map((email) => email.address);
    if (address === undefined) return;
    if (welcome === 'welcome') await mailWelcome({ mailer }, account, address);
    else await mailLink(recovering, account, { kind: 'enrolment', address, actorId }, caller);
  };
  const closing = {
    clock,
    accounts,
    mailer,
    authority: permissions,
    tells: (open: boolean): boolean =>
      settings.get(open ? 'Accounts_Send_Email_When_Activating' : 'Accounts_Send_Email_When_Deactivating'),
  };
  const pictureBounds = (): PictureBounds => ({
    mostBytes: settings.get('Countersign_Avatar_Bytes'),
    longestSide: settings.get('Countersign_Avatar_Side'),
  });
  const editing: EditOwnNeeds = {
    ...closing,
    changes: store.changes,
    attempting,
    factorsOn: enrolling.on,
    hasOwnFactor,
    ...changing,
    random,
    accounts,
    authority: permissions,
    roleExists,
    profilePolicy: () => ({ ...namingOf(settings), customFields: settings.get('Accounts_CustomFields') }),
    switches: () => ({
      profile: settings.get('Accounts_AllowUserProfileChange'),
      username: settings.get('Accounts_AllowUsernameChange'),
      name: settings.get('Accounts_AllowRealNameChange'),
      email: settings.get('Accounts_AllowEmailChange'),
      password: settings.get('Accounts_AllowPasswordChange'),
      firstPassword: settings.get('Accounts_AllowPasswordChangeForOAuthUsers'),
      statusText: settings.get('Accounts_AllowUserStatusMessageChange'),
      invisible: settings.get('Accounts_AllowInvisibleStatusOption'),
    }),
    mailDomains: creating.mailDomains,
    asksDomains: creating.asksDomains,
    counts: store.counts,
    emailPauseMs: () => settings.get('Countersign_Email_Change_Pause') * 1000,
    mailVerification: async (account, address, actorId, caller) => {
      await mailVerification(verifying, account, address, actorId, caller);
    },
    greet,
  };
  const identifying: IdentityNeeds = {
    ...editing,
    identities: store.identities,
    keepsItsPeople: (provider) => ({ held: provider === directoryProvider && settings.get('LDAP_Enable') }),
  };
  const deleting: DeleteOwnNeeds = {
    ...proving,
    clock,
    accounts,
    passwords,
    on: () => settings.get('Accounts_AllowDeleteOwnAccount'),
  };
  const picturing: AvatarNeeds = {
    clock,
    random,
    avatars: store.avatars,
    authority: permissions,
    policy: () => ({
      on: settings.get('Accounts_AllowUserAvatarChange'),
      ...pictureBounds(),
    }),
  };
  const choosing: ChooseStatusNeeds = {
    clock,
    accounts,
    policy: () => ({
      textMayChange: settings.get('Accounts_AllowUserStatusMessageChange'),
      invisibleAllowed: settings.get('Accounts_AllowInvisibleStatusOption'),
    }),
  };
  return {
    creating,
    personal,
    devices,
    changing,
    recovering,
    verifying,
    registering,
    naming,
    greet,
    closing,
    pictureBounds,
    editing,
    identifying,
    deleting,
    picturing,
    choosing,
  };
}
