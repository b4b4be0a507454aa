/**
 * The form in which names and addresses are compared: compatibility-composed (NFKC), without characters that cannot be
 * seen, in lower case. Two spellings with the same folded form are one identity.
 * @param text a username or an e-mail address as typed
 */
export function foldName(text: string): string {
  // Composed once more at the end: what stood apart may stand together once the invisible is gone.
  return text.normalize('NFKC').replace(invisible, '').normalize('NFKC').toLowerCase();
}

// Format characters (zero-width joiners, direction marks, soft hyphen) and control characters.
const invisible = /[\p{Cf}\p{Cc}]/gu;
