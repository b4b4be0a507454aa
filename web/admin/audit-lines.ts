import { ClientError, type GetEndpoints } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { type AuditFilter, queryOf } from './audit-filter.ts';

/** How far an export has come. */
export interface Exported {
  /** JSON, each with its line end. */
  readonly lines: readonly string[];
  readonly count: number;
  /** The moment of the last entry: it goes from the newest to the oldest. */
  readonly reached: string | undefined;
  /** The server asked to wait so long. */
  readonly waitsSeconds: number;
}

const atOnce = 100;
const usualWaitSeconds = 5;

/**
 * Everything that a filter lets through, page by page.
 * @param signal ends it; what was read until then is given
 * @throws FieldMistake, ClientError
 */
export async function exportEntries(
  filter: AuditFilter,
  signal: AbortSignal,
  onTold: (told: Exported) => void,
): Promise<Exported> {
  const query = await queryOf(filter);
  const lines: string[] = [];
  let reached: string | undefined;
  let cursor: string | undefined;
  do {
    const asked = { ...query, count: atOnce, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await patiently(asked, signal, (waitsSeconds) => {
      onTold({ lines, count: lines.length, reached, waitsSeconds });
    });
    if (answer === undefined) break;
    for (const entry of answer.entries) lines.push(`${JSON.stringify(entry)}\n`);
    reached = answer.entries.at(-1)?.at ?? reached;
    cursor = answer.next;
    onTold({ lines, count: lines.length, reached, waitsSeconds: 0 });
  } while (cursor !== undefined && !signal.aborted);
  return { lines, count: lines.length, reached, waitsSeconds: 0 };
}

/** Waits where the server has had enough of us. @returns undefined once nobody wants it any more */
async function patiently(
  query: GetEndpoints['audit.list']['query'],
  signal: AbortSignal,
  onWait: (seconds: number) => void,
): Promise<GetEndpoints['audit.list']['answer'] | undefined> {
  while (!signal.aborted) {
    try {
      // An answer that never comes keeps nobody who wants to stop.
      return await Promise.race([client.get('audit.list', query), stopped(signal)]);
    } catch (cause) {
      if (!(cause instanceof ClientError && cause.status === 429)) throw cause;
      const seconds = Math.max(1, Math.ceil(cause.retryAfter ?? usualWaitSeconds));
      onWait(seconds);
      await waited(seconds * 1000, signal);
    }
  }
  return undefined;
}

async function stopped(signal: AbortSignal): Promise<undefined> {
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });
}

async function waited(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
