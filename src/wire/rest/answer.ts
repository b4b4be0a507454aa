import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../../core/setting/settings.ts';
import { corsHeaders } from './cors.ts';
import { Ready } from './ready.ts';

/** What the operator's figures are made from: one of these for each answer. */
export interface Answered {
  /** Of the route table, never text of the request. */
  readonly route: string;
  readonly verb: string;
  readonly status: number;
  readonly seconds: number;
}

type Headers = Readonly<Record<string, string>>;

const jsonHead: readonly string[] = [
  'Content-Type',
  'application/json',
  'Cache-Control',
  'no-store',
  'Pragma',
  'no-cache',
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy',
  'no-referrer',
];

/**
 * Sends answers with the headers that each of them must carry. It writes to the connection itself: fastify would add a
 * charset to the type, and takes as long over a dozen headers as everything else of a small answer.
 */
export class Answers {
  readonly #settings: Settings;
  readonly #onAnswer: (answered: Answered) => void;

  constructor(settings: Settings, onAnswer: (answered: Answered) => void) {
    this.#settings = settings;
    this.#onAnswer = onAnswer;
  }

  json(request: FastifyRequest, reply: FastifyReply, status: number, body: object, headers?: Headers): void {
    const { limits } = request.visit;
    const ready = body instanceof Ready ? body : new Ready(JSON.stringify(body));
    const head = [...jsonHead, ...corsHeaders(this.#settings, request.headers.origin)];
    if (limits !== undefined) head.push(...limits);
    if (headers !== undefined) head.push(...Object.entries(headers).flat());
    this.#send(request, reply, status, ready, head);
  }

  /** Sends what is no JSON. */
  plain(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    content: string | Uint8Array,
    headers?: Headers,
  ): void {
    const all = {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    };
    this.#send(request, reply, status, readyOf(content), Object.entries(all).flat());
  }

  #send(request: FastifyRequest, reply: FastifyReply, status: number, ready: Ready, head: string[]): void {
    const { route, startedAt, caller } = request.visit;
    this.#onAnswer({ route, verb: request.method, status, seconds: (performance.now() - startedAt) / 1000 });
    head.push('X-Request-Id', caller.requestId);
    // An answer that says "as before" has no length of its own.
    if (status !== 304) head.push('Content-Length', String(ready.length));
    void reply.hijack();
    // As text, which goes out in one piece with the head; bytes would be a second one.
    reply.raw.writeHead(status, head).end(ready.text, ready.encoding);
  }
}

/** Each byte is a character of latin1, and goes out as it is. */
function readyOf(content: string | Uint8Array): Ready {
  if (typeof content === 'string') return new Ready(content);
  return { text: Buffer.from(content).toString('latin1'), length: content.length, encoding: 'latin1' };
}
