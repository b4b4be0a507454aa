/** A way to sign in elsewhere that a button leads to. */
export interface Service {
  readonly service: string;
  /** What its button says; empty for its own name. */
  readonly label: string;
  readonly shown: boolean;
  readonly custom: boolean;
  /** Of a CAS server, where its people sign in. */
  readonly address: string;
}

/** What the server says in the document itself, so that nothing moves when an answer comes. */
export interface Facts {
  /** The path that every address begins with; empty at the root of a host. */
  readonly base: string;
  readonly siteName: string;
  readonly siteUrl: string;
  /** The language of people who chose none; empty follows their browser. */
  readonly language: string;
  readonly services: readonly Service[];
  readonly form: {
    readonly shown: boolean;
    readonly userHint: string;
    readonly passwordHint: string;
    readonly againHint: string;
  };
  readonly registration: {
    readonly form: 'Public' | 'Disabled' | 'Secret URL';
    /** What stands in place of the link where nobody registers. */
    readonly closed: string;
    readonly nameRequired: boolean;
    readonly reasonRequired: boolean;
    readonly passwordTwice: boolean;
    /** Nobody signs in with a password before an address is verified. */
    readonly verification: boolean;
    /** JSON, as the operator wrote it. */
    readonly customFields: string;
  };
  readonly passwordReset: boolean;
  /** Nobody has signed in to this server yet. */
  readonly nobodyWasHere: boolean;
}

export const facts = JSON.parse(document.getElementById('facts')?.textContent ?? '{}') as Facts;
