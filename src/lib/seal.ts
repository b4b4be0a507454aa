import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const version = 'v1';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Seals with AES-256-GCM under keys that are derived from one (HKDF, RFC 5869); what a secret belongs to is bound in as
 * additional data, so that a sealed text moved to another row does not open.
 * @param key 32 bytes
 */
export function sealerOf(key: Buffer) {
  const derived = (use: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', `countersign ${use}`, 32));
  const sealing = derived('seal');
  const marking = derived('mark');
  return {
    seal(secret: string, boundTo: string): string {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', sealing, iv).setAAD(Buffer.from(boundTo));
      const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${version}.${sealed.toString('base64url')}`;
    },
    open(sealed: string, boundTo: string): string {
      const [found, text = ''] = sealed.split('.', 2);
      const bytes = Buffer.from(text, 'base64url');
      if (found !== version || bytes.length < ivBytes + tagBytes) throw new Error('A sealed secret has another form.');
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(bytes.subarray(-tagBytes));
      const opened = [decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()];
      return Buffer.concat(opened).toString('utf8');
    },
    mark(text: string, boundTo: string): string {
      return createHmac('sha256', marking)
        .update(JSON.stringify([boundTo, text]))
        .digest('base64');
    },
  };
}
