import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** A body that is read as it comes. */
export interface Streamed {
  /** How many bytes shall come, where the request says so. */
  readonly announced: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Connections on which a file comes: it may take longer than a request else may. */
const unhurried = new WeakSet<Duplex>();

/** Whether a connection may take its time. What stands still is dropped all the same, see `dropUnread`. */
export function isUnhurried(connection: Duplex): boolean {
  return unhurried.has(connection);
}

/** The file that comes; undefined where the body is none. */
export function streamOf(body: unknown): Streamed | undefined {
  return body instanceof Coming ? body : undefined;
}

/**
 * Serves some paths with bodies that are not gathered: raw files, whatever their size. Whoever is not permitted was
 * refused before; the hooks of the route run before anything is read.
 */
export async function takeStreams(
  server: FastifyInstance,
  route: Pick<RouteOptions, 'onRequest' | 'handler'>,
  paths: readonly string[],
): Promise<void> {
  await server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/octet-stream', (_request, payload, parsed) => {
      parsed(null, new Coming(payload));
    });
    for (const url of paths) scope.route({ ...route, method: 'POST', url });
    done();
  });
}

class Coming implements Streamed {
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  get announced(): number | undefined {
    const length = this.#request.headers['content-length'];
    return length === undefined ? undefined : Number(length);
  }

  get chunks(): AsyncIterable<Uint8Array> {
    return chunksOf(this.#request);
  }
}

async function* chunksOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  const { socket } = request;
  unhurried.add(socket);
  try {
    // The answer goes over the same connection: it stays where reading ends early.
    const chunks: AsyncIterable<unknown> = request.iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) yield chunk as Buffer;
  } finally {
    unhurried.delete(socket);
  }
}
