// The frames of SockJS (realtime.md §2.3).

export const openFrame = 'o';
export const heartbeatFrame = 'h';

/** Several messages may share a frame. */
export function messageFrame(messages: readonly string[]): string {
  return `a${JSON.stringify(messages)}`;
}

export function closeFrame(code: number, reason: string): string {
  return `c[${code},${JSON.stringify(reason)}]`;
}

/**
 * What a client sent: an array of messages, or one message alone.
 * @returns undefined for anything else
 */
export function decodeMessages(text: string): readonly string[] | undefined {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof given === 'string') return [given];
  if (!Array.isArray(given)) return undefined;
  const messages: string[] = [];
  for (const message of given as readonly unknown[]) {
    if (typeof message !== 'string') return undefined;
    messages.push(message);
  }
  return messages;
}
