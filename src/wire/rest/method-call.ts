import { decodeMethodMessage, renderMethodAnswer } from '../shapes/method-call.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { failure, Refusal } from './refusal.ts';
import { object, text } from './schema.ts';

/**
 * Realtime methods over REST (rest.md §10). The method that runs is the one inside the message. Limits are those of the
 * realtime wire, so the usual one does not count these calls.
 */
export function methodCallEndpoint(
  path: '/api/v1/method.call/:method' | '/api/v1/method.callAnon/:method',
  auth: 'token' | 'optional',
  summary: string,
): Endpoint {
  return endpoint({
    method: 'post',
    path,
    summary,
    auth,
    scoped: true,
    applications: false,
    withoutUsername: true,
    enrolment: true,
    passwordChange: true,
    rateLimit: 'none',
    body: object({ message: text({ description: 'A method message of the realtime wire, as JSON text.' }) }),
    answer: object({ message: text({ description: 'Its result message, as JSON text.' }) }),
    async run(_app, { signed, body, caller, supplied, callMethod }) {
      const asked = decodeMethodMessage(body.message);
      if (asked === undefined) throw failure('Invalid method call');
      const answer = await callMethod(asked.method, asked.params, { ...caller, door: 'method-call' }, signed, supplied);
      const message = renderMethodAnswer(asked.id, answer);
      if ('error' in answer) throw new Refusal({ status: 400, body: { message, success: false } });
      return { message };
    },
  });
}
