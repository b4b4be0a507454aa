import assert from 'node:assert/strict';
import { methods } from '../../src/wire/ddp/methods/index.ts';
import { endpoints } from '../../src/wire/rest/endpoints/index.ts';
import type { Arena, Person } from './arena.ts';
import { mustTellNothing } from './verdict.ts';
import { at, pass } from './wire.ts';

/**
 * Knocks with a session that is good for few things at everything that has not said to be open to it.
 * @param openTo the member by which an endpoint or a method says so
 * @param refused the error that every other one answers with
 */
export async function mustBeShutOut(
  arena: Arena,
  person: Person,
  socket: Awaited<ReturnType<Arena['socket']>>,
  { openTo, refused }: { readonly openTo: 'enrolment' | 'passwordChange'; readonly refused: string },
): Promise<void> {
  const shut = endpoints.filter((endpoint) => endpoint.auth === 'token' && endpoint[openTo] !== true);
  assert.ok(shut.length > 20, 'there are endpoints to try');
  for (const { method, path } of shut) {
    const reply = await arena.ask({
      method: method.toUpperCase(),
      path: path.replaceAll(/:[^/]+/gu, 'x'),
      headers: pass(person),
      ...(method === 'post' ? { json: {} } : {}),
    });
    assert.equal(reply.status, 403, `${method} ${path}: ${reply.text}`);
    assert.equal(at(reply.json, 'errorType'), refused, `${path}: ${reply.text}`);
    mustTellNothing(reply.text);
  }
  for (const method of methods) {
    const { name, needsUser } = method;
    if (!needsUser || method[openTo]) continue;
    const message = JSON.stringify({ msg: 'method', id: '1', method: name, params: [] });
    for (const door of ['method.call', 'method.callAnon']) {
      const path = `/api/v1/${door}/${encodeURIComponent(name)}`;
      const { text } = await arena.ask({ path, headers: pass(person), json: { message } });
      assert.ok(text.includes(refused), `${door} ${name}: ${text}`);
    }
    const frame = await socket.call(name);
    assert.equal(at(frame, 'error', 'error'), refused, `${name}: ${JSON.stringify(frame)}`);
  }
}
