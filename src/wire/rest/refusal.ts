import { Ready } from './ready.ts';

/** An answer that is no success, ready to be sent. */
export interface RefusalAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by an endpoint that refuses in words of this wire alone; refusals of the core are `Fault`s. */
export class Refusal extends Error {
  readonly answer: RefusalAnswer;

  constructor(answer: RefusalAnswer) {
    super(`refused with ${answer.status}`);
    this.name = 'Refusal';
    this.answer = answer;
  }
}

/** `{"success":false,"error":"<text>"}` with 400 (rest.md §2.5). */
export function failure(error: string, errorType?: string): Refusal {
  return new Refusal({
    status: 400,
    body: { success: false, error, ...(errorType === undefined ? {} : { errorType }) },
  });
}

/** A coded error as rest.md §2.6 has it: `"<reason> [<code>]"`. */
export function coded(code: string, reason: string, details?: unknown): Refusal {
  return new Refusal({
    status: 400,
    body: {
      success: false,
      error: `${reason} [${code}]`,
      errorType: code,
      ...(details === undefined ? {} : { details }),
    },
  });
}

/** `403 {"success":false,"error":"unauthorized"}`: how handlers refuse what a route permission did not catch. */
export function forbidden(): Refusal {
  return new Refusal({ status: 403, body: { success: false, error: 'unauthorized' } });
}

/** Sends the caller elsewhere; the body is the address (rest.md §11.11). */
export function redirect(address: string): Refusal {
  // Whoever sends it takes ready text as well as what becomes JSON.
  const body = new Ready(address) as unknown as Readonly<Record<string, unknown>>;
  return new Refusal({
    status: 307,
    body,
    headers: { Location: address, 'Content-Type': 'text/plain; charset=utf-8' },
  });
}
