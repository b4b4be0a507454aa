/** Whether this browser can use passkeys here: it must know them, and the page must be a secure one. */
export function canUsePasskeys(): boolean {
  const known = globalThis.PublicKeyCredential as typeof PublicKeyCredential | undefined;
  return known !== undefined && typeof known.parseRequestOptionsFromJSON === 'function';
}

/** Ends what `suggestPasskey` waits for: a browser has one question about passkeys at a time. */
let stopSuggesting: (() => void) | undefined;

/**
 * Has the person show a passkey.
 * @param options as the server gave them
 * @returns what the server takes as proof; undefined where the person gave up
 */
export async function showPasskey(options: object): Promise<object | undefined> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  stopSuggesting?.();
  return await asJson(navigator.credentials.get({ publicKey }));
}

/**
 * Has the browser suggest passkeys where a field asks for them (`autocomplete="… webauthn"`), until one is shown.
 * @param control stops it
 */
export async function suggestPasskey(options: object, control: AbortController): Promise<object | undefined> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  stopSuggesting = () => control.abort();
  return await asJson(navigator.credentials.get({ publicKey, mediation: 'conditional', signal: control.signal }));
}

/** Has the person make a passkey. @returns what the server takes; undefined where the person gave up */
export async function makePasskey(options: object): Promise<object | undefined> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
  return await asJson(navigator.credentials.create({ publicKey }));
}

async function asJson(credential: Promise<Credential | null>): Promise<object | undefined> {
  try {
    const given = await credential;
    return given instanceof PublicKeyCredential ? (given.toJSON() as object) : undefined;
  } catch (cause) {
    // Given up, timed out, or refused by the device: the browser tells no more.
    if (cause instanceof DOMException) return undefined;
    throw cause;
  }
}
