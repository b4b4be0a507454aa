import type { SetupStep } from '../../core/external-login/setup.ts';
import { Fault } from '../../core/fault.ts';
import type { MadeProvider } from '../kind.ts';

/** Made up: no provider has given it. */
const code = 'countersign-tests-its-set-up';
const verifier = 'countersign-tests-its-set-up-and-nobody-signs-in';

/** What providers call a code that they have not given: the client was taken. */
const codeRefused: ReadonlySet<string> = new Set(['invalid_grant', 'bad_verification_code', 'invalid_code']);
const clientRefused: ReadonlySet<string> = new Set([
  'invalid_client',
  'unauthorized_client',
  'incorrect_client_credentials',
  'invalid_client_id',
]);
const addressRefused: ReadonlySet<string> = new Set(['redirect_uri_mismatch', 'invalid_redirect_uri']);

/**
 * Shows id and secret to the provider, exactly as a sign-in does, with a code that nobody has given: what it refuses tells
 * whether it knows us. Nothing can come of it, and what it says is told in words of ours alone.
 */
export async function secretStep(provider: MadeProvider, redirectUri: string): Promise<SetupStep> {
  const step = 'secret';
  const leaving = { redirectUri, state: 'state', nonce: undefined, verifier };
  try {
    // OAuth 1 shows the secret at the beginning already.
    const left = await provider.leave(leaving);
    if (left.remembered !== undefined) return { step, held: true, told: 'The provider takes the id and the secret.' };
    const issuer = provider.places?.issuer;
    const params = { code, ...(issuer === undefined ? {} : { iss: issuer }) };
    await provider.identify({ redirectUri, nonce: undefined, verifier, params, remembered: undefined });
    return { step, held: false, told: 'The provider took a code that was made up: it must not be believed.' };
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    return { step, ...wordsFor(cause) };
  }
}

function wordsFor({ code: fault, facts }: Fault): Omit<SetupStep, 'step'> {
  if (fault === 'provider-unreachable') return { held: false, told: 'The provider did not answer, or with an error.' };
  const message = typeof facts['message'] === 'string' ? facts['message'] : '';
  const word = /\. ([\w-]{1,64})$/u.exec(message)?.[1] ?? '';
  if (codeRefused.has(word)) return { held: true, told: 'The provider takes the id and the secret.' };
  if (clientRefused.has(word) || /It answered 40[13]\.$/u.test(message)) {
    return { held: false, told: 'The provider does not take the id or the secret, or wants them sent in another way.' };
  }
  if (addressRefused.has(word)) return { held: false, told: 'The provider does not know the address to come back to.' };
  if (message.endsWith('The key of this server cannot be read.')) {
    return { held: false, told: 'The key that is set cannot be read.' };
  }
  const told =
    'The provider refused a code that was made up, as it should; whether it takes the secret, it does not tell.';
  return { held: true, told };
}
