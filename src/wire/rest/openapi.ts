import { type FastifyInstance, fastify } from 'fastify';
import { isOpenToApplications } from './admit.ts';
import type { Auth, Endpoint } from './endpoint.ts';
import { forwardAuthOperation } from './forward/operation.ts';
import { anything, flag, object, oneOf, optional, type Schema, text } from './schema.ts';

const refusal = object({
  success: flag(),
  error: optional(text()),
  errorType: optional(text()),
  details: optional(anything()),
});
const logInRefusal = object({
  success: flag(),
  status: oneOf('error'),
  error: text(),
  details: optional(anything()),
  message: text(),
});
const notSignedIn = object({ success: flag(), error: text(), status: oneOf('error'), message: text() });

const limitHeaders = {
  'X-RateLimit-Limit': {
    type: 'integer',
    description: 'How many calls are allowed in the time; not told to callers without a limit.',
  },
  'X-RateLimit-Remaining': { type: 'integer', description: 'How many of them are left.' },
  'X-RateLimit-Reset': { type: 'integer', description: 'When the time is over, in milliseconds since 1970.' },
};
const retryAfter = { 'Retry-After': { type: 'integer', description: 'For how many seconds to wait.' } };

/** What a caller brings to an operation that asks for a second factor. */
const factorHeaders = object({
  'x-2fa-code': optional(text({ description: 'The code, or for the method "password" its SHA-256 in hex.' })),
  'x-2fa-method': optional(text({ description: 'The second factor that the code belongs to, such as "password".' })),
});

const security: Readonly<Record<Auth, readonly Readonly<Record<string, readonly string[]>>[]>> = {
  none: [],
  token: [{ userId: [], token: [] }],
  optional: [{}, { userId: [], token: [] }],
};

/** The OpenAPI 3.1 document of the endpoints, from the very schemas that requests are checked with. */
export async function openApiDocument(
  endpoints: readonly Endpoint[],
  about: { readonly version: string; readonly url: string },
): Promise<object> {
  // Wanted by few and seldom: loaded on use.
  const { default: swagger } = await import('@fastify/swagger');
  const server = fastify({ logger: false });
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => () => '');
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Countersign',
        description: "Rocket.Chat's REST interface for authentication.",
        version: about.version,
      },
      servers: [{ url: about.url }],
      components: {
        securitySchemes: {
          userId: { type: 'apiKey', in: 'header', name: 'X-User-Id' },
          token: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' },
          application: { type: 'http', scheme: 'bearer', description: 'The access token of an application.' },
        },
      },
    },
  });
  server.after(() => {
    for (const endpoint of endpoints) describe(server, endpoint);
    server.route(forwardAuthOperation);
  });
  await server.ready();
  const document = server.swagger();
  await server.close();
  return document;
}

function describe(server: FastifyInstance, endpoint: Endpoint): void {
  const parameter = /:(\w+)$/.exec(endpoint.path)?.[1];
  const schema = {
    summary: endpoint.summary,
    operationId: `${endpoint.method} ${endpoint.path}`.replace(/[^a-z0-9]+/gi, '_'),
    tags: [tagOf(endpoint.path)],
    security: [...security[endpoint.auth], ...(takesBearer(endpoint) ? [{ application: [] }] : [])],
    ...(endpoint.query === undefined ? {} : { querystring: flattened(endpoint.query) }),
    ...(endpoint.body === undefined
      ? {}
      : {
          body: endpoint.body,
          consumes: endpoint.upload === true ? [...bodyTypes, 'multipart/form-data'] : bodyTypes,
        }),
    ...(endpoint.stream === true
      ? { body: { type: 'string', format: 'binary' }, consumes: ['application/octet-stream'] }
      : {}),
    ...(parameter === undefined ? {} : { params: object({ [parameter]: text() }) }),
    ...(endpoint.twoFactor === undefined && endpoint.twoFactorFor === undefined ? {} : { headers: factorHeaders }),
    response: responsesOf(endpoint),
  };
  server.route({ method: endpoint.method, url: endpoint.path, schema, handler: () => '' });
}

function takesBearer(endpoint: Endpoint): boolean {
  return endpoint.auth !== 'none' && isOpenToApplications(endpoint);
}

const bodyTypes = ['application/json', 'application/x-www-form-urlencoded'];

function responsesOf(endpoint: Endpoint): Readonly<Record<number, Schema>> {
  const isLogIn = endpoint.path === '/api/v1/login';
  const isLimited = endpoint.rateLimit !== 'none';
  return {
    200: { description: 'Done.', ...(isLimited ? { headers: limitHeaders } : {}), ...enveloped(endpoint) },
    400: { description: 'Refused: see error and errorType.', ...refusal },
    ...(isLogIn ? { 401: { description: 'Not signed in.', ...logInRefusal } } : {}),
    ...(endpoint.auth === 'token' ? { 401: { description: 'No token that holds was shown.', ...notSignedIn } } : {}),
    ...(endpoint.auth === 'token' ? { 403: { description: 'A permission is missing.', ...refusal } } : {}),
    ...(isLimited
      ? { 429: { description: 'Too many calls.', headers: { ...limitHeaders, ...retryAfter }, ...refusal } }
      : {}),
    503: { description: 'Too much work, or the store does not answer; see Retry-After.', ...refusal },
  };
}

function enveloped({ answer, envelope }: Endpoint): Schema {
  if (envelope === false || answer['type'] !== 'object') return answer;
  const { properties, required } = answer as { readonly properties?: object; readonly required?: readonly string[] };
  return {
    ...answer,
    properties: { ...properties, success: { type: 'boolean', enum: [true] } },
    required: [...(required ?? []), 'success'],
  };
}

/** OpenAPI lists the members of a query one by one: alternatives become members that may be missing. */
function flattened(query: Schema): Schema {
  const { anyOf } = query as { readonly anyOf?: readonly Schema[] };
  if (anyOf === undefined) return query;
  const properties = Object.assign({}, ...anyOf.map((branch) => branch['properties'])) as object;
  return { type: 'object', properties };
}

function tagOf(path: string): string {
  const name = path.split('/').at(path.includes(':') ? -2 : -1) ?? '';
  return name.split('.')[0] ?? name;
}
