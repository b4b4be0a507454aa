import { type Endpoint, endpoint } from './endpoint.ts';
import { object, oneOf } from './schema.ts';

const message = "You've been logged out!";

/** Log-out, which takes both verbs. It answers as documented, without `success` (rest.md §7.6). */
export function logOutEndpoint(method: 'get' | 'post'): Endpoint {
  return endpoint({
    method,
    path: '/api/v1/logout',
    summary: 'Ends the session whose token is shown.',
    auth: 'token',
    scoped: true,
    applications: false,
    withoutUsername: true,
    enrolment: true,
    passwordChange: true,
    envelope: false,
    answer: object({ status: oneOf('success'), data: object({ message: oneOf(message) }) }),
    async run(app, { signed, caller }) {
      await app.session.logOut(signed, caller);
      return { status: 'success' as const, data: { message } as const };
    },
  });
}
