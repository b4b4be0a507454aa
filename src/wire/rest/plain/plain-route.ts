import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../../../core/ports.ts';

/** A request for something that is no JSON. */
export interface PlainRequest {
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** The query as it was sent, without `?`. */
  readonly search: string;
  readonly caller: Caller;
  /** The address of the other end of the connection, a proxy's where there is one. */
  readonly peer: string;
}

export interface PlainAnswer {
  readonly status: number;
  readonly text: string;
  /** In place of the text. */
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Something that is served outside the JSON API, to GET and HEAD, and to forms where it takes them. */
export interface PlainRoute {
  readonly path: string;
  run(request: PlainRequest): PlainAnswer | Promise<PlainAnswer>;
  /** Takes a form, whose fields are text; whatever else is posted has none. */
  readonly post?: (request: PlainRequest, form: Readonly<Record<string, string>>) => PlainAnswer | Promise<PlainAnswer>;
  /** Left out where the usual limit holds for forms. */
  readonly countsItself?: true;
  /** Whether an object in JSON is taken for a form as well. */
  readonly takesJson?: true;
}
