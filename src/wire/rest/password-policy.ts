import { listedPolicy } from '../shapes/password-policy.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { anything, flag, free, list, object, optional, text } from './schema.ts';

const rule = list(anything(), { description: 'The name of a rule and, where it has one, its number.' });

/** The password policy; for anybody, since whoever signs up must read it as well (rest.md §13.1). */
export function passwordPolicyEndpoint(path: '/api/v1/pw.getPolicy' | '/api/v1/pw.getPolicyReset'): Endpoint {
  return endpoint({
    method: 'get',
    path,
    summary:
      path === '/api/v1/pw.getPolicy'
        ? 'Tells what a new password must be.'
        : 'Tells what a new password must be, as old pages for a forgotten password ask; their token is not looked at.',
    auth: 'none',
    query: path === '/api/v1/pw.getPolicy' ? free() : object({ token: optional(text()) }),
    answer: object({ enabled: flag(), policy: list(rule) }),
    run: (app) => listedPolicy(app.account.passwordPolicy()),
  });
}
