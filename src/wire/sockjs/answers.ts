import type { IncomingMessage, ServerResponse } from 'node:http';

const year = 31_536_000;

/** Any page may talk to this door: it reads no cookies, so a page brings nothing that it does not hold itself. */
export function crossOrigin(request: IncomingMessage): Readonly<Record<string, string>> {
  const { origin } = request.headers;
  if (origin === undefined || origin === 'null') return { 'Access-Control-Allow-Origin': '*', 'Vary': 'Origin' };
  const asked = request.headers['access-control-request-headers'];
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Vary': 'Origin',
    ...(asked === undefined ? {} : { 'Access-Control-Allow-Headers': asked }),
  };
}

export const uncached = { 'Cache-Control': 'no-store, no-cache, no-transform, must-revalidate, max-age=0' } as const;
const plainText = { 'Content-Type': 'text/plain; charset=UTF-8' } as const;

/** A whole answer of plain text. */
export function plain(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...plainText, ...headers, 'Content-Length': String(Buffer.byteLength(text)) });
  response.end(text);
}

export function notFound(response: ServerResponse): void {
  plain(response, 404, '404 Error: Page not found\n');
}

/** What a browser asks before it talks to another origin. */
export function preflight(request: IncomingMessage, response: ServerResponse, verb: 'GET' | 'POST'): void {
  response.writeHead(204, {
    ...crossOrigin(request),
    'Access-Control-Allow-Methods': `OPTIONS, ${verb}`,
    'Access-Control-Max-Age': String(year),
    'Cache-Control': `public, max-age=${year}`,
    'Expires': new Date(Date.now() + year * 1000).toUTCString(),
  });
  response.end();
}

export function wrongVerb(response: ServerResponse, verb: 'GET' | 'POST'): void {
  response.writeHead(405, { 'Allow': `OPTIONS, ${verb}`, 'Content-Length': '0' });
  response.end();
}
