import type { Account } from '../../../core/account/account.ts';

/** The headers that tell what stands behind a proxy who asks. */
export const personHeaders = ['Remote-User', 'Remote-Name', 'Remote-Email', 'Remote-Groups', 'Remote-Id'] as const;

type PersonHeader = (typeof personHeaders)[number];

/**
 * All of them, always: one that is missing would let through what a client wrote in its place (attacks R02). An address
 * is told only once it is verified.
 */
export function headersOf(account: Account): Readonly<Record<PersonHeader, string>> {
  const address = account.emails.find(({ verified }) => verified)?.address;
  return {
    'Remote-User': plain(account.username),
    'Remote-Name': plain(account.name),
    'Remote-Email': plain(address),
    'Remote-Groups': plain(account.roles.map((role) => role.replaceAll(',', ' ')).join(',')),
    'Remote-Id': plain(account.id),
  };
}

/** The same headers for nobody. */
export const nobodysHeaders: Readonly<Record<PersonHeader, string>> = Object.freeze(
  Object.fromEntries(personHeaders.map((name) => [name, ''])) as Record<PersonHeader, string>,
);

/** Text as it may stand in a header: the bytes of UTF-8, without control characters. */
function plain(text: string | undefined): string {
  return Buffer.from((text ?? '').replace(/\p{Cc}/gu, ' '), 'utf8').toString('latin1');
}
