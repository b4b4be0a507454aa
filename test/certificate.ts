import { createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';

/** A key with a certificate that it has signed itself, both as PEM. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

/**
 * Makes a key and its certificate, which is good for `days` from a day before `from` on.
 * @param options.from in ms since 1970
 */
export function keyPair(
  options: { readonly bits?: number; readonly from?: number; readonly days?: number } = {},
): KeyPair {
  const { bits = 2048, from = Date.now(), days = 30 } = options;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const name = tagged(
    0x30,
    tagged(0x31, tagged(0x30, Buffer.from('0603550403', 'hex'), tagged(0x0c, Buffer.from('test')))),
  );
  const algorithm = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
  const version = tagged(0xa0, Buffer.from('020102', 'hex'));
  const serial = tagged(0x02, Buffer.from([1]));
  const times = tagged(0x30, moment(from - 86_400_000), moment(from + days * 86_400_000));
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const body = tagged(0x30, version, serial, algorithm, name, times, name, publicKey);
  const signature = createSign('sha256').update(body).sign(privateKey);
  const der = tagged(0x30, body, algorithm, tagged(0x03, Buffer.from([0]), signature));
  const lines = der.toString('base64').match(/.{1,64}/gu) ?? [];
  return { key, certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n` };
}

/** DER: a tag, the length of what follows, and that (X.690 §8.1). */
function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 128) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const digits = content.length < 256 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...digits]), content]);
}

/** GeneralizedTime, to the second. */
function moment(at: number): Buffer {
  return tagged(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]|\.\d+Z/gu, '')}Z`));
}
