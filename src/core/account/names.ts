/**
 * The form in which names and addresses are compared: compatibility-composed (NFKC), without characters that cannot be
 * seen, in lower case. Two spellings with the same folded form are one identity.
 * @param text a username or an e-mail address as typed
 */
export function foldName(text: string): string {
  return text.normalize('NFKC').replace(invisible, '').toLowerCase();
}

// Format characters (zero-width joiners, direction marks, soft hyphen) and control characters.
const invisible = /[\p{Cf}\p{Cc}]/gu;
