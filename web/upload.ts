import { ClientError } from '../src/client/index.ts';
import { signedHeaders } from './client.ts';
import { facts } from './facts.ts';

/** How much of a file has left this browser. */
export interface Sent {
  readonly bytes: number;
  readonly of: number;
}

/**
 * Sends a file as it is, piece by piece from the disk.
 * @param path below `/api/v1/`, with its query
 * @param signal gives up
 * @returns what the server answers; undefined where somebody gave up
 * @throws ClientError
 */
export async function sendFile<T>(
  path: string,
  file: Blob,
  signal: AbortSignal,
  onSent: (sent: Sent) => void,
): Promise<T | undefined> {
  const headers = await signedHeaders();
  return await new Promise<T | undefined>((resolve, reject) => {
    // The one way of browsers to tell how much was sent.
    const request = new XMLHttpRequest();
    request.open('POST', `${facts.base}/api/v1/${path}`);
    for (const [name, value] of Object.entries({ ...headers, 'Content-Type': 'application/octet-stream' })) {
      request.setRequestHeader(name, value);
    }
    request.upload.addEventListener('progress', ({ loaded, total }) => onSent({ bytes: loaded, of: total }));
    request.addEventListener('load', () => {
      const answer = answerOf(request.responseText);
      if (request.status === 200 && answer !== undefined) resolve(answer as T);
      else reject(refusalOf(request, answer));
    });
    request.addEventListener('error', () => {
      reject(new ClientError('network', { message: 'The server did not answer.' }));
    });
    request.addEventListener('abort', () => resolve(undefined));
    signal.addEventListener('abort', () => request.abort());
    if (signal.aborted) resolve(undefined);
    else request.send(file);
  });
}

function answerOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function refusalOf({ status }: XMLHttpRequest, answer: Readonly<Record<string, unknown>> = {}): ClientError {
  const { error, errorType, message } = answer;
  const text = [message, error].find((one) => typeof one === 'string');
  return new ClientError(typeof error === 'string' ? error : `HTTP ${status}`, {
    status,
    errorType: typeof errorType === 'string' ? errorType : undefined,
    ...(typeof text === 'string' ? { message: text } : {}),
  });
}
