import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** What a browser says of the page, and a device of the moment; tests make them wrong one at a time. */
export interface Said {
  readonly origin: string;
  readonly host: string;
  readonly type: string;
  readonly challenge: string;
  readonly client: Readonly<Record<string, unknown>>;
  readonly present: boolean;
  readonly verified: boolean;
  readonly counter: number;
  readonly userHandle: string | undefined;
  readonly alg: number;
  /** COSE members in place of those of the key. */
  readonly key: ReadonlyMap<number, unknown>;
  readonly format: string;
  readonly statement: ReadonlyMap<string, unknown>;
  /** The new passkey signs its own making, as some devices do. */
  readonly selfSigned: boolean;
  readonly signWith: KeyObject;
}

type Options = Readonly<Record<string, unknown>>;

/** A device with one passkey, in software: it says whatever a test wants. */
export interface PasskeyDevice {
  readonly id: string;
  /** `RegistrationResponseJSON` for creation options. */
  make(options: unknown, said?: Partial<Said>): Record<string, unknown>;
  /** `AuthenticationResponseJSON` for request options. The counter goes up by one each time. */
  show(options: unknown, said?: Partial<Said>): Record<string, unknown>;
}

let made = 0;

/** The kinds of keys that are taken. */
export type KeyKind = 'ES256' | 'EdDSA' | 'RS256';

function keyPair(kind: KeyKind): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  switch (kind) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
}

/** A public key as COSE has it (RFC 9053). */
function coseOf(kind: KeyKind, publicKey: KeyObject, alg: number | undefined): ReadonlyMap<number, unknown> {
  const jwk = publicKey.export({ format: 'jwk' });
  const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url');
  const members: Readonly<Record<KeyKind, readonly (readonly [number, unknown])[]>> = {
    ES256: [
      [1, 2],
      [3, alg ?? -7],
      [-1, 1],
      [-2, bytes(jwk.x)],
      [-3, bytes(jwk.y)],
    ],
    EdDSA: [
      [1, 1],
      [3, alg ?? -8],
      [-1, 6],
      [-2, bytes(jwk.x)],
    ],
    RS256: [
      [1, 3],
      [3, alg ?? -257],
      [-1, bytes(jwk.n)],
      [-2, bytes(jwk.e)],
    ],
  };
  return new Map(members[kind]);
}

/** @param origin where the page is that asks */
export function passkeyDevice(origin = 'http://localhost:3000', kind: KeyKind = 'ES256'): PasskeyDevice {
  made += 1;
  const { privateKey, publicKey } = keyPair(kind);
  const raw = createHash('sha256').update(`device ${made} ${process.pid}`).digest();
  const id = raw.toString('base64url');
  let counter = 0;
  let handle: string | undefined;
  const clientOf = (options: Options, type: string, said: Partial<Said>): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: said.type ?? type,
        challenge: said.challenge ?? options['challenge'],
        origin: said.origin ?? origin,
        crossOrigin: false,
        ...said.client,
      }),
    );
  const dataOf = (said: Partial<Said>, more: Buffer): Buffer => {
    const hash = createHash('sha256')
      .update(said.host ?? new URL(origin).hostname)
      .digest();
    const flags = (said.present === false ? 0 : 1) | (said.verified === false ? 0 : 4) | (more.length > 0 ? 0x40 : 0);
    const rest = Buffer.alloc(5);
    rest.writeUInt8(flags, 0);
    rest.writeUInt32BE(said.counter ?? counter, 1);
    return Buffer.concat([hash, rest, more]);
  };
  return {
    id,
    make(options, said = {}) {
      const asked = options as Options;
      handle = (asked['user'] as Options)['id'] as string;
      const cose = said.key ?? coseOf(kind, publicKey, said.alg);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(raw.length);
      const data = dataOf(said, Buffer.concat([Buffer.alloc(16), length, raw, cbor(cose)]));
      const client = clientOf(asked, 'webauthn.create', said);
      const signed = signatureOf(data, client, privateKey);
      const attestation = cbor(
        new Map<string, unknown>([
          ['fmt', said.format ?? (said.selfSigned === true ? 'packed' : 'none')],
          [
            'attStmt',
            said.statement ??
              new Map<string, unknown>(
                said.selfSigned === true
                  ? [
                      ['alg', -7],
                      ['sig', signed],
                    ]
                  : [],
              ),
          ],
          ['authData', data],
        ]),
      );
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        authenticatorAttachment: 'platform',
        response: {
          clientDataJSON: client.toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal', 'hybrid', 'telepathy'],
        },
      };
    },
    show(options, said = {}) {
      counter += 1;
      const client = clientOf(options as Options, 'webauthn.get', said);
      const data = dataOf(said, Buffer.alloc(0));
      const userHandle = 'userHandle' in said ? said.userHandle : handle;
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signatureOf(data, client, said.signWith ?? privateKey).toString('base64url'),
          ...(userHandle === undefined ? {} : { userHandle }),
        },
      };
    },
  };
}

function signatureOf(data: Buffer, client: Buffer, key: KeyObject): Buffer {
  const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
  return sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', signed, key);
}

/** As much of CBOR as devices write (RFC 8949). */
export function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  const entries = [...(value as ReadonlyMap<unknown, unknown>)];
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(cbor)]);
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}
