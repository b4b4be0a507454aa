import type { Account, Claim } from '../core/account/account.ts';
import type { CreateNeeds } from '../core/account/create.ts';
import { listed } from '../core/account/rules.ts';
import type { ApplicationsNeeds } from '../core/administration/applications.ts';
import type { AvatarNeeds } from '../core/administration/avatars.ts';
import type { BringInNeeds } from '../core/administration/bring-in.ts';
import type { BringInSiteNeeds } from '../core/administration/bring-in-site.ts';
import { suggestUsername, type UsernameNeeds } from '../core/administration/choose-username.ts';
import type { createAccountFor } from '../core/administration/create-account.ts';
import type { DeleteOwnNeeds } from '../core/administration/delete-own.ts';
import type { EditOwnNeeds } from '../core/administration/edit-own.ts';
import type { IdentityNeeds } from '../core/administration/identities.ts';
import type { PermissionNeeds } from '../core/administration/permissions.ts';
import type { OwnTokenNeeds } from '../core/administration/personal-tokens.ts';
import { type RegisterNeeds, registrationFormOf } from '../core/administration/register.ts';
import type { RoleNeeds } from '../core/administration/roles.ts';
import type { DevicesNeeds } from '../core/administration/sessions.ts';
import { tellApprovers } from '../core/administration/tell-approvers.ts';
import { mailWelcome } from '../core/administration/welcome.ts';
import type { AccessNeeds } from '../core/application/access.ts';
import type { AuthorizeNeeds } from '../core/application/authorize.ts';
import type { ClientNeeds } from '../core/application/client.ts';
import type { ConsentFormNeeds } from '../core/application/consent-form.ts';
import type { ConsentNeeds } from '../core/application/consents.ts';
import type { ExchangeNeeds } from '../core/application/exchange.ts';
import { auditTrail } from '../core/audit/trail.ts';
import { DirectoryUnreachable } from '../core/directory/directory.ts';
import { directoryProvider } from '../core/directory/entry-identity.ts';
import { belongsToDirectory, type DirectorySignInNeeds, directoryProof } from '../core/directory/sign-in.ts';
import { type DirectorySignInPolicy, directorySignInPolicyOf } from '../core/directory/sign-in-policy.ts';
import type { SyncNeeds } from '../core/directory/sync-needs.ts';
import { syncPolicyOf, syncTimesOf } from '../core/directory/sync-policy.ts';
import { withRoleIds } from '../core/external-login/role-ids.ts';
import { type SettleNeeds, vouchFor } from '../core/external-login/settle.ts';
import { mustBePassword } from '../core/password/change.ts';
import { commonPasswords } from '../core/password/common-passwords.ts';
import type { GivenPassword } from '../core/password/password.ts';
import { mustFitPolicy } from '../core/password/policy.ts';
import type { ProveNeeds } from '../core/password/prove.ts';
import { passwordHistoryOf, passwordPolicyOf } from '../core/password/settings-policy.ts';
import type { Caller } from '../core/ports.ts';
import type { ChooseStatusNeeds } from '../core/presence/choose-status.ts';
import { type EmailCodeNeeds, sendEmailCode } from '../core/second-factor/email-code.ts';
import type { AppNeeds } from '../core/second-factor/enrol-app.ts';
import { type GateNeeds, mustHoldFactorAtLogIn, ownFactors } from '../core/second-factor/gate.ts';
import type { PasskeyEnrolNeeds } from '../core/second-factor/passkey-enrol.ts';
import { appPolicyOf, emailPolicyOf, siteSettings } from '../core/second-factor/policy.ts';
import type { AdmittedNeeds } from '../core/session/admitted-code.ts';
import { type AttemptNeeds, attempt, failureLimitOf } from '../core/session/attempt.ts';
import { type AuthenticateNeeds, findToken } from '../core/session/authenticate.ts';
import { BlockNotices } from '../core/session/block-notices.ts';
import type { BrowserFlowNeeds } from '../core/session/browser-flow.ts';
import type { CasNeeds } from '../core/session/cas.ts';
import type { CredentialNeeds } from '../core/session/credential.ts';
import { type EnrolOnlyNeeds, opensToEnrolOnly } from '../core/session/enrol-only.ts';
import type { ExternalProofNeeds } from '../core/session/external-proof.ts';
import type { KeptWordNeeds } from '../core/session/kept-word.ts';
import { type LogInNeeds, logIn, type Proof } from '../core/session/log-in.ts';
import type { LoginCodeNeeds } from '../core/session/login-code.ts';
import { linkPolicyOf, mailLink, tellOwnerOfAddress } from '../core/session/mailed-link.ts';
import { NewDevices } from '../core/session/new-device.ts';
import type { PageSessionNeeds } from '../core/session/page-session.ts';
import type { PasskeyProofNeeds } from '../core/session/passkey-proof.ts';
import type { PendingNeeds } from '../core/session/pending-factor.ts';
import { blockNoticePolicyOf, capOf, limitsOf, namingOf, newDevicePolicyOf } from '../core/session/policy.ts';
import { type PasswordProofNeeds, passwordProof } from '../core/session/proofs.ts';
import type { ResetNeeds } from '../core/session/reset-password.ts';
import type { SamlNeeds } from '../core/session/saml.ts';
import type { Signed } from '../core/session/token.ts';
import { TokenCache } from '../core/session/token-cache.ts';
import { TokenUses } from '../core/session/token-uses.ts';
import { Turns } from '../core/session/turns.ts';
import { mailVerification } from '../core/session/verify-email.ts';
import type { Parts } from './parts.ts';

/** What applications need, from both sides. */
type ServingNeeds = ConsentFormNeeds &
  ApplicationsNeeds &
  AuthorizeNeeds &
  ClientNeeds &
  ConsentNeeds &
  ExchangeNeeds &
  AccessNeeds;

/** What each use-case needs, made of the parts once. */
export type Needs = ReturnType<typeof needsOf>;

/** @param parts what the product is made of */
export function needsOf(parts: Parts) {
  const { store, clock, random, hasher, settings, permissions, presence } = parts;
  const { accounts, tokens, passwords, factors, challenges } = store;
  const { sealer, mailer } = parts;
  const cache = new TokenCache(clock, store.events, { most: 50_000, lifeMs: 5_000 });
  const uses = new TokenUses(tokens.touch.bind(tokens), 60_000);
  const checks = { held: 0, refused: 0 };
  const hasOwnFactor = (account: Account) => ({ held: ownFactors(parts, account).length > 0 });
  const authenticating: AuthenticateNeeds = { clock, tokens, cache, uses, checks, hasOwnFactor };
  const limits = () => limitsOf(settings);
  const notices = new BlockNotices({
    clock,
    tokens,
    counts: store.counts,
    mailer,
    limits,
    policy: () => blockNoticePolicyOf(settings),
    log: parts.log ?? (() => undefined),
  });
  const keepDays = () => settings.get('Countersign_Audit_Days');
  const trail = auditTrail({ audit: store.audit, sealer, clock, keepDays });
  const attempting: AttemptNeeds = {
    clock,
    onUncounted: trail.noteRefusal,
    tokens,
    turns: new Turns(1_000),
    limits,
    onFailure: parts.onFailure,
    onCounted: (failure) => {
      notices.hear(failure);
    },
  };
  const blocking = { clock, blocks: store.blocks, limits, accounts, authority: permissions };
  const underLimits: GateNeeds['attempt'] = async (account, caller, act) => {
    const attempted = { what: 'second-factor', caller, claim: { by: 'id', value: account.id } } as const;
    await attempt(attempting, attempted, async (known) => {
      await act({ kept: known.kept, unless: failureLimitOf(attempting, known, caller) });
    });
  };
  const gating: GateNeeds = {
    clock,
    factors: parts.factors,
    store: factors,
    sealer,
    policy: () => ({
      on: settings.get('Accounts_TwoFactorAuthentication_Enabled'),
      rememberMs: settings.get('Accounts_TwoFactorAuthentication_RememberFor') * 1000,
      fallback: settings.get('Accounts_TwoFactorAuthentication_Enforce_Password_Fallback'),
    }),
    attempt: underLimits,
    audit: store.audit,
    trust: tokens.trust.bind(tokens),
  };
  const requiring: EnrolOnlyNeeds = {
    clock,
    factors,
    required: () => ({
      on: settings.get('Accounts_TwoFactorAuthentication_Enabled'),
      signIns: listed(settings.get('Countersign_Second_Factor_Required_Sign_Ins')),
      roles: new Set([
        ...permissions
          .roles()
          .filter(({ secondFactor }) => secondFactor)
          .map(({ id }) => id),
        ...listed(settings.get('Countersign_Second_Factor_Required_Roles')),
      ]),
      graceMs: settings.get('Countersign_Second_Factor_Grace_Days') * 86_400_000,
    }),
    hasOwnFactor,
  };
  const proving: ProveNeeds = { hasher, decoy: parts.decoy };
  /** Whether an account is of a directory that is on. */
  const isOfDirectory = async (account: Account): Promise<boolean> =>
    settings.get('LDAP_Enable') && (await belongsToDirectory({ identities: store.identities }, account)).held;
  const passwordProving: PasswordProofNeeds = {
    ...proving,
    opensByPassword: async (account) => ({
      held: settings.get('LDAP_Login_Fallback') || !(await isOfDirectory(account)),
    }),
  };
  const newDevices = new NewDevices({
    mailer,
    policy: () => newDevicePolicyOf(settings),
    onTrouble: (sentence, cause) => {
      parts.log?.(sentence, { cause });
    },
  });
  const loggingIn: LogInNeeds = {
    ...attempting,
    onLogIn: parts.onLogIn,
    onNewDevice: (account, signedInBy, now) => {
      newDevices.tell(account, signedInBy, now);
    },
    tokens,
    random,
    policy: () => ({
      emailMustBeVerified: settings.get('Accounts_EmailVerification'),
      temporaryPasswordMs: settings.get('Countersign_Temporary_Password_Hours') * 3_600_000,
      lifeDays: settings.get('Accounts_LoginExpiration'),
      cap: (pool) => capOf(settings, pool),
    }),
    factorAtLogIn: async (account, supplied, caller, known) =>
      await mustHoldFactorAtLogIn(gating, account, supplied, caller, known),
    enrolsOnly: async (account, kind, kept) => await opensToEnrolOnly(requiring, account, kind, kept),
  };
  const find = async (hash: string): Promise<Signed | undefined> => await findToken(authenticating, hash);
  const administering = { ...loggingIn, authority: permissions, accounts, tokenMaking: parts.tokenMaking };
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
  const arriving: BringInNeeds = {
    clock,
    random,
    sealer,
    moving: store.moving,
    audit: store.audit,
    policy: () => ({
      usernamePattern: settings.get('UTF8_User_Names_Validation'),
      defaultRoles: listed(settings.get('Accounts_Registration_Users_Default_Roles')),
      lifeDays: settings.get('Accounts_LoginExpiration'),
      cap: (pool) => capOf(settings, pool),
    }),
    roleExists: (id) => roleExists(id),
  };
  const arrivingSite: BringInSiteNeeds = { clock, store: store.settings, settings, permissions };
  const emailing: EmailCodeNeeds = { clock, random, sealer, mailer, factors, policy: () => emailPolicyOf(settings) };
  const enrolling: AppNeeds = {
    clock,
    random,
    sealer,
    mailer,
    factors,
    on: () => settings.get('Accounts_TwoFactorAuthentication_Enabled'),
    appPolicy: () => appPolicyOf(settings),
    attempt: underLimits,
  };
  const sendCodeIfAsked = async (account: Account, caller: Caller): Promise<boolean> => {
    const asked = parts.factors.find(({ name }) => name === 'email')?.enabledFor(account).held === true;
    if (!asked || !account.open || !enrolling.on()) return false;
    await sendEmailCode(emailing, account, caller);
    return true;
  };
  const coding: LoginCodeNeeds = { clock, random, challenges, accounts, audit: store.audit };
  const passkeyProving: PasskeyProofNeeds = {
    clock,
    random,
    accounts,
    tokens,
    passkeys: store.passkeys,
    challenges: store.challenges,
    audit: store.audit,
    limits: attempting.limits,
    site: () => siteSettings(settings),
  };
  const passkeyEnrolling: PasskeyEnrolNeeds = {
    ...passkeyProving,
    sealer,
    mailer,
    passkeys: store.passkeys,
    on: () => settings.get('Accounts_TwoFactorAuthentication_Enabled'),
  };
  const roleExists = (id: string): boolean =>
    permissions.roles().some((role) => role.id === id && role.scope === 'Users');
  /** The id of a role of the server, which an administrator may call by its name as well. */
  const roleNamed = (nameOrId: string): string | undefined => {
    const ofServer = permissions.roles().filter(({ scope }) => scope === 'Users');
    return (ofServer.find(({ id }) => id === nameOrId) ?? ofServer.find(({ name }) => name === nameOrId))?.id;
  };
  const personal: OwnTokenNeeds = {
    clock,
    random,
    tokens,
    authority: permissions,
    cap: () => capOf(settings, 'personal'),
  };
  const devices: DevicesNeeds = { clock, tokens, mailer, authority: permissions };
  const ruling: RoleNeeds & PermissionNeeds = {
    clock,
    random,
    accounts,
    roles: store.settings,
    permissions: store.settings,
    authority: permissions,
    initialRoles: () => listed(settings.get('Accounts_Registration_Users_Default_Roles')),
  };
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
  const defaultRoles = () => listed(settings.get('Accounts_Registration_Users_Default_Roles'));
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
  const settling: SettleNeeds = {
    clock,
    accounts,
    identities: store.identities,
    identitiesOf: store.identities.ofAccount,
    creating,
    policy: () => ({
      // A directory that is asked for its people decides who they are (providers.md §2.5).
      mayCreate: settings.get('Accounts_Registration_AuthenticationServices_Enabled') || settings.get('LDAP_Enable'),
      mustBeApproved: settings.get('Accounts_ManuallyApproveNewUsers'),
      takesAssertedAsVerified: settings.get('Accounts_Verify_Email_For_External_Accounts'),
      roles: [
        ...new Set([
          ...listed(settings.get('Accounts_Registration_AuthenticationServices_Default_Roles')),
          ...defaultRoles(),
        ]),
      ],
    }),
    roleExists,
    mailer,
    tellApprovers: async (account) => {
      await tellApprovers({ accounts, mailer }, account);
    },
  };
  const wording: KeptWordNeeds = {
    sealer,
    vouch: async (identity, caller) => await vouchFor(settling, withRoleIds(identity, permissions.roles()), caller),
    isOn: (kind) => ({
      held: (kind === directoryProvider ? parts.directory() : parts.providers.find(kind)) !== undefined,
    }),
  };
  const pending: PendingNeeds = {
    ...wording,
    clock,
    random,
    challenges,
    accounts,
    hasOwnFactor,
    sendEmailCode: sendCodeIfAsked,
    logIn: async (proof, caller, supplied) => await logIn(loggingIn, proof, caller, supplied),
  };
  const externalProving: ExternalProofNeeds = {
    clock,
    tokens,
    limits,
    vouch: wording.vouch,
  };
  const crediting: CredentialNeeds = {
    ...externalProving,
    random,
    sealer,
    challenges,
    isOn: (service, way) => {
      if (way === 'oauth') return { held: parts.providers.find(service) !== undefined };
      return { held: (way === 'saml' ? parts.saml : parts.cas).current() !== undefined };
    },
    // Rocket.Chat exempts people who come by CAS (providers.md §2.5).
    asksFactor: (_service, way) => way !== 'cas' || settings.get('Countersign_CAS_Second_Factor'),
    logIn: async (proof, caller, supplied) => await logIn(loggingIn, proof, caller, supplied),
  };
  const flowing: BrowserFlowNeeds & AdmittedNeeds = {
    ...externalProving,
    ...wording,
    random,
    challenges,
    providers: parts.providers,
    attempting,
    policy: loggingIn.policy,
    factorDue: (account) => (enrolling.on() ? ownFactors(parts, account)[0]?.name : undefined),
    rootUrl: () => settings.get('Site_Url').replace(/\/+$/u, ''),
  };
  const serving: ServingNeeds = {
    clock,
    random,
    sealer,
    audit: store.audit,
    checks,
    counts: store.counts,
    applications: store.applications,
    grants: store.grants,
    challenges,
    find,
    authority: permissions,
  };
  const directing: DirectorySignInNeeds = {
    ...externalProving,
    ...passwordProving,
    identities: store.identities,
    passwords,
    onTrouble: (sentence, facts) => {
      parts.log?.(sentence, facts);
    },
  };
  const directoryPolicy = (): DirectorySignInPolicy => directorySignInPolicyOf(settings, roleNamed);
  /** The directory hears of names and addresses with a password in clear; all others show the local one. */
  const namedProof = (claim: Claim, given: GivenPassword, caller: Caller): Proof => {
    const directory = 'plain' in given && claim.by !== 'id' ? parts.directory() : undefined;
    if (directory === undefined || !('plain' in given)) return passwordProof(passwordProving, claim, given);
    // As the directory is asked, so that a name with blanks around it has no count of its own.
    const asked = { ...claim, value: claim.value.trim() };
    return directoryProof(directing, directory, directoryPolicy(), asked, given.plain, caller);
  };
  const tickets: CasNeeds = {
    clock,
    random,
    sealer,
    challenges,
    attempting,
    cas: parts.cas,
    identities: store.identities,
    log: parts.log ?? (() => undefined),
  };
  const assertions: SamlNeeds = {
    ...tickets,
    random,
    challenges,
    identities: store.identities,
    saml: parts.saml,
    roles: () => permissions.roles().flatMap(({ id, scope }) => (scope === 'Users' ? [id] : [])),
    suggestUsername: async (about) => await suggestUsername(naming, about),
  };
  const syncing: SyncNeeds = {
    clock,
    random,
    accounts,
    identities: store.identities,
    sync: store.sync,
    audit: store.audit,
    settling,
    directory: {
      search: (what) => {
        const directory = parts.directory();
        if (directory === undefined) throw new DirectoryUnreachable('The directory is switched off (LDAP_Enable).');
        return directory.search(what);
      },
    },
    policy: () => syncPolicyOf(settings, roleNamed),
    times: () => syncTimesOf(settings),
    customFields: () => settings.get('Accounts_CustomFields'),
    onRun: ({ failed, stopped }) => {
      if (failed !== undefined) parts.log?.('A run over the directory failed.', { because: failed });
      if (stopped !== undefined) parts.log?.('A run over the directory closed nobody.', { because: stopped });
    },
    onTrouble: (cause) => {
      parts.log?.('A run over the directory broke.', { cause });
    },
  };
  const paging: PageSessionNeeds = { clock, random, pageSessions: store.pageSessions, find };
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
    mailVerification: async (account, address, caller) => {
      await mailVerification(verifying, account, address, account.id, caller);
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
      mostBytes: settings.get('Countersign_Avatar_Bytes'),
      longestSide: settings.get('Countersign_Avatar_Side'),
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
    accounts,
    administering,
    arriving,
    arrivingSite,
    assertions,
    attempting,
    authenticating,
    blocking,
    cache,
    cas: parts.cas,
    challenges,
    changing,
    checks,
    choosing,
    clock,
    closing,
    coding,
    creating,
    crediting,
    defaultRoles,
    deleting,
    devices,
    directing,
    directory: parts.directory,
    directoryPolicy,
    editing,
    enrolling,
    externalProving,
    factors,
    find,
    flowing,
    gating,
    greet,
    hasOwnFactor,
    hasher,
    identifying,
    log: parts.log,
    loggingIn,
    mailer,
    namedProof,
    naming,
    newDevices,
    notices,
    paging,
    passkeyEnrolling,
    passkeyProving,
    passwordProving,
    passwords,
    pending,
    permissions,
    personal,
    picturing,
    presence,
    providers: parts.providers,
    proving,
    recovering,
    registering,
    roleExists,
    ruling,
    saml: parts.saml,
    sealer,
    sendCodeIfAsked,
    serving,
    settings,
    roleNamed,
    settling,
    store,
    syncing,
    tickets,
    tokens,
    trail,
    uses,
    verifying,
  };
}
