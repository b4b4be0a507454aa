import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

/** The certificates of a text: PEM, or base64 without its frame as metadata has it. @throws Error for anything else */
export function certificatesOf(text: string): readonly X509Certificate[] {
  const framed = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/gu);
  const parts = framed ?? (text.trim() === '' ? [] : [text]);
  return parts.map((part) => {
    const bare = part.replace(/-----[A-Z ]+-----/gu, '').replace(/\s+/gu, '');
    return new X509Certificate(Buffer.from(bare, 'base64'));
  });
}

/** Shorter RSA keys are guessed by whoever wants to (NIST SP 800-131A). */
const leastBits = 2048;

/**
 * Those that may be believed now, and what is wrong with the others.
 * @param now in ms since 1970
 */
export function usableCertificates(
  all: readonly X509Certificate[],
  now: number,
): {
  readonly pems: readonly string[];
  readonly problem: string | undefined;
  /** When the last of them ends; undefined where there is none. */
  readonly endsAt: number | undefined;
} {
  const problems: string[] = [];
  const pems: string[] = [];
  let endsAt: number | undefined;
  for (const certificate of all) {
    const { publicKey } = certificate;
    if (publicKey.asymmetricKeyType !== 'rsa') problems.push('The certificate holds no RSA key.');
    else if ((publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < leastBits) {
      problems.push(`The key of the certificate is shorter than ${leastBits} bits.`);
    } else if (Date.parse(certificate.validTo) <= now) {
      problems.push(`The certificate ended on ${new Date(certificate.validTo).toISOString()}.`);
    } else if (Date.parse(certificate.validFrom) > now) {
      problems.push(`The certificate begins on ${new Date(certificate.validFrom).toISOString()}.`);
    } else {
      pems.push(certificate.toString());
      endsAt = Math.max(endsAt ?? 0, Date.parse(certificate.validTo));
    }
  }
  if (all.length === 0) problems.push('No certificate of the identity provider is set.');
  return { pems, problem: pems.length > 0 ? undefined : problems.join(' '), endsAt };
}

/** The key of a PEM text; undefined for an empty one. @throws Error for anything else, naming nothing of it */
export function privateKeyOf(text: string): KeyObject | undefined {
  if (text.trim() === '') return undefined;
  try {
    return createPrivateKey(text);
  } catch {
    // The cause would quote what it could not read.
    throw new Error('The private key is no PEM.');
  }
}

/** A certificate as metadata holds it: base64 on one line. */
export function bareCertificate(certificate: X509Certificate): string {
  return certificate.raw.toString('base64');
}
