/** What a mail says; each has a template for every language. */
export type MailKind =
  /** facts: `code`, `minutes` */
  | 'authentication-code'
  /** Somebody else took the account's second factors away. */
  | 'factors-reset'
  /** facts: `factor` (`app`, `email`, `passkey`) */
  | 'factor-added'
  /** facts: `factor` */
  | 'factor-removed'
  /** One more way to sign in, or one less. facts: `provider` */
  | 'identity-linked'
  /** facts: `provider` */
  | 'identity-unlinked'
  /** Sent to the addresses before the change. facts: `by` (`owner`, `administrator`) */
  | 'email-changed'
  /** An administrator has set another password. */
  | 'password-set'
  /** The owner has set another password. */
  | 'password-changed'
  | 'account-opened'
  | 'account-closed'
  /** facts: `link`, `days` */
  | 'email-verification'
  /** facts: `link`, `minutes` */
  | 'password-reset'
  /** Somebody else made the account, and its owner sets the password. facts: `username`, `link`, `days` */
  | 'enrolment'
  /** facts: `username` */
  | 'welcome'
  /** Somebody has registered with the address of an account that there is. */
  | 'address-known'
  /** To administrators. facts: `username`, `name`, `email`, `reason` */
  | 'account-waits'
  | 'account-approved'
  /** facts: `at` (UTC), `address`, `browser`, `system` (may be empty) */
  | 'new-device'
  /** facts: `name`, `at` (UTC) */
  | 'personal-token-ends'
  /** Somebody else took it away; facts: `name` */
  | 'personal-token-revoked'
  /** Failed sign-ins have blocked the account. facts: `address` (of the last one), `minutes` */
  | 'account-blocked'
  /** To the operator. facts: `kind` (`account`, `name`, `address`), `username`, `address`, `failures`, `minutes` */
  | 'sign-ins-blocked'
  /** Proves that mail arrives before anybody depends on it. */
  | 'delivery-test';

export interface Mail {
  readonly kind: MailKind;
  /** Addresses; each gets a mail of its own. */
  readonly to: readonly string[];
  /** The account's language, `en` where there is none. */
  readonly language: string | undefined;
  /** What the template shows: plain text, escaped by the template. */
  readonly facts: Readonly<Record<string, string>>;
}

/** How mails leave. */
export interface Mailer {
  /** Puts a mail into the outbox and returns; it is sent soon, and again with growing pauses while that fails. */
  post(mail: Mail): Promise<void>;
  /**
   * Sends a mail at once, and says whether the mail server took it for every recipient. Without a mail server it is not
   * held. `because` is a sentence for the operator.
   */
  deliver(mail: Mail): Promise<{ readonly held: boolean; readonly because?: string }>;
  /** Whether a mail server is set at all. */
  serverSet(): { readonly held: boolean };
}

/** Where mails are handed in. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on (`smtps`). */
  readonly secure: boolean;
  /** STARTTLS is not attempted. */
  readonly ignoreTls: boolean;
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
}
