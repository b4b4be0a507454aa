import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail that arrived. */
export interface Arrived {
  readonly from: string;
  readonly to: readonly string[];
  /** Whether it came over TLS. */
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly headers: string;
  /** Everything after the headers, with quoted-printable undone. */
  readonly body: string;
}

/** A mail server that keeps what it is given. */
export interface Sink {
  readonly port: number;
  readonly arrived: readonly Arrived[];
  /** Waits until so many mails have arrived. */
  readonly until: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * @param options as smtp-server takes them; no sign-in is asked for unless they say so
 * @param port 0 takes a free one
 */
export async function openSink(options: SMTPServerOptions = {}, port = 0): Promise<Sink> {
  const arrived: Arrived[] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onData: (stream, session, answer) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const raw = Buffer.concat(pieces).toString('utf8');
        const split = raw.indexOf('\r\n\r\n');
        const { mailFrom, rcptTo } = session.envelope;
        arrived.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: session.user as string | undefined,
          headers: raw.slice(0, split),
          body: plain(raw.slice(split)),
        });
        answer();
        for (const wake of waiting) wake();
      });
    },
    ...options,
  });
  // A client that goes away is for the client's test to notice.
  server.on('error', () => undefined);
  const listener = server.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    arrived,
    until: async (count) => {
      while (arrived.length < count) {
        await new Promise<void>((resolve, reject) => {
          const timer = setTimeout(() => {
            reject(new Error(`${count} mails were awaited, and ${arrived.length} have come.`));
          }, 30_000);
          const wake = (): void => {
            waiting.delete(wake);
            clearTimeout(timer);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
    close: async () =>
      await new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}

/** Good for ASCII, which is what the tests look for. */
function plain(body: string): string {
  return body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
