import WebSocket from 'ws';
import { digest, type Outcome } from './doors.ts';
import { at, type Target } from './wire.ts';

/** Signs in with name and password over SockJS on a WebSocket, which puts frames of its own around each message. */
export async function signInOverSockJs(
  target: Target,
  username: string,
  password: string,
  from?: string,
): Promise<Pick<Outcome, 'opened' | 'error' | 'text'>> {
  const socket = new WebSocket(
    `ws://127.0.0.1:${target.port}/sockjs/000/attacks/websocket`,
    from === undefined ? {} : { localAddress: from },
  );
  const send = (message: unknown): void => socket.send(JSON.stringify([JSON.stringify(message)]));
  try {
    const result = await new Promise<unknown>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('The socket closed before it answered.')));
      socket.on('message', (data) => {
        const frame = (data as Buffer).toString('utf8');
        if (frame === 'o') send({ msg: 'connect', version: '1', support: ['1'] });
        if (!frame.startsWith('a')) return;
        for (const text of JSON.parse(frame.slice(1)) as string[]) {
          const message: unknown = JSON.parse(text);
          if (at(message, 'msg') === 'connected') {
            const params = [{ user: { username }, password: digest(password) }];
            send({ msg: 'method', id: '1', method: 'login', params });
          }
          if (at(message, 'msg') === 'result') resolve(message);
        }
      });
    });
    const userId = at(result, 'result', 'id');
    const authToken = at(result, 'result', 'token');
    const error = at(result, 'error', 'error');
    return {
      opened: typeof userId === 'string' && typeof authToken === 'string' ? { userId, authToken } : undefined,
      error: typeof error === 'string' || typeof error === 'number' ? error : undefined,
      text: JSON.stringify(result),
    };
  } finally {
    socket.terminate();
  }
}
