import { createPublicKey, type JsonWebKey } from 'node:crypto';
import type { COSEALG } from '@simplewebauthn/server/helpers';

/** Where passkeys belong to: a browser makes and shows them at this origin only. */
export interface Site {
  /** Exact, for example `https://chat.example.org`. */
  readonly origin: string;
  /** The host, which the passkeys are bound to. */
  readonly host: string;
}

/** What the browser gave when a passkey was made, read strictly and not yet believed. */
export interface NewCredential {
  readonly id: string;
  readonly challenge: string;
  readonly client: string;
  readonly attestation: string;
  readonly transports: readonly Transport[];
}

/** What the browser gave when a passkey was shown, read strictly and not yet believed. */
export interface ShownCredential {
  readonly id: string;
  readonly challenge: string;
  readonly client: string;
  readonly authenticator: string;
  readonly signature: string;
  /** What the passkey says whose it is: base64url. */
  readonly userHandle: string | undefined;
}

const transports = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const;
export type Transport = (typeof transports)[number];

/** How long the parts may be, in characters: looked at before anything is decoded. */
const longest = {
  // 1023 bytes (WebAuthn §5.8.3).
  id: 1364,
  client: 4096,
  attestation: 16_384,
  authenticator: 2048,
  signature: 1024,
  // 64 bytes (WebAuthn §5.4.3).
  userHandle: 86,
};

/** ES256, EdDSA, RS256, as COSE numbers them; the order is the one in which browsers are asked. */
const algorithms = [-7, -8, -257];

const mostTransports = 10;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The site of an address, if browsers make passkeys there.
 * @param address for example `https://chat.example.org/base`
 */
export function siteOf(address: string): Site & { readonly usable: boolean } {
  const { origin, hostname, protocol } = new URL(address);
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  const isName = !/^[\d.]+$|^\[/u.test(hostname);
  return { origin, host: hostname, usable: isName && (protocol === 'https:' || isLocal) };
}

/** `PublicKeyCredentialCreationOptionsJSON` (WebAuthn §5.4). */
export function creationOptions(asked: {
  readonly site: Site;
  readonly siteName: string;
  readonly challenge: string;
  readonly user: { readonly handle: string; readonly name: string; readonly displayName: string };
  /** Passkeys that are there already: the same device need not make a second. */
  readonly except: readonly { readonly id: string; readonly transports: readonly string[] }[];
  readonly timeoutMs: number;
}): Fields {
  const { site, siteName, challenge, user, except, timeoutMs } = asked;
  return {
    rp: { id: site.host, name: siteName },
    user: { id: user.handle, name: user.name, displayName: user.displayName },
    challenge,
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: timeoutMs,
    excludeCredentials: except.map(descriptorOf),
    authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
    attestation: 'none',
  };
}

/** `PublicKeyCredentialRequestOptionsJSON` (WebAuthn §5.5). */
export function requestOptions(asked: {
  readonly site: Site;
  readonly challenge: string;
  /** Empty where nobody is known yet: the device offers what it has. */
  readonly allow: readonly { readonly id: string; readonly transports: readonly string[] }[];
  readonly userVerification: 'required' | 'preferred';
  readonly timeoutMs: number;
}): Fields {
  const { site, challenge, allow, userVerification, timeoutMs } = asked;
  return {
    challenge,
    timeout: timeoutMs,
    rpId: site.host,
    allowCredentials: allow.map(descriptorOf),
    userVerification,
  };
}

/** The base64url form in which a browser hands over whose a passkey is. */
export function userHandleOf(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** Reads a `RegistrationResponseJSON`; undefined where it has another shape. */
export function newCredentialIn(value: unknown): NewCredential | undefined {
  const outer = credentialIn(value);
  if (outer === undefined) return undefined;
  const { id, response, client, challenge } = outer;
  const attestation = encoded(own(response, 'attestationObject'), longest.attestation);
  if (attestation === undefined) return undefined;
  const said = own(response, 'transports');
  const named = Array.isArray(said) ? said.slice(0, mostTransports) : [];
  return { id, challenge, client, attestation, transports: transports.filter((one) => named.includes(one)) };
}

/** Reads an `AuthenticationResponseJSON`; undefined where it has another shape. */
export function shownCredentialIn(value: unknown): ShownCredential | undefined {
  const outer = credentialIn(value);
  if (outer === undefined) return undefined;
  const { id, response, client, challenge } = outer;
  const authenticator = encoded(own(response, 'authenticatorData'), longest.authenticator);
  const signature = encoded(own(response, 'signature'), longest.signature);
  const said = own(response, 'userHandle') ?? undefined;
  const userHandle = encoded(said, longest.userHandle);
  if (authenticator === undefined || signature === undefined) return undefined;
  if (said !== undefined && userHandle === undefined) return undefined;
  return { id, challenge, client, authenticator, signature, userHandle };
}

/** The same from JSON text, which is how it travels as the code of a second factor. */
export function shownCredentialInText(text: string): ShownCredential | undefined {
  return shownCredentialIn(parsed(text));
}

export type CheckedNew =
  | { readonly held: false }
  | {
      readonly held: true;
      /** COSE, base64url. */
      readonly publicKey: string;
      readonly signCount: number;
      readonly backedUp: boolean;
    };

/** Whether a new passkey was made for this challenge at this site, by somebody who was present. */
export async function checkNewCredential(
  given: NewCredential,
  wanted: { readonly challenge: string; readonly site: Site },
): Promise<CheckedNew> {
  return await refusedByError(async () => {
    const [{ verifyRegistrationResponse }, { decodeAttestationObject, decodeCredentialPublicKey, cose }] =
      await Promise.all([import('@simplewebauthn/server'), import('@simplewebauthn/server/helpers')]);
    const attestation = decodeAttestationObject(bytesOf(given.attestation));
    const format = attestation.get('fmt');
    // None was asked for, so browsers leave nothing but a signature by the passkey itself. Certificates would have to
    // be looked up in the network.
    const isPlain = format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined);
    if (!isPlain) return { held: false };
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id: given.id,
        rawId: given.id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: given.client, attestationObject: given.attestation },
      },
      expectedChallenge: wanted.challenge,
      expectedOrigin: wanted.site.origin,
      expectedRPID: wanted.site.host,
      requireUserPresence: true,
      requireUserVerification: false,
      supportedAlgorithmIDs: algorithms,
    });
    if (!verified) return { held: false };
    const { credential, credentialBackedUp } = registrationInfo;
    if (credential.id !== given.id) return { held: false };
    const key = decodeCredentialPublicKey(credential.publicKey);
    if (!isSound(key as unknown as CoseMap, cose.COSEALG)) return { held: false };
    return {
      held: true,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      signCount: credential.counter,
      backedUp: credentialBackedUp,
    };
  });
}

export type CheckedShown =
  | { readonly held: false }
  | { readonly held: true; readonly signCount: number; readonly backedUp: boolean };

/**
 * Whether a passkey signed this challenge at this site, while somebody was present. The counter is for the caller to
 * compare: a signature that holds with a counter that went back is worth an alarm, one that does not hold is not.
 * @param wanted.userVerified true where the device must have asked for a PIN, a finger or a face
 */
export async function checkShownCredential(
  given: ShownCredential,
  wanted: {
    readonly challenge: string;
    readonly site: Site;
    readonly publicKey: string;
    readonly userVerified: boolean;
  },
): Promise<CheckedShown> {
  return await refusedByError(async () => {
    const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: given.id,
        rawId: given.id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: given.client,
          authenticatorData: given.authenticator,
          signature: given.signature,
        },
      },
      expectedChallenge: wanted.challenge,
      expectedOrigin: wanted.site.origin,
      expectedRPID: wanted.site.host,
      requireUserVerification: wanted.userVerified,
      // Below every counter, so that the library compares none.
      credential: { id: given.id, publicKey: bytesOf(wanted.publicKey), counter: -1 },
    });
    if (!verified) return { held: false };
    return { held: true, signCount: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp };
  });
}

/** What the library throws over something malformed is a no. */
async function refusedByError<T>(act: () => Promise<T | { held: false }>): Promise<T | { held: false }> {
  try {
    return await act();
  } catch {
    return { held: false };
  }
}

function credentialIn(value: unknown): { id: string; response: Fields; client: string; challenge: string } | undefined {
  if (!isFields(value)) return undefined;
  const id = encoded(own(value, 'id'), longest.id);
  const response = own(value, 'response');
  if (id === undefined || own(value, 'rawId') !== id || own(value, 'type') !== 'public-key') return undefined;
  if (!isFields(response)) return undefined;
  const client = encoded(own(response, 'clientDataJSON'), longest.client);
  const challenge = client === undefined ? undefined : challengeIn(client);
  return client === undefined || challenge === undefined ? undefined : { id, response, client, challenge };
}

/** The challenge that was signed; undefined also where another site had this one in a frame. */
function challengeIn(client: string): string | undefined {
  const said = parsed(Buffer.from(client, 'base64url').toString());
  if (!isFields(said)) return undefined;
  const crossOrigin = own(said, 'crossOrigin');
  // The library lets a frame pass whose parent the browser does not name.
  if ((crossOrigin !== undefined && crossOrigin !== false) || own(said, 'topOrigin') !== undefined) return undefined;
  return encoded(own(said, 'challenge'), 128);
}

interface CoseMap {
  get(key: number): unknown;
}

/** Whether a key is one that only its owner can sign with: the library takes any that can be decoded. */
function isSound(key: CoseMap, numbers: typeof COSEALG): boolean {
  const [x, y] = [key.get(-2), key.get(-3)];
  switch (key.get(3)) {
    case numbers.ES256:
      return (
        key.get(1) === 2 && key.get(-1) === 1 && isKey({ kty: 'EC', crv: 'P-256', x: numberText(x), y: numberText(y) })
      );
    case numbers.EdDSA:
      return key.get(1) === 1 && key.get(-1) === 6 && isKey({ kty: 'OKP', crv: 'Ed25519', x: numberText(x) });
    case numbers.RS256:
      return key.get(1) === 3 && isRsa(numberText(key.get(-1)), numberText(x));
    default:
      return false;
  }
}

function isRsa(n: string, e: string): boolean {
  const bits = Buffer.from(n, 'base64url').length * 8;
  return e === 'AQAB' && bits >= 2048 && bits <= 4096 && isKey({ kty: 'RSA', n, e });
}

function isKey(key: JsonWebKey): boolean {
  // Refuses points that do not lie on the curve.
  return createPublicKey({ key, format: 'jwk' }).type === 'public';
}

function numberText(bytes: unknown): string {
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64url') : '';
}

function descriptorOf({ id, transports: by }: { readonly id: string; readonly transports: readonly string[] }): Fields {
  return { type: 'public-key', id, ...(by.length === 0 ? {} : { transports: by }) };
}

/** Text in base64url without padding, as browsers write it. */
function encoded(value: unknown, most: number): string | undefined {
  const fits = typeof value === 'string' && value.length <= most && /^[A-Za-z0-9_-]+$/u.test(value);
  return fits ? value : undefined;
}

function bytesOf(value: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(value, 'base64url'));
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
