import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../../core/setting/settings.ts';
import { corsHeaders } from './cors.ts';

/** What the operator's figures are made from: one of these for each answer. */
export interface Answered {
  /** Of the route table, never text of the request. */
  readonly route: string;
  readonly verb: string;
  readonly status: number;
  readonly seconds: number;
}

type Headers = Readonly<Record<string, string>>;

/** Sends answers with the headers that each of them must carry. */
export class Answers {
  readonly #settings: Settings;
  readonly #onAnswer: (answered: Answered) => void;

  constructor(settings: Settings, onAnswer: (answered: Answered) => void) {
    this.#settings = settings;
    this.#onAnswer = onAnswer;
  }

  /** Sends JSON; as bytes, so that the type stays exactly `application/json`. */
  json(request: FastifyRequest, reply: FastifyReply, status: number, body: object | Buffer, headers?: Headers): void {
    const { caller, limits } = request.visit;
    this.#send(request, reply, status, Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)), {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'pragma': 'no-cache',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-request-id': caller.requestId,
      ...corsHeaders(this.#settings, request.headers.origin),
      ...limits,
      ...headers,
    });
  }

  /** Sends what is no JSON. */
  plain(request: FastifyRequest, reply: FastifyReply, status: number, text: string, headers?: Headers): void {
    this.#send(request, reply, status, Buffer.from(text), {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': request.visit.caller.requestId,
      ...headers,
    });
  }

  #send(request: FastifyRequest, reply: FastifyReply, status: number, bytes: Buffer, headers: Headers): void {
    const { route, startedAt } = request.visit;
    this.#onAnswer({ route, verb: request.method, status, seconds: (performance.now() - startedAt) / 1000 });
    // Not even an empty body belongs to an answer that says "as before".
    void reply
      .code(status)
      .headers(headers)
      .send(status === 304 ? undefined : bytes);
  }
}
