import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints/index.ts';
import { openRestWorld, type RestReply, type RestWorld } from './rest-world.suite.ts';
import type { Schema } from './schema.ts';

/** Values that no schema of ours means, in every shape that has opened something somewhere. */
const values: readonly unknown[] = [
  { $ne: null },
  { $gt: '' },
  { $regex: '.*' },
  { $where: 'sleep(5000)' },
  { $exists: true },
  { $in: ['a'] },
  {},
  [],
  ['x'],
  [{ $ne: 1 }],
  0,
  -1,
  1e308,
  true,
  false,
  null,
  '',
  ' ',
  'x\0y',
  '\ud800',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  "' or 1=1 --",
  '<script>alert(1)</script>',
  'a\r\nSet-Cookie: b=c',
  'x'.repeat(1_000_000),
];
const prototypes = ['{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}', '{"toString":1,"valueOf":1}'];

const accountFields = { userId: 'x', username: 'x', user: 'x' };

/** Every field that a schema names, with something that may stand in it. */
function fieldsOf(schema: Schema | undefined): Readonly<Record<string, unknown>> {
  const { properties, anyOf } = (schema ?? {}) as {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly anyOf?: readonly Schema[];
  };
  const fields: Record<string, unknown> = {};
  for (const [name, wanted] of Object.entries(properties ?? {})) {
    if (!Object.hasOwn(accountFields, name)) fields[name] = sample(wanted);
  }
  return Object.assign(fields, ...(anyOf ?? []).map(fieldsOf)) as Record<string, unknown>;
}

function sample(schema: Schema): unknown {
  switch (schema['type']) {
    case 'boolean':
      return false;
    case 'integer':
      return 1;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return 'x';
  }
}

describe('whatever stands in a request', () => {
  let world: RestWorld;
  let headers: Record<string, string>;
  let ids: readonly string[];

  before(async () => {
    world = await openRestWorld({
      env: {
        OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
        OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Enabled: 'false',
      },
      parts: { tokenMaking: { on: true, secret: 'the secret' } },
      tokenSecretRequired: true,
    });
    await world.add('alice');
    headers = await world.asAdmin();
    ids = await everybody();
  });
  after(async () => {
    await world.close();
  });

  async function everybody(): Promise<readonly string[]> {
    const { accounts } = await world.app.account.list({ offset: 0, count: 0, sort: [] });
    return accounts.map(({ id }) => id);
  }

  function check(reply: RestReply, endpoint: Endpoint, what: string): void {
    const name = `${endpoint.method} ${endpoint.path} ${what.slice(0, 120)}`;
    assert.ok(reply.status < 500, `${name}: ${reply.status} ${reply.text.slice(0, 200)}`);
    if (endpoint.path.endsWith('PersonalAccessToken')) return;
    assert.doesNotMatch(reply.text, /"(?:authToken|token)":"[\w-]{43}"/, name);
    assert.doesNotMatch(reply.text, /test\$|sqlite|node_modules|\.ts:\d/i, name);
    assert.equal(reply.headers['set-cookie'], undefined, name);
  }

  for (const endpoint of endpoints) {
    // It ends the very session that asks, or gives its token back, by design.
    if (/logout|removeOtherTokens|logoutOtherClients/.test(endpoint.path)) continue;
    it(`breaks nothing at ${endpoint.method} ${endpoint.path}`, async () => {
      const path = endpoint.path.replace(/:\w+$/, 'Nothing');
      if (endpoint.body !== undefined) {
        const usual = {
          ...fieldsOf(endpoint.body),
          ...(endpoint.path.includes('login') ? { user: 'alice' } : accountFields),
        };
        for (const field of [...Object.keys(usual), 'unknown']) {
          for (const value of values) {
            const body = { ...usual, [field]: value };
            check(await world.call({ url: path, headers, body }), endpoint, `${field} ${JSON.stringify(value)}`);
          }
          const { [field]: _, ...rest } = usual as Record<string, unknown>;
          check(await world.call({ url: path, headers, body: rest }), endpoint, `without ${field}`);
        }
        for (const body of prototypes) {
          const json = { ...headers, 'content-type': 'application/json' };
          check(await world.call({ url: path, headers: json, body }), endpoint, body);
        }
      }
      const fields = ['_id', 'x', ...Object.keys(fieldsOf(endpoint.query)), ...Object.keys(accountFields)];
      const isRead = endpoint.method === 'get';
      for (const field of isRead ? fields : []) {
        for (const text of ['', 'x', '%00', '%ED%A0%80', '-1', '1e999', '{"$ne":1}', '__proto__', 'x'.repeat(8_000)]) {
          for (const form of [
            `${field}=${text}`,
            `${field}[$ne]=${text}`,
            `${field}[]=${text}`,
            `${field}=1&${field}=${text}`,
          ]) {
            check(await world.call({ url: `${path}?${form}`, headers }), endpoint, form);
          }
        }
      }
      assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
    });
  }

  it('changes nobody', async () => {
    assert.deepEqual(await everybody(), ids);
    assert.deepEqual(world.logged, []);
  });
});
