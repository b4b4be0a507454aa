/** Who a mail is from or to. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

// No blank, no bracket, nothing that ends a line or an address: it cannot become a second header or recipient.
const addressForm =
  /^[^\s@<>,;:"()[\]\\\p{Cc}\p{Cf}]{1,64}@(?:[^\s@<>,;:"()[\]\\\p{Cc}\p{Cf}]{1,253}|\[[0-9a-f:.]{2,45}\])$/iu;

/** Whether a text is an address that a mail can be sent to. */
export function isMailAddress(text: string): { readonly held: boolean } {
  return { held: addressForm.test(text) };
}

/**
 * Reads a sender as an operator writes it: `ada@example.org` or `Ada <ada@example.org>`.
 * @returns undefined where it is neither
 */
export function mailboxOf(text: string): Mailbox | undefined {
  const [, quoted, plain = '', inside] = /^(?:"([^"\\]*)"|([^"<>]*))\s*<([^<>]*)>$/u.exec(text.trim()) ?? [];
  const address = inside ?? text.trim();
  const name = (quoted ?? plain).trim();
  return addressForm.test(address) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) ? { name, address } : undefined;
}
