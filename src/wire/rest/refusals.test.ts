import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { refusalCases } from './refusals.suite.ts';
import { openRestWorld, type RestWorld } from './rest-world.suite.ts';

type Headers = Record<string, string>;

const openMaking = { parts: { tokenMaking: { on: true, secret: undefined } } };

describe('refusals', () => {
  let world: RestWorld;
  let signed: Record<string, Headers>;

  before(async () => {
    world = await openRestWorld({ ...openMaking, env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } });
    await world.add('alice');
    await world.add('guest', { roles: ['guest'] });
    signed = {
      root: await world.asAdmin(),
      alice: await world.headersOf('alice'),
      guest: await world.headersOf('guest'),
    };
  });
  after(async () => {
    await world.close();
  });

  for (const { name, as, url, body, status, answer } of refusalCases) {
    it(`tells ${name}`, async () => {
      const reply = await world.call({ url: `/api/v1/${url}`, headers: signed[as] ?? {}, body });
      assert.equal(reply.text, JSON.stringify(answer));
      assert.equal(reply.status, status);
    });
  }

  it('tests the permission for personal tokens before anything else, with 400', async () => {
    for (const verb of ['generate', 'regenerate', 'remove']) {
      const url = `/api/v1/users.${verb}PersonalAccessToken`;
      const reply = await world.call({ url, headers: signed['guest'] ?? {}, body: { tokenName: 'x' } });
      assert.equal(
        reply.text,
        '{"success":false,"error":"Not Authorized [not-authorized]","errorType":"not-authorized"}',
      );
      assert.equal(reply.status, 400);
    }
  });
});
