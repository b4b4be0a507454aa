/** Made when the pages are built: see vite.config.ts. */
declare module 'virtual:common-passwords' {
  /** The passwords that are tried first, with a space between two. */
  export const passwords: string;
  /** Which keys lie beside each other on the usual keyboard. */
  export const qwerty: Readonly<Record<string, (string | null)[]>>;
}

declare module 'virtual:audit-kinds' {
  /** Every kind of entry that the audit trail may have. */
  export const auditKinds: readonly string[];
}
