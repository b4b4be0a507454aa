import type { Claim } from '../core/account/account.ts';
import { listed } from '../core/account/rules.ts';
import { suggestUsername } from '../core/administration/choose-username.ts';
import { tellApprovers } from '../core/administration/tell-approvers.ts';
import { DirectoryUnreachable } from '../core/directory/directory.ts';
import { directoryProvider } from '../core/directory/entry-identity.ts';
import type { FollowNeeds } from '../core/directory/follow.ts';
import { followingDirectory, followPolicyOf } from '../core/directory/follow.ts';
import type { DirectorySignInNeeds } from '../core/directory/sign-in.ts';
import { directoryProof } from '../core/directory/sign-in.ts';
import type { DirectorySignInPolicy } from '../core/directory/sign-in-policy.ts';
import { directorySignInPolicyOf } from '../core/directory/sign-in-policy.ts';
import type { SyncNeeds } from '../core/directory/sync-needs.ts';
import { syncPolicyOf, syncTimesOf } from '../core/directory/sync-policy.ts';
import { toldPictures } from '../core/external-login/picture.ts';
import { withRoleIds } from '../core/external-login/role-ids.ts';
import { vouchFor } from '../core/external-login/settle.ts';
import type { SettleNeeds } from '../core/external-login/settle-needs.ts';
import type { GivenPassword } from '../core/password/password.ts';
import type { Caller } from '../core/ports.ts';
import { ownFactors } from '../core/second-factor/gate.ts';
import type { AdmittedNeeds } from '../core/session/admitted-code.ts';
import type { BrowserFlowNeeds } from '../core/session/browser-flow.ts';
import type { CasNeeds } from '../core/session/cas.ts';
import type { CredentialNeeds } from '../core/session/credential.ts';
import type { ExternalProofNeeds } from '../core/session/external-proof.ts';
import type { KeptWordNeeds } from '../core/session/kept-word.ts';
import type { Proof } from '../core/session/log-in.ts';
import { logIn } from '../core/session/log-in.ts';
import type { PendingNeeds } from '../core/session/pending-factor.ts';
import { passwordProof } from '../core/session/proofs.ts';
import type { SamlNeeds } from '../core/session/saml.ts';
import type { AccountNeeds } from './account-needs.ts';
import type { FactorNeeds } from './factor-needs.ts';
import type { Parts } from './parts.ts';
import type { RoleSetNeeds } from './role-needs.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/**
 * Makes the needs of people of providers and directories.
 * @param parts what the product is made of
 * @param earlier what was made of them before
 */
export function elsewhereNeeds(parts: Parts, earlier: SignInNeeds & FactorNeeds & RoleSetNeeds & AccountNeeds) {
  const { store, clock, random, settings, permissions, sealer, mailer } = parts;
  const { accounts, tokens, passwords, challenges } = store;
  const {
    hasOwnFactor,
    limits,
    attempting,
    passwordProving,
    loggingIn,
    enrolling,
    sendCodeIfAsked,
    roleExists,
    roleNamed,
    defaultRoles,
    creating,
    naming,
    pictureBounds,
  } = earlier;
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
  const onDirectoryTrouble = (sentence: string, facts: Readonly<Record<string, unknown>>): void => {
    parts.log?.(sentence, facts);
  };
  const directoryPolicy = (): DirectorySignInPolicy => directorySignInPolicyOf(settings, roleNamed);
  const following: FollowNeeds = {
    clock,
    accounts,
    avatars: store.avatars,
    identities: store.identities,
    customFields: () => settings.get('Accounts_CustomFields'),
    directory: parts.directory,
    policy: () => followPolicyOf(settings),
    people: directoryPolicy,
    settling,
    isOauth: (provider) => ({ held: parts.providers.find(provider) !== undefined }),
    onTrouble: onDirectoryTrouble,
  };
  const pictures = toldPictures({
    clock,
    avatars: store.avatars,
    fetch: parts.fetchPicture,
    bounds: pictureBounds,
    onTrouble: onDirectoryTrouble,
  });
  const wording: KeptWordNeeds = {
    sealer,
    vouch: async (identity, caller) => {
      const vouched = await vouchFor(settling, withRoleIds(identity, permissions.roles()), caller);
      return pictures.following(followingDirectory(following, vouched, caller), caller);
    },
    isOn: (kind) => {
      if (parts.providers.find(kind) !== undefined) return { held: true };
      if (kind === directoryProvider) return { held: parts.directory() !== undefined };
      if (kind === 'saml') return { held: parts.saml.current() !== undefined };
      return { held: kind === 'cas' && parts.cas.current() !== undefined };
    },
  };
  const mostWrong = (): number => settings.get('Countersign_Wrong_Codes_Of_A_Sign_In');
  const pending: PendingNeeds = {
    ...wording,
    clock,
    random,
    challenges,
    accounts,
    mostWrong,
    // Switched off as a whole none is asked for: then a half that waits is over, and nobody is let in by asking about it.
    hasOwnFactor: (account) => ({ held: enrolling.on() && hasOwnFactor(account).held }),
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
    mostWrong,
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
  const directing: DirectorySignInNeeds = {
    ...externalProving,
    ...passwordProving,
    identities: store.identities,
    passwords,
    onTrouble: onDirectoryTrouble,
  };
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
    avatars: store.avatars,
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
  return {
    settling,
    onDirectoryTrouble,
    directoryPolicy,
    following,
    pictures,
    wording,
    pending,
    externalProving,
    crediting,
    flowing,
    directing,
    namedProof,
    tickets,
    assertions,
    syncing,
  };
}
