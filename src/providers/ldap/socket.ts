import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { DirectoryUnreachable } from '../../core/directory/directory.ts';
import type { LdapReach } from './settings.ts';
import { startTls } from './start-tls.ts';

/**
 * A connection over which something may be said: encrypted as asked, the certificate checked. Nothing but the wish to
 * encrypt was sent before that. It belongs to the caller, who must destroy it.
 * @throws DirectoryUnreachable with what failed, in words for the operator
 */
export async function openSocket(reach: LdapReach): Promise<Socket> {
  if (reach.host === '') throw new DirectoryUnreachable('No directory is named (LDAP_Host).');
  const plain = connect({ host: reach.host, port: reach.port, noDelay: true });
  try {
    await within(plain, reach.connectMs, 'does not take the connection', 'connect');
    if (reach.encryption === 'plain') return plain;
    if (reach.encryption === 'tls') {
      await within(plain, reach.connectMs, 'does not begin to encrypt', async () => {
        await startTls(plain);
      });
    }
    return await encrypt(plain, reach);
  } catch (cause) {
    plain.on('error', () => undefined);
    plain.destroy();
    if (cause instanceof DirectoryUnreachable) throw cause;
    throw new DirectoryUnreachable(`The directory cannot be reached: ${reasonOf(cause)}.`, cause);
  }
}

async function encrypt(plain: Socket, reach: LdapReach): Promise<Socket> {
  const options: ConnectionOptions = {
    socket: plain,
    host: reach.host,
    rejectUnauthorized: reach.rejectUnauthorized,
    ...(isIP(reach.host) === 0 ? { servername: reach.host } : {}),
    ...(reach.ca === '' ? {} : { ca: certificatesIn(reach.ca) }),
  };
  let secure: ReturnType<typeof connectTls>;
  try {
    secure = connectTls(options);
  } catch (cause) {
    throw new DirectoryUnreachable('The connection cannot be encrypted: LDAP_CA_Cert holds no certificates.', cause);
  }
  try {
    await within(secure, reach.connectMs, 'does not encrypt the connection', 'secureConnect');
    return secure;
  } catch (cause) {
    secure.on('error', () => undefined);
    secure.destroy();
    if (cause instanceof DirectoryUnreachable) throw cause;
    throw new DirectoryUnreachable(`The directory cannot be trusted: ${reasonOf(cause)}.`, cause);
  }
}

function certificatesIn(pem: string): string[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/gu) ?? [];
  if (found.length === 0) {
    throw new DirectoryUnreachable('The directory cannot be trusted: LDAP_CA_Cert holds no certificate.');
  }
  return found;
}

/**
 * Waits until a socket tells of an event, or until `act` is done with it.
 * @param otherwise what the directory does not do where the time runs out
 * @throws what the socket or `act` reports, or DirectoryUnreachable when the time is over
 */
async function within(
  socket: Socket,
  ms: number,
  otherwise: string,
  act: 'connect' | 'secureConnect' | (() => Promise<void>),
): Promise<void> {
  let forget = (): void => undefined;
  const over = new Promise<never>((_resolve, reject) => {
    const onClose = (): void => {
      reject(new DirectoryUnreachable('The directory has closed the connection.'));
    };
    const timer = setTimeout(() => {
      reject(new DirectoryUnreachable(`The directory ${otherwise} within ${String(ms)} ms.`));
    }, ms);
    socket.on('error', reject);
    socket.on('close', onClose);
    forget = () => {
      clearTimeout(timer);
      socket.off('error', reject);
      socket.off('close', onClose);
    };
  });
  const done =
    typeof act === 'function'
      ? act()
      : new Promise<void>((resolve) => {
          socket.once(act, resolve);
        });
  try {
    await Promise.race([done, over]);
  } finally {
    forget();
  }
}

/** What a failed connection is called, without a stack and without what the other side wrote at length. */
function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const message = cause instanceof Error ? cause.message : '';
  const text = message.includes(code) ? message : `${message} (${code})`;
  return text.replace(/[\r\n]+/gu, ' ').slice(0, 300);
}
