/** What a client lets travel to a provider and back (realtime.md §13.2). */
export interface OAuthState {
  readonly loginStyle: 'popup' | 'redirect';
  /** As the client chose it, not looked at yet. */
  readonly credentialToken: string;
  readonly isCordova: boolean;
  /** Where the client wants the browser to be led, not looked at yet. */
  readonly redirectUrl: string | undefined;
}

const longest = 8192;

/**
 * Reads a state: base64 of JSON in either alphabet, also where `+` became a space on the way. One that cannot be read is
 * the credential token itself, with the style popup.
 * @returns undefined for a state that can be read and does not fit
 */
export function oauthStateOf(text: string): OAuthState | undefined {
  if (text === '' || text.length > longest) return undefined;
  const state = jsonIn(text);
  if (state === undefined) {
    return { loginStyle: 'popup', credentialToken: text, isCordova: false, redirectUrl: undefined };
  }
  const { loginStyle, credentialToken, isCordova, redirectUrl } = state;
  if (loginStyle !== 'popup' && loginStyle !== 'redirect') return undefined;
  if (typeof credentialToken !== 'string') return undefined;
  return {
    loginStyle,
    credentialToken,
    isCordova: isCordova === true,
    redirectUrl: typeof redirectUrl === 'string' ? redirectUrl : undefined,
  };
}

function jsonIn(text: string): Readonly<Record<string, unknown>> | undefined {
  // `Buffer` takes the alphabet for addresses as well, and passes over what belongs to neither.
  const decoded = Buffer.from(text.replaceAll(' ', '+'), 'base64').toString('utf8');
  try {
    const value: unknown = JSON.parse(decoded);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
