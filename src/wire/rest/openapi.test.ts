import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpoints } from './endpoints/index.ts';
import { withRest } from './rest-world.suite.ts';

interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly security?: readonly object[];
  readonly requestBody?: { readonly content: Readonly<Record<string, object>> };
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly responses: Readonly<
    Record<string, { readonly description?: string; readonly content?: object; readonly headers?: object }>
  >;
}

describe('the OpenAPI document', () => {
  it('tells every endpoint, what it gives and how it refuses', async () => {
    await withRest(async (world) => {
      const reply = await world.call({ url: '/api-docs/openapi.json' });
      assert.equal(reply.status, 200);
      const { openapi, paths } = reply.json as {
        openapi: string;
        paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
      };
      assert.equal(openapi, '3.1.0');
      const ids = new Set<string>();
      for (const endpoint of endpoints) {
        const name = `${endpoint.method} ${endpoint.path}`;
        const operation = paths[endpoint.path.replace(/:(\w+)$/, '{$1}')]?.[endpoint.method];
        assert.ok(operation, name);
        assert.match(operation.summary ?? '', /^[A-Z].+\.$/, name);
        assert.ok(operation.operationId !== undefined && !ids.has(operation.operationId), name);
        ids.add(operation.operationId);
        const statuses = Object.keys(operation.responses);
        for (const status of ['200', '400', '503']) assert.ok(statuses.includes(status), `${name} ${status}`);
        assert.equal(statuses.includes('429'), endpoint.rateLimit !== 'none', name);
        assert.equal(statuses.includes('403'), endpoint.auth === 'token', name);
        for (const [status, response] of Object.entries(operation.responses)) {
          assert.ok(response.description !== '' && response.content !== undefined, `${name} ${status}`);
        }
        const limits = endpoint.rateLimit === 'none' ? undefined : 'X-RateLimit-Limit';
        for (const status of ['200', '429']) {
          assert.equal(Object.keys(operation.responses[status]?.headers ?? {})[0], limits, `${name} ${status}`);
        }
        assert.deepEqual(
          (operation.parameters ?? []).filter((one) => one.in === 'header').map((one) => [one.name, one.required]),
          endpoint.twoFactor === undefined && endpoint.twoFactorFor === undefined
            ? []
            : [
                ['x-2fa-code', false],
                ['x-2fa-method', false],
              ],
          name,
        );
        const hasBody = endpoint.body !== undefined || endpoint.stream === true;
        assert.equal(operation.requestBody !== undefined, hasBody, name);
      }
      const count = Object.values(paths).flatMap((verbs) => Object.keys(verbs)).length;
      // Forward-auth is no endpoint, and stands there all the same.
      assert.ok(paths['/forward-auth']?.['get'] !== undefined);
      assert.equal(count, endpoints.length + 1);
    });
  });

  it('knows no endpoint twice', () => {
    assert.equal(new Set(endpoints.map(({ method, path }) => `${method} ${path}`)).size, endpoints.length);
  });

  it('has a token wherever there is a permission or a second factor', () => {
    for (const { auth, permission, twoFactor, path } of endpoints) {
      if (permission !== undefined || twoFactor !== undefined) assert.equal(auth, 'token', path);
    }
  });
});
