import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { SystemProbes, WebAnswer } from './probes.ts';

const patienceMs = 5_000;

/** The real machine and network. */
export function systemProbes(): SystemProbes {
  return {
    now: () => Date.now(),
    fileMode: (file) => statSync(file, { throwIfNoEntry: false })?.mode,
    freeBytes,
    openFileLimit,
    info: async (url) => await get(`${url}/api/info`, {}),
    seenAddress: async (url, forwardedFor) =>
      (await get(`${url}/livez`, { 'x-forwarded-for': forwardedFor })).seenAddress,
  };
}

function freeBytes(file: string): number | undefined {
  let folder = dirname(resolve(file));
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Node.js raises its own limit to the hard one when it starts, so this is what a server started here would have. */
function openFileLimit(): number | undefined {
  try {
    const limit = /^Max open files\s+(\d+)/mu.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

async function get(url: string, headers: Readonly<Record<string, string>>): Promise<WebAnswer> {
  try {
    const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(patienceMs) });
    const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
    return {
      status: response.status,
      date: header('date'),
      location: header('location'),
      seenAddress: header('x-seen-address'),
      body: json(await response.text()),
    };
  } catch (cause) {
    throw new Error(reason(cause), { cause });
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch says only "fetch failed" and keeps the reason in its cause. */
function reason(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
  if (cause instanceof Error && cause.name === 'TimeoutError') return `no answer within ${patienceMs / 1000} seconds`;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}
