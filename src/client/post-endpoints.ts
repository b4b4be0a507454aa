import type { JoinedIdentity, Me, Nothing, Preferences, Role, Status, User } from './account-items.ts';
import type {
  AskedOauthApplication,
  DirectoryStep,
  DirectorySyncReport,
  OauthApplication,
  ProviderStep,
  SettingValue,
} from './server-items.ts';
import type { Block, Passkey } from './session-items.ts';

/** The endpoints that act. Add more by declaration merging. */
export interface PostEndpoints {
  /** Asks for a second factor. The file itself is sent to `imports.upload` as it is. */
  'imports.start': { body: { readonly importId: string; readonly dryRun: boolean }; answer: Nothing };
  'imports.stop': { body: { readonly importId: string }; answer: Nothing };
  'imports.remove': { body: { readonly importId: string }; answer: Nothing };
  'login': {
    body: { readonly user: string; readonly password: string; readonly code?: string } | { readonly resume: string };
    answer: {
      readonly status: 'success';
      readonly data: { readonly userId: string; readonly authToken: string; readonly me: Me };
    };
  };
  'logout': { body: undefined; answer: Nothing };
  /** All or none; asks for a second factor each time. */
  'settings': {
    body: { readonly settings: readonly { readonly _id: string; readonly value: SettingValue }[] };
    answer: Nothing;
  };
  'settings.addCustomOAuth': { body: { readonly name: string }; answer: Nothing };
  'settings.removeCustomOAuth': { body: { readonly name: string }; answer: Nothing };
  'oauth-apps.create': { body: AskedOauthApplication; answer: { readonly application: OauthApplication } };
  'oauth-apps.update': { body: AskedOauthApplication & { readonly appId: string }; answer: OauthApplication };
  'oauth-apps.delete': { body: { readonly appId: string }; answer: unknown };
  'providers.test': {
    body: { readonly service: string };
    answer: { readonly steps: readonly ProviderStep[] };
  };
  'ldap.testConnection': { body: undefined; answer: { readonly message: string } };
  'ldap.syncNow': {
    body: { readonly dryRun?: boolean; readonly full?: boolean } | undefined;
    answer: { readonly message: string; readonly report?: DirectorySyncReport };
  };
  'ldap.testSignIn': {
    body: { readonly username: string; readonly password?: string };
    answer: { readonly steps: readonly DirectoryStep[] };
  };
  'loginCode.redeem': {
    body: { readonly code: string };
    answer: { readonly userId: string; readonly loginToken: string };
  };
  /** One of an account, its device, an address and a name. */
  'blocks.clear': {
    body: Partial<Pick<Block, 'userId' | 'device' | 'address' | 'name'>>;
    /** Failed sign-ins, and of an account the wrong codes in a row. */
    answer: { readonly cleared: number; readonly wrongCodes: number };
  };
  'mails.retry': { body: { readonly id: string }; answer: Nothing };
  'mails.remove': { body: { readonly id: string }; answer: Nothing };
  'mails.test': {
    body: { readonly to?: string } | undefined;
    answer: { readonly delivered: true; readonly to: string };
  };
  'applications.withdraw': { body: { readonly clientId: string }; answer: Nothing };
  'passkeys.begin': { body: undefined; answer: { readonly options: Nothing } };
  'passkeys.add': {
    body: { readonly name: string; readonly credential: object };
    answer: { readonly passkey: Passkey; readonly codes?: readonly string[] };
  };
  'passkeys.rename': { body: { readonly id: string; readonly name: string }; answer: Nothing };
  'passkeys.remove': { body: { readonly id: string }; answer: Nothing };
  'passkeys.setAlone': { body: { readonly alone: boolean }; answer: Nothing };
  'passkeys.signInOptions': { body: undefined; answer: { readonly options: Nothing } };
  'passkeys.signIn': {
    body: { readonly credential: object };
    answer: { readonly userId: string; readonly loginToken: string };
  };
  'identities.link': {
    body: { readonly credentialToken: string; readonly credentialSecret: string; readonly currentPassword?: string };
    answer: { readonly provider: string; readonly subject: string };
  };
  'identities.unlink': {
    body: Pick<JoinedIdentity, 'provider' | 'subject'> & {
      readonly userId?: string;
      readonly currentPassword?: string;
    };
    answer: Nothing;
  };
  'twoFactorChallenges.offer': {
    body: { readonly challengeId: string; readonly method?: string };
    answer: {
      readonly method: string;
      readonly availableMethods: readonly string[];
      /** Whether a code was mailed just now. */
      readonly codeGenerated: boolean;
      /** What a browser shows a passkey with. */
      readonly options?: Nothing;
    };
  };
  'twoFactorChallenges.sendEmailCode': { body: { readonly challengeId: string }; answer: Nothing };
  'twoFactorChallenges.verifyChallenge': {
    body: {
      readonly challengeId: string;
      readonly code: string;
      /** Which factor the code is of, where it is not the one that is due. */
      readonly method?: string;
    };
    answer: { readonly userId: string; readonly loginToken: string };
  };
  'users.createToken': {
    body: { readonly userId: string; readonly secret?: string };
    answer: { readonly data: { readonly userId: string; readonly authToken: string } };
  };
  'users.generatePersonalAccessToken': {
    body: {
      readonly tokenName: string;
      readonly bypassTwoFactor?: boolean;
      /** ISO 8601. */
      readonly expiresAt?: string;
      readonly scopes?: readonly string[];
      readonly addresses?: readonly string[];
    };
    answer: { readonly token: string };
  };
  'users.regeneratePersonalAccessToken': { body: { readonly tokenName: string }; answer: { readonly token: string } };
  'users.removePersonalAccessToken': { body: { readonly tokenName: string }; answer: Nothing };
  'personalTokens.revoke': { body: { readonly tokenId: string }; answer: { readonly tokenId: string } };
  'sessions/logout.me': { body: { readonly sessionId: string }; answer: { readonly sessionId: string } };
  'sessions/logout': { body: { readonly sessionId: string }; answer: { readonly sessionId: string } };
  'users.register': {
    body: {
      readonly username: string;
      readonly email: string;
      readonly pass: string;
      readonly name?: string;
      /** Where registration is open by a secret address only. */
      readonly secret?: string;
      /** For whoever approves the account. */
      readonly reason?: string;
      readonly customFields?: Nothing;
    };
    /** Nobody is signed in by it. */
    answer: { readonly user: User };
  };
  /** The answer is the same whether anybody has the address. */
  'users.forgotPassword': { body: { readonly email: string }; answer: Nothing };
  'users.sendConfirmationEmail': { body: { readonly email: string }; answer: Nothing };
  'users.verifyEmail': { body: { readonly token: string }; answer: Nothing };
  /** Uses nothing up. */
  'mailedLinks.look': {
    body: { readonly token: string; readonly purpose: 'password' | 'verification' };
    answer: { readonly held: boolean; readonly username?: string };
  };
  /** Nobody is signed in by it. */
  'mailedLinks.setPassword': { body: { readonly token: string; readonly password: string }; answer: Nothing };
  /** For whoever may register. */
  'registration.offerUsername': {
    body: {
      readonly username?: string;
      readonly name?: string;
      readonly email?: string;
      readonly secret?: string;
    };
    answer: { readonly free?: boolean; readonly suggestion: string };
  };
  /** Asks for a second factor for another address or password. */
  'users.updateOwnBasicInfo': {
    body: {
      readonly data: {
        readonly email?: string;
        readonly name?: string;
        readonly username?: string;
        /** The empty text erases it, like `bio`. */
        readonly nickname?: string;
        readonly bio?: string;
        readonly statusType?: Status;
        readonly statusText?: string;
        /** SHA-256 of the password in hex: the second factor of whoever has no other. */
        readonly currentPassword?: string;
        readonly newPassword?: string;
      };
      readonly customFields?: Nothing;
    };
    answer: { readonly user: Me };
  };
  'users.deleteOwnAccount': {
    /** SHA-256 in hex: of the password, or of the username where there is none. */
    body: { readonly password: string };
    answer: Nothing;
  };
  'users.setPreferences': {
    body: { readonly data: Preferences; readonly userId?: string };
    answer: {
      readonly user: { readonly _id: string; readonly settings: { readonly preferences: Preferences } };
    };
  };
  'users.setStatus': {
    body: {
      readonly status?: Status;
      readonly message?: string;
      /** ISO 8601. */
      readonly expiresAt?: string;
      readonly userId?: string;
    };
    answer: Nothing;
  };
  'users.create': {
    body: {
      readonly username: string;
      readonly name: string;
      readonly email: string;
      /** Passed over with `setRandomPassword`. */
      readonly password: string;
      readonly roles?: readonly string[];
      readonly verified?: boolean;
      readonly requirePasswordChange?: boolean;
      /** A link is mailed with which the owner sets a password. */
      readonly setRandomPassword?: boolean;
      readonly sendWelcomeEmail?: boolean;
      readonly bio?: string;
      readonly customFields?: Nothing;
    };
    answer: { readonly user: User };
  };
  'users.update': {
    body: {
      readonly userId: string;
      readonly data: {
        readonly username?: string;
        readonly name?: string;
        readonly email?: string;
        readonly verified?: boolean;
        readonly bio?: string;
        readonly nickname?: string;
        readonly roles?: readonly string[];
        readonly password?: string;
        readonly requirePasswordChange?: boolean;
        readonly setRandomPassword?: boolean;
        readonly customFields?: Nothing;
      };
    };
    answer: { readonly user: User };
  };
  'users.setActiveStatus': { body: { readonly userId: string; readonly activeStatus: boolean }; answer: Nothing };
  'users.delete': { body: { readonly userId: string }; answer: Nothing };
  'users.sendWelcomeEmail': { body: { readonly email: string }; answer: Nothing };
  'roles.create': {
    body: { readonly name: string; readonly description?: string; readonly mandatory2fa?: boolean };
    answer: { readonly role: Role };
  };
  'roles.update': {
    body: {
      readonly roleId: string;
      readonly name?: string;
      readonly description?: string;
      readonly mandatory2fa?: boolean;
    };
    answer: { readonly role: Role };
  };
  'roles.delete': { body: { readonly roleId: string }; answer: Nothing };
  'roles.addUserToRole': { body: { readonly username: string; readonly roleId: string }; answer: Nothing };
  'roles.removeUserFromRole': { body: { readonly username: string; readonly roleId: string }; answer: Nothing };
  'permissions.addRole': { body: { readonly permissionId: string; readonly role: string }; answer: Nothing };
  'permissions.removeRole': { body: { readonly permissionId: string; readonly role: string }; answer: Nothing };
  /** The picture as a `data:` address. */
  'users.setAvatar': { body: { readonly avatarUrl: string; readonly userId?: string }; answer: Nothing };
  'users.resetAvatar': { body: { readonly userId?: string } | undefined; answer: Nothing };
  'users.logoutOtherClients': { body: undefined; answer: { readonly token: string; readonly tokenExpires: string } };
  /** Personal tokens stay, unless they are named. */
  'users.removeOtherTokens': { body: { readonly personalTokens?: boolean } | undefined; answer: Nothing };
  'users.logout': { body: { readonly userId?: string } | undefined; answer: { readonly message: string } };
  'users.2fa.enableEmail': { body: undefined; answer: Nothing };
  'users.2fa.disableEmail': { body: undefined; answer: Nothing };
  'users.2fa.sendEmailCode': { body: { readonly emailOrUsername: string }; answer: Nothing };
  'users.resetTOTP': {
    body: { readonly userId: string } | { readonly username: string } | undefined;
    answer: Nothing;
  };
  'users.forgetTrustedClients': { body: { readonly id?: string } | undefined; answer: { readonly forgotten: number } };
  'users.enableTotp': { body: undefined; answer: { readonly secret: string; readonly url: string } };
  'users.validateTotp': { body: { readonly code: string }; answer: { readonly codes: readonly string[] } };
  'users.disableTotp': { body: { readonly code: string }; answer: { readonly disabled: boolean } };
  'users.regenerateTotpCodes': { body: { readonly code: string }; answer: { readonly codes: readonly string[] } };
}
