/** What a `ClientError` is made of. */
interface Told {
  readonly status?: number;
  readonly errorType?: string | undefined;
  readonly details?: unknown;
  readonly retryAfter?: number | undefined;
  readonly message?: string;
  readonly cause?: unknown;
}

/** A call that the server refused, or that never reached it. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** The HTTP status; 0 for realtime calls and for what no server answered. */
  readonly status: number;
  /** What stands in the answer's `error`: REST puts a sentence there, realtime calls and log-ins a code. */
  readonly error: string | number;
  readonly errorType: string | undefined;
  readonly details: unknown;
  /** So many seconds to wait before the next try, where the server says so. */
  readonly retryAfter: number | undefined;
  /** The code of the refusal whichever door it came through, for example `totp-required`. */
  readonly code: string;

  constructor(error: string | number, told: Told = {}) {
    super(told.message ?? String(error), told.cause === undefined ? {} : { cause: told.cause });
    this.status = told.status ?? 0;
    this.error = error;
    this.errorType = told.errorType;
    this.details = told.details;
    this.retryAfter = told.retryAfter;
    this.code = told.errorType === undefined || told.errorType === 'Meteor.Error' ? String(error) : told.errorType;
  }
}

/** Whether it is an object whose members may be read. */
export function isFields(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function errorOf({ error }: Readonly<Record<string, unknown>>, otherwise: string): string | number {
  return typeof error === 'string' || typeof error === 'number' ? error : otherwise;
}

function textOf(given: unknown): string | undefined {
  return typeof given === 'string' ? given : undefined;
}

/**
 * The refusal of a REST call.
 * @param retryAfter the header `Retry-After`, in seconds
 */
export function restError(status: number, body: unknown, retryAfter: string | null): ClientError {
  const fields = isFields(body) ? body : {};
  const error = errorOf(fields, `HTTP ${status}`);
  const seconds = Number(retryAfter ?? Number.NaN);
  return new ClientError(error, {
    status,
    errorType: textOf(fields['errorType']),
    details: fields['details'],
    retryAfter: seconds >= 0 ? seconds : undefined,
    message: textOf(fields['message']) ?? String(error),
  });
}

/** The refusal of a realtime call or subscription. */
export function realtimeError(given: unknown): ClientError {
  const fields = isFields(given) ? given : {};
  const { details } = fields;
  const waitMs = isFields(details) ? Number(details['timeToReset']) : Number.NaN;
  const error = errorOf(fields, 'refused');
  return new ClientError(error, {
    errorType: textOf(fields['errorType']),
    details,
    retryAfter: waitMs >= 0 ? Math.ceil(waitMs / 1000) : undefined,
    message: textOf(fields['reason']) ?? String(error),
  });
}
