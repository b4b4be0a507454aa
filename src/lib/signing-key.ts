import { generateKeyPair, type JsonWebKey } from 'node:crypto';
import { promisify } from 'node:util';

/** A private key with which tokens are signed by RS256 (RFC 7518 §3.3), as a JSON Web Key (RFC 7517) without an id. */
export async function makeSigningKey(): Promise<JsonWebKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ format: 'jwk' });
}
