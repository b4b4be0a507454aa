export type SettingValue = boolean | number | string | readonly string[];

interface Shared {
  /** Group and section of the administration screens. */
  readonly group: string;
  readonly section?: string;
  /** Readable by anybody, also signed out: over REST, by method and by stream alike. */
  readonly public?: boolean;
  /** Not listed in administration screens, and unknown to the JSON API. */
  readonly hidden?: boolean;
  /** Masked wherever it is listed. */
  readonly secret?: boolean;
  /** Shown, and changed by nobody. */
  readonly readOnly?: boolean;
  /** One sentence for the reference page: what it does here. */
  readonly about: string;
}

/** One row of the catalogue. `initial` is the value of a fresh install. */
export type SettingDefinition =
  | (Shared & { readonly kind: 'boolean'; readonly initial: boolean })
  | (Shared & {
      readonly kind: 'integer';
      readonly initial: number;
      readonly least?: number;
      readonly most?: number;
      /** Parts of the unit are allowed as well, for example half a minute. */
      readonly fractions?: boolean;
    })
  | (Shared & {
      readonly kind: 'text';
      readonly initial: string;
      readonly multiline?: boolean;
      /**
       * What the text must be: addresses and networks that are separated by commas. A new value must be a web address, who a mail
       * is from, an object in JSON, or regular expressions (one, or several with commas between) that end soon; one that is stored already, or in the environment, is taken as it is.
       */
      readonly form?: 'addresses' | 'url' | 'json' | 'pattern' | 'patterns' | 'mailbox';
    })
  | (Shared & { readonly kind: 'choice'; readonly initial: string; readonly choices: readonly string[] })
  | (Shared & { readonly kind: 'list'; readonly initial: readonly string[]; readonly choices: readonly string[] });

/** The type that a setting of this definition holds. */
export type ValueOf<D extends SettingDefinition> = D extends { kind: 'boolean' }
  ? boolean
  : D extends { kind: 'integer' }
    ? number
    : D extends { kind: 'list' }
      ? readonly string[]
      : string;
