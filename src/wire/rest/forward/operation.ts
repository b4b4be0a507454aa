import type { RouteOptions } from 'fastify';
import { object, optional, text } from '../schema.ts';
import { forwardAuthPath } from './door.ts';
import { personHeaders } from './person-headers.ts';

const told = Object.fromEntries(
  personHeaders.map((name) => [
    name,
    { type: 'string', description: 'Of the person; empty where there is nothing to tell.' },
  ]),
);

/** Forward-auth as the OpenAPI document tells of it: it is no endpoint, since it takes every verb and has no body. */
export const forwardAuthOperation: RouteOptions = {
  method: 'GET',
  url: forwardAuthPath,
  schema: {
    summary:
      'Tells a proxy who is behind a request, by X-Auth-Token and X-User-Id or the cookie of our pages. Under /nginx it never redirects; under /envoy any path may follow.',
    operationId: 'forward_auth',
    tags: ['forward-auth'],
    security: [{}, { userId: [], token: [] }],
    querystring: object({
      roles: optional(text({ description: 'Ids of roles, separated by commas, of which one is needed.' })),
      factor: optional(text({ description: '1 where the session must have shown a second factor.' })),
    }),
    response: {
      200: { description: 'Somebody who may.', headers: told },
      302: {
        description: 'A browser that nobody is signed in with.',
        headers: { Location: { type: 'string', description: 'The page to sign in at.' } },
      },
      401: {
        description: 'Nobody is signed in.',
        headers: { 'X-Countersign-Sign-In': { type: 'string', description: 'Under /nginx: the page to sign in at.' } },
      },
      403: { description: 'Somebody who may not, or rules that are not understood.' },
      503: { description: 'The store does not answer. Nobody is let through.' },
    },
  } as NonNullable<RouteOptions['schema']>,
  handler: () => '',
};
