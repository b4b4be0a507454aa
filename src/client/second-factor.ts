import { ClientError, isFields } from './error.ts';

/** What the server asks for before it goes on. */
export interface SecondFactorChallenge {
  /** `totp`, `email`, `password`, `passkey`, or what later servers may have. */
  readonly method: string;
  /** As the server sent them: `codeGenerated`, `availableMethods`, for `passkey` also `options`. */
  readonly details: Readonly<Record<string, unknown>>;
  /** 1 the first time, one more after each wrong code. */
  readonly attempt: number;
}

/**
 * A code of another method than the server asked for, one of `availableMethods`. With an empty code the server is asked to
 * ask for that method: a code is mailed, or the options of a passkey come.
 */
export interface OtherFactor {
  readonly method: string;
  readonly code: string | object;
}

/**
 * Gives the code: for `password` the plain password, for `passkey` the credential (an object is sent as its JSON); with
 * `method` and `code` that of another method. Undefined or an empty text gives up, and the call ends with the error of
 * the server.
 */
export type OnSecondFactor = (
  challenge: SecondFactorChallenge,
) => string | object | undefined | Promise<string | object | OtherFactor | undefined>;

/** A code as it goes over the wire. */
export interface SuppliedCode {
  /** Empty where the server is only to ask for this method. */
  readonly code: string;
  readonly method: string;
}

/** Runs a call, and again with a code as long as one is wanted and given. */
export type Asking = <A>(run: (supplied: SuppliedCode | undefined) => Promise<A>) => Promise<A>;

/** The wrapper around every call: it turns `totp-required` and `totp-invalid` into a question. */
export function askingWith(ask: OnSecondFactor | undefined): Asking {
  return async (run) => {
    let supplied: SuppliedCode | undefined;
    let method = '';
    for (let attempt = 1; ; ) {
      try {
        return await run(supplied);
      } catch (cause) {
        if (ask === undefined || !isChallenge(cause)) throw cause;
        const details = isFields(cause.details) ? cause.details : {};
        if (typeof details['method'] === 'string') ({ method } = details as { readonly method: string });
        const given = await ask({ method, details, attempt });
        if (given === undefined || given === '') throw cause;
        const chosen = isOther(given) ? given : { method, code: given };
        // A refusal that names no method is about the one that was tried.
        ({ method } = chosen);
        supplied = { code: chosen.code === '' ? '' : await wireForm(method, chosen.code), method };
        if (supplied.code !== '') attempt += 1;
      }
    }
  };
}

/** What a passkey signs has neither member. */
function isOther(given: string | object): given is OtherFactor {
  return isFields(given) && typeof given['method'] === 'string' && 'code' in given;
}

function isChallenge(cause: unknown): cause is ClientError {
  return cause instanceof ClientError && (cause.code === 'totp-required' || cause.code === 'totp-invalid');
}

async function wireForm(method: string, given: string | object): Promise<string> {
  if (typeof given === 'object') return JSON.stringify(given);
  return method === 'password' ? await sha256Hex(given) : given.trim();
}

/** @throws ClientError `insecure-context` where a browser has no cryptography, which is on plain HTTP */
export async function sha256Hex(text: string): Promise<string> {
  const { subtle } = globalThis.crypto as { readonly subtle?: typeof globalThis.crypto.subtle };
  if (subtle === undefined) {
    throw new ClientError('insecure-context', {
      message: 'Browsers hash passwords on pages of TLS or localhost only.',
    });
  }
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
